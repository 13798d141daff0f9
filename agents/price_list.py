"""Which prices hold: the ones genai-prices brings, or newer ones from a file or an address, checked before use."""

import json
import warnings
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import cast

from genai_prices import UpdatePrices, Usage, wait_prices_updated_sync
from genai_prices.data_snapshot import DataSnapshot, get_snapshot, set_custom_snapshot
from genai_prices.types import (
    ModelInfo,
    ModelPrice,
    Provider,
    TieredPrices,
    _providers_from_raw,  # pyright: ignore[reportPrivateUsage]  # what the library itself reads its list with
)
from pydantic import ValidationError

_LIBRARY = f"genai-prices {version('genai-prices')}"
_ADDRESS = ("http://", "https://")
_A_TOKEN = Usage(input_tokens=1, output_tokens=1)


class PriceListError(ValueError):
    """A price list is not usable. The message names the place, what is wrong, and the way out."""


@dataclass
class PriceList(DataSnapshot):
    """Prices that are not those of the library, and which ones they are."""

    version: str = ""
    """For the ledger."""


def price_version() -> str:
    """Return the version of the prices that hold now, for the ledger."""
    prices = get_snapshot()
    if isinstance(prices, PriceList):
        return prices.version
    if prices.from_auto_update:
        return f"{_LIBRARY}, updated {prices.timestamp.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
    return _LIBRARY


def known_price(provider: str, model: str, *, at: datetime) -> dict[str, Decimal] | None:
    """Return what is known of a model's prices, by kind (`input_mtok` is USD for a million tokens); None: nothing.

    Where a price grows with the size of a request, it is that of the smallest.
    """
    try:
        _, found = get_snapshot().find_provider_model(model, None, provider, None)
    except LookupError:
        return None
    prices = {
        kind: value.base if isinstance(value, TieredPrices) else value
        for kind, value in vars(found.get_prices(at)).items()
        if value is not None
    }
    return prices or None


@contextmanager
def prices_from(source: str | None) -> Generator[None]:
    """Use other prices in this process while the block runs.

    `source` is None for those of the library, a file, or an http(s) address that is read now and every hour in the
    background; until its first answer, and whenever it gives a bad one, the prices stay as they were. A file or an
    answer is a list in the format of genai-prices, whole or only of some models: its models come before the
    library's.

    Raises:
        PriceListError: The file can't be read, or is not a list of usable prices.
    """
    if source is None:
        yield
        return
    before = get_snapshot()
    try:
        if source.startswith(_ADDRESS):
            with _Updates(url=source):
                yield
        else:
            set_custom_snapshot(read_prices(Path(source)))
            yield
    finally:
        set_custom_snapshot(before)


def wait_for_prices(source: str | None, *, timeout_s: float) -> None:
    """Wait within `prices_from` until the first answer of an address is in use; a file already is.

    Raises:
        PriceListError: The address gives no answer, or no list of usable prices.
    """
    if source is None or not source.startswith(_ADDRESS):
        return
    try:
        arrived = wait_prices_updated_sync(timeout_s)
    except Exception as error:  # whatever the transport raises
        raise PriceListError(f"{source}: {error}: correct the address, or leave it out") from error
    if not arrived:
        raise PriceListError(f"{source}: no answer within {timeout_s:g} s: correct the address, or leave it out")


def read_prices(path: Path) -> PriceList:
    """Return the prices of a file over those of the library. Raises PriceListError."""
    try:
        content = path.read_bytes()
        raw: object = json.loads(content)
    except OSError as error:
        raise PriceListError(
            f"{path} can't be read: {error.strerror or error}: give the path of a price list"
        ) from error
    except ValueError as error:
        raise PriceListError(f"{path} is no JSON: {error}: write it in the format of genai-prices") from error
    if not isinstance(raw, list):
        raise PriceListError(f"{path} holds no JSON array: write a list of providers in the format of genai-prices")
    items = cast(list[object], raw)
    providers = [_provider(item, of=f"{path}, provider {number}") for number, item in enumerate(items, 1)]
    check_prices(providers, of=str(path))
    named = f"{_LIBRARY} + {path.name} {sha256(content).hexdigest()[:12]}"
    return PriceList(_over_bundled(providers), from_auto_update=False, version=named)


def check_prices(providers: Sequence[Provider], *, of: str) -> None:
    """Raise PriceListError where a price is negative, of an unknown kind, or lacks one it builds on."""
    with warnings.catch_warnings():
        # the library warns of a kind of price that it doesn't know, and leaves it out of the sum
        warnings.simplefilter("error")
        for provider in providers:
            for model in provider.models:
                for price in _prices_of(model):
                    try:
                        price.calc_price(_A_TOKEN)
                    except (ValueError, UserWarning) as error:
                        raise PriceListError(
                            f"{of}, {provider.id}, {model.id}: {error}: correct it, or update genai-prices"
                        ) from error


class _Updates(UpdatePrices):
    """The library's background updates, their prices checked before they are used."""

    def fetch(self) -> DataSnapshot | None:
        """Return the prices at the address over those of the library."""
        fetched = super().fetch()
        if fetched is None:
            return None
        check_prices(fetched.providers, of=self.url)
        at = fetched.timestamp.astimezone(UTC)
        return PriceList(
            _over_bundled(fetched.providers),
            from_auto_update=True,
            timestamp=fetched.timestamp,
            version=f"{_LIBRARY} + update {at:%Y-%m-%dT%H:%MZ}",
        )


def _provider(raw: object, *, of: str) -> Provider:
    try:
        [provider] = _providers_from_raw([raw])
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "(whole)"
        raise PriceListError(f"{of}, {place}: {first['msg']}: write it in the format of genai-prices") from error
    return provider


def _over_bundled(providers: Sequence[Provider]) -> list[Provider]:
    """Return all providers of the library; where a given one is among them, the given one's models come first."""
    from genai_prices.data import providers as bundled  # a large module: only where it is needed

    given = {provider.id: provider for provider in providers}
    old = {provider.id for provider in bundled}
    new = [provider for provider in providers if provider.id not in old]
    return [*new, *(_over(given[item.id], item) if item.id in given else item for item in bundled)]


def _over(given: Provider, bundled: Provider) -> Provider:
    said = {item.name: getattr(given, item.name) for item in fields(given) if getattr(given, item.name)}
    return replace(bundled, **{**said, "models": [*given.models, *bundled.models]})


def _prices_of(model: ModelInfo) -> list[ModelPrice]:
    standard = [model.prices] if isinstance(model.prices, ModelPrice) else [item.prices for item in model.prices]
    return standard + [variant.prices for variant in model.price_variants or ()]
