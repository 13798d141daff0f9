"""Amounts of money as people write them: with a decimal point or a decimal comma."""

from decimal import Decimal
from typing import Annotated

import regex
from pydantic import BeforeValidator, Field

_DECIMAL_COMMA = regex.compile(r"(\d+),(\d\d?)")


def _as_amount(value: object) -> object:
    """Accept a decimal comma where it can't part thousands."""
    if not isinstance(value, str) or "," not in value:
        return value
    if found := _DECIMAL_COMMA.fullmatch(value.strip()):
        return f"{found[1]}.{found[2]}"
    raise ValueError(f"{value[:_SHOWN]!r} can be read in more than one way: write it with a decimal point, e.g. 7.20")


_SHOWN = 40
"""Characters of a wrong amount that an error shows."""

Amount = Annotated[Decimal, Field(ge=0, max_digits=18), BeforeValidator(_as_amount)]
"""An amount that is not negative, in whole and parts of a currency's unit."""
