"""The command that shows the known prices of models."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import TypeAdapter
from rich.console import Group
from rich.text import Text

from ai_service.cli.options import Json
from ai_service.cli.terminal import Answer, run
from ai_service.cli.views.text import DIM, facts_table, plain
from ai_service.errors import ConfigurationError
from ai_service.settings import DEFAULT_IMAGE_MODEL, DEFAULT_MODEL, Settings
from models.vocabulary import Feature

if TYPE_CHECKING:
    from agents.prices import PriceList

_KINDS = {
    "Input": "input_mtok",
    "cached": "cache_read_mtok",
    "written": "cache_write_mtok",
    "Output": "output_mtok",
    "pictures": "output_image_mtok",
}
"""Kinds of tokens, as genai-prices names them."""
_SAME_PRICES = {"openai-chat": "openai", "openai-responses": "openai"}
"""Our provider names for another API of the same vendor."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelPrices:
    """The prices of a model."""

    model: str
    """As in the settings, `provider:model`."""
    prices: dict[str, Decimal] | None
    """USD by kind, e.g. `input_mtok` for a million tokens; empty if it is free, None if unknown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PriceReport:
    """The version of the price list, and the prices of some models."""

    version: str
    """As in the rows of `ai_logs`."""
    models: list[ModelPrices]


def prices(
    models: Annotated[
        list[str] | None, typer.Argument(metavar="PROVIDER:MODEL", help="Default: the models of the settings.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show the known prices of models, and the version of the price list."""

    async def answer() -> Answer:
        report = await price_report(models or [], settings=Settings.from_env())
        return Answer(TypeAdapter(PriceReport).dump_python(report, mode="json"), price_table(report))

    run(answer, database=None, as_json=as_json)


async def price_report(names: list[str], *, settings: Settings) -> PriceReport:
    """Return the current prices of the named models; without names, of those in the settings.

    Raises ConfigurationError if the price list of the settings is not usable.
    """
    from agents.price_sources import PriceListError, prices_of  # not at the top: `--help` starts without the agents

    named = names or _configured(settings)
    try:
        prices = await prices_of(settings.prices)
    except PriceListError as error:
        raise ConfigurationError(f"AI_SERVICE_PRICES: {error}") from error
    return PriceReport(version=prices.version, models=[_of(name, prices) for name in named])


def _of(name: str, prices: "PriceList") -> ModelPrices:
    from agents.prices import FREE_PROVIDERS

    provider, _, model = name.partition(":")
    if provider in FREE_PROVIDERS:
        return ModelPrices(model=name, prices={})
    found = prices.known(_SAME_PRICES.get(provider, provider), model, at=datetime.now(UTC))
    return ModelPrices(model=name, prices=found)


def _configured(settings: Settings) -> list[str]:
    try:
        return list(dict.fromkeys(name for feature in Feature for name in settings.chain(feature)))
    except ConfigurationError:
        return [DEFAULT_MODEL, DEFAULT_IMAGE_MODEL]


def price_table(report: PriceReport) -> Group:
    """Return the prices of models for a million tokens of each kind."""
    table = facts_table()
    table.add_column("Model", overflow="fold")
    for heading in _KINDS:
        table.add_column(heading, justify="right", no_wrap=True)
    for model in report.models:
        found = model.prices
        if found:
            cells = [f"${found[kind].normalize():f}" if kind in found else "" for kind in _KINDS.values()]
        else:
            cells = ["unknown" if found is None else "free"]
        table.add_row(plain(model.model), *cells)
    return Group(table, Text(), plain(f"USD for a million tokens, {report.version}", DIM))
