"""What an output lacks: a part that could not be had leaves the others standing, and is named with the reason."""

from pydantic import ConfigDict, Field

from models.base import Output


class MissingPart(Output):
    """One part of an output that is not there."""

    model_config = ConfigDict(frozen=True)

    part: str
    """`variants.x` for the variant on X, `days.12` for the twelfth day of a calendar."""
    reason: str
    """One stable word: a `reason` of `AIGenerationError`, or `budget`."""
    detail: str
    """What happened, for a log: of an answer that was refused, what was wrong with it."""


class Partial(Output):
    """An output that is of use without some of its parts."""

    missing: list[MissingPart] = Field(default_factory=list[MissingPart])
    """The parts that were asked for and could not be had."""


class PartLost(Exception):
    """Base of the errors that lose the part they happen in, and no other: `reason` is their word in `MissingPart`."""

    reason: str
