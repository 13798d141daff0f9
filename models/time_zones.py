"""The time zone of a business."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global

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


def is_zone(name: str) -> bool:
    """Return whether the IANA database has a time zone of that name."""
    return name in _known()


# cached: each call reads the folders of the system's database
_known = cache(available_timezones)


@cache
def _only_zones() -> dict[str, str]:
    by_country: dict[str, list[str]] = {}
    for zone, country in get_global("zone_territories").items():
        by_country.setdefault(country, []).append(zone)
    return {country: zones[0] for country, zones in by_country.items() if len(zones) == 1 and is_zone(zones[0])}
