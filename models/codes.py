"""The codes of countries and currencies, read in any case. A code that nobody has assigned is refused."""

from functools import cache
from importlib.resources import files
from typing import Annotated

from babel.core import get_global
from pydantic import BeforeValidator, StringConstraints

_KOSOVO = "XK"
"""Its code by common use; ISO has assigned it none."""


def country_code(text: str) -> str | None:
    """Return the ISO 3166-1 code that `text` writes: `FR` of `fr` and `FRA`, `GB` of `uk`; None: it is none."""
    code = text.strip().upper()
    if code in assigned_countries():
        return code
    replaced = [*get_global("territory_aliases").get(code, ())] if code.isalpha() else []
    return replaced[0] if len(replaced) == 1 and replaced[0] in assigned_countries() else None


@cache
def assigned_countries() -> frozenset[str]:
    """Return the codes of all countries, as the time zone database lists them."""
    rows = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8").splitlines()
    return frozenset({row.partition("\t")[0] for row in rows if not row.startswith("#")} | {_KOSOVO})


def _as_country(value: object) -> object:
    if not isinstance(value, str):
        return value
    if code := country_code(value):
        return code
    raise ValueError(f"{value[:_SHOWN]!r} is no country's code: write the ISO 3166-1 code, e.g. FR")


def _as_currency(value: object) -> object:
    if not isinstance(value, str):
        return value
    code = value.strip().upper()
    if code in get_global("all_currencies"):
        return code
    raise ValueError(f"{value[:_SHOWN]!r} is no currency's code: write the ISO 4217 code, e.g. EUR")


def _as_subdivision(value: object) -> object:
    if not isinstance(value, str):
        return value
    code = value.strip().upper()
    if code.isascii() and code.isalnum() and len(code) <= _LONGEST_SUBDIVISION:
        return code
    raise ValueError(
        f"{value[:_SHOWN]!r} is no code of a subdivision: write the ISO 3166-2 part after the hyphen, e.g. BY"
    )


_LONGEST_SUBDIVISION = 3
_SHOWN = 20
"""Characters of a wrong code that an error shows."""

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), BeforeValidator(_as_country)]
"""An ISO 3166-1 code of two letters."""
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), BeforeValidator(_as_currency)]
"""An ISO 4217 code."""
Subdivision = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,3}$"), BeforeValidator(_as_subdivision)]
"""The part of an ISO 3166-2 code after the hyphen."""
