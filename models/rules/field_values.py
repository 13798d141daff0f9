"""Readings: the values that a rule checks in a field of a post, with their paths."""

from collections.abc import Callable
from typing import NamedTuple

from models.domains import Span
from models.rules.finders import Finder
from models.rules.publishable import Media, Publishable
from models.vocabulary import Network


class Reading(NamedTuple):
    """One value that a rule checks."""

    path: str
    value: str | float | Media
    span: Span | None = None
    """Its place in the text at `path`; None means the whole text."""


Field = Callable[[Publishable, Network], list[Reading]]


def found_in(path: str, text: str, finder: Finder) -> list[Reading]:
    """Return a finder's matches in the text at `path`."""
    return [Reading(path, text[span.start : span.end], span) for span in finder(text)]
