"""What a rule looks at: a field of a post, as readings with their path."""

from collections.abc import Callable
from typing import NamedTuple

from models.domains import Span
from models.rules.finders import Finder
from models.rules.publishable import Media, Publishable
from models.vocabulary import Network


class Reading(NamedTuple):
    """One thing that a rule looks at."""

    path: str
    value: str | float | Media
    span: Span | None = None
    """Where it stands in the text at `path`; None: all of it."""


Field = Callable[[Publishable, Network], list[Reading]]


def found_in(path: str, text: str, finder: Finder) -> list[Reading]:
    """Return what a finder finds in the text at `path`."""
    return [Reading(path, text[span.start : span.end], span) for span in finder(text)]
