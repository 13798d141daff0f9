"""Loads the price list of a service: from the installed genai-prices, a file, or an address read at intervals."""

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self, cast

import httpx2
from genai_prices import Usage
from genai_prices.data_snapshot import DataSnapshot
from genai_prices.data_units import unit_data
from genai_prices.types import (
    ModelInfo,
    ModelPrice,
    Provider,
    _providers_from_raw,  # pyright: ignore[reportPrivateUsage]  # what the library itself reads its list with
)
from pydantic import ValidationError

from agents.prices import PriceList, bundled_prices
from deps.clock import CLOCK, Clock

_log = logging.getLogger(__name__)

_ADDRESS = ("http://", "https://")
_A_TOKEN = Usage(input_tokens=1, output_tokens=1)
_KINDS = {unit.get("price_key", kind) for kind, unit in unit_data.items()}
"""Kinds of prices that the library knows."""
_EVERY_S = 3600.0
_TIMEOUT = httpx2.Timeout(10, connect=5)


class PriceListError(ValueError):
    """A price list is not usable. The message names the place, what is wrong, and the way out."""


class Prices:
    """The prices of one service. To be used as an async context manager.

    `source` is None for those of the library, a file, or an http(s) address that is read at once and every hour in the
    background; until its first response, and after each unusable one, the prices stay as they are. A file or a response
    is a list in the format of genai-prices, of all or only of some models: its models come before the library's.
    """

    def __init__(self, source: str | None, *, clock: Clock = CLOCK) -> None:
        self.current = bundled_prices()
        """The list that holds now."""
        self._source = source
        self._clock = clock
        self._updates: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Read the prices. Raises PriceListError for a file that can't be read, or is no list of usable prices."""
        if self._source is not None and self._source.startswith(_ADDRESS):
            self._updates = asyncio.create_task(self._keep_up_to_date(self._source), name="prices")
        elif self._source is not None:
            self.current = read_prices(Path(self._source))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop asking for newer prices."""
        if self._updates is not None:
            self._updates.cancel()
            await asyncio.wait({self._updates})

    async def _keep_up_to_date(self, url: str) -> None:
        while True:
            try:
                self.current = await fetch_prices(url)
            except PriceListError as error:
                _log.error("the prices stay as they are: %s", error)
            await self._clock.sleep(_EVERY_S)


async def prices_of(source: str | None) -> PriceList:
    """Return the prices of the library, of a file or of an address, once. Raises PriceListError."""
    if source is None:
        return bundled_prices()
    return await fetch_prices(source) if source.startswith(_ADDRESS) else read_prices(Path(source))


async def fetch_prices(url: str) -> PriceList:
    """Return the prices at an address over those of the library. Raises PriceListError."""
    try:
        async with httpx2.AsyncClient(timeout=_TIMEOUT) as client:
            answer = await client.get(url)
        answer.raise_for_status()
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        reason = str(error) or type(error).__name__
        raise PriceListError(f"{url}: {reason}: correct the address, or leave it out") from error
    # reading a whole list takes a while: the loop goes on meanwhile
    providers = await asyncio.to_thread(_providers, answer.content, of=url)
    return _over_bundled(providers, named=f"update {datetime.now(UTC):%Y-%m-%dT%H:%MZ}")


def read_prices(path: Path) -> PriceList:
    """Return the prices of a file over those of the library. Raises PriceListError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or error
        raise PriceListError(f"{path} can't be read: {reason}: give the path of a price list") from error
    named = f"{path.name} {sha256(content).hexdigest()[:12]}"
    return _over_bundled(_providers(content, of=str(path)), named=named)


def check_prices(providers: Sequence[Provider], *, of: str) -> None:
    """Raise PriceListError where a price is negative, of an unknown kind, or lacks one it builds on."""
    for provider in providers:
        for model in provider.models:
            for price in _prices_of(model):
                try:
                    _check(price)
                except ValueError as error:
                    place = f"{of}, {provider.id}, {model.id}"
                    raise PriceListError(f"{place}: {error}: correct it, or update genai-prices") from error


def _check(price: ModelPrice) -> None:
    # the library only warns of a kind of price that it doesn't know, and leaves it out of the sum
    if unknown := vars(price).keys() - _KINDS:
        raise ValueError(f"unknown kind of price {', '.join(sorted(unknown))}")
    price.calc_price(_A_TOKEN)


def _providers(content: bytes, *, of: str) -> list[Provider]:
    try:
        raw: object = json.loads(content)
    except ValueError as error:
        raise PriceListError(f"{of} is no JSON: {error}: write it in the format of genai-prices") from error
    if not isinstance(raw, list):
        raise PriceListError(f"{of} holds no JSON array: write a list of providers in the format of genai-prices")
    items = cast(list[object], raw)
    providers = [_provider(item, of=f"{of}, provider {number}") for number, item in enumerate(items, 1)]
    check_prices(providers, of=of)
    return providers


def _provider(raw: object, *, of: str) -> Provider:
    try:
        [provider] = _providers_from_raw([raw])
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "(whole)"
        raise PriceListError(f"{of}, {place}: {first['msg']}: write it in the format of genai-prices") from error
    return provider


def _over_bundled(providers: Sequence[Provider], *, named: str) -> PriceList:
    """Return all providers of the library; where a given one is among them, the given one's models come first."""
    library = bundled_prices()
    bundled = library.providers.providers
    given = {provider.id: provider for provider in providers}
    old = {provider.id for provider in bundled}
    new = [provider for provider in providers if provider.id not in old]
    merged = [*new, *(_over(given[item.id], item) if item.id in given else item for item in bundled)]
    return PriceList(DataSnapshot(merged, from_auto_update=False), f"{library.version} + {named}")


def _over(given: Provider, bundled: Provider) -> Provider:
    said = {item.name: getattr(given, item.name) for item in fields(given) if getattr(given, item.name)}
    return replace(bundled, **{**said, "models": [*given.models, *bundled.models]})


def _prices_of(model: ModelInfo) -> list[ModelPrice]:
    standard = [model.prices] if isinstance(model.prices, ModelPrice) else [item.prices for item in model.prices]
    return standard + [variant.prices for variant in model.price_variants or ()]
