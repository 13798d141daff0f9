"""A text's tokens with what is known of each, and the values that are read from them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from models.standing.tags import Tagged, Tags
from models.standing.tokens import Token


class Kind(StrEnum):
    """What a value says."""

    MONEY = "price"
    PERCENT = "percentage"
    TIME = "time"
    WEEKDAYS = "day"
    DATE = "date"
    MEASURE = "measure"
    MULTIBUY = "offer"
    COUNT = "number"


class Value(NamedTuple):
    """One value of a text."""

    kind: Kind
    readings: frozenset[object]
    """What it may mean: 9 o'clock is morning or evening. For weekdays: all of them together."""
    unit: str
    """ISO 4217 code or unit of measure; "" where it is not said."""
    first: int
    """Its first token."""
    end: int
    """The token after its last one."""


class Number(NamedTuple):
    """A number in digits or words, not yet told what of."""

    text: str
    """As written in digits; "" where it is in words."""
    amount: Decimal
    first: int
    end: int


class Marks(NamedTuple):
    """A text's tokens and what is known of each."""

    text: tuple[Token, ...]
    begins: Mapping[int, Tagged]
    """By first token."""
    ends: Mapping[int, Tagged]
    """By the token after the last one."""

    def after(self, at: int) -> Tags:
        """Return what is known of the stretch that begins at a token."""
        return self.begins[at].tags if at in self.begins else {}

    def before(self, at: int) -> Tags:
        """Return what is known of the stretch that ends before a token."""
        return self.ends[at].tags if at in self.ends else {}

    def word(self, at: int) -> str:
        """Return a token's text; "" beyond both ends."""
        return self.text[at].text if 0 <= at < len(self.text) else ""


def marks(text: tuple[Token, ...], known: Sequence[Tagged]) -> Marks:
    """Return a text with what is known of it."""
    return Marks(text, {found.first: found for found in known}, {found.end: found for found in known})
