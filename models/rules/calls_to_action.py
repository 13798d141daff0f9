"""Counts the calls to action in a text."""

import regex

from models.domains import Span
from models.rules.lexicons import find, primary, speaks

_FIRST_IN_CLAUSE = {"en", "fr", "es", "it", "nl", "pt", "pl", "sv"}
"""Languages in which an imperative opens a clause: "book a table" is a call to action, "who book a table" is not."""
_OPENING = regex.compile(
    r"(?:^|[^\w\s'’]|\n|(?<!\w)(?:and|then|so|just|please|now|or|et|puis|alors|ou|maintenant|y|o|luego|ahora|e|poi|ora"
    r"|oppure|en|dan|of|nu|ou|depois|agora|i|potem|teraz|lub|och|sedan|eller|så))\s*$",
    regex.I,
)
_REACH = 20


def count_calls_to_action(text: str, language: str, *, own: str | None = None) -> int | None:
    """Return the number of different calls to action in `text`; None if the language has no word list for them.

    `own` is the brief's call to action. It counts as one when the text contains it word for word.
    """
    place = regex.search(regex.escape(own.rstrip(".!")), text, regex.I) if own else None
    if not place and not speaks("calls", "calls", language):
        return None
    rest = f"{text[: place.start()]}\n{text[place.end() :]}" if place else text
    found = find(rest, "calls", "calls", [language])
    calls = {rest[span.start : span.end].casefold() for span in found if _asks(rest, span, language)}
    return len(calls) + bool(place)


def _asks(text: str, call: Span, language: str) -> bool:
    before = text[max(0, call.start - _REACH) : call.start]
    return primary(language) not in _FIRST_IN_CLAUSE or bool(_OPENING.search(before))
