"""The time zone of a business."""

from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global
from pydantic import BeforeValidator

_MAIN = {
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "MH": "Pacific/Majuro",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}
"""The main zone of countries that have several (CLDR, `primaryZones`)."""


def zone_of_country(country: str | None) -> ZoneInfo | None:
    """Return the time zone of a country (ISO 3166-1); None: it has several, or none is known."""
    name = _MAIN.get(country or "") or _only_zones().get(country or "")
    return ZoneInfo(name) if name else None


def _as_zone(value: object) -> object:
    if not isinstance(value, str):
        return value
    if name := _zones().get(_key(value)):
        return name
    raise ValueError(f"{value[:_SHOWN]!r} is no time zone: take an IANA name, e.g. Europe/Paris")


@cache
def _zones() -> dict[str, str]:
    """Return the names of the IANA database by how they are found: without case."""
    return {_key(name): name for name in sorted(available_timezones())}


def _key(name: str) -> str:
    return name.strip().replace(" ", "_").casefold()


@cache
def _only_zones() -> dict[str, str]:
    available = available_timezones()
    by_country: dict[str, list[str]] = {}
    for zone, country in get_global("zone_territories").items():
        by_country.setdefault(country, []).append(zone)
    return {country: zones[0] for country, zones in by_country.items() if len(zones) == 1 and zones[0] in available}


_SHOWN = 40
"""Characters of a wrong name that an error shows."""

TimeZone = Annotated[str, BeforeValidator(_as_zone)]
"""The IANA name of a time zone, e.g. `Europe/Paris`."""
