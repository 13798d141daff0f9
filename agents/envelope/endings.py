"""Why an answer ended, by meaning: each server has its own words for it."""

import re
from typing import Literal

Ending = Literal["stop", "length", "content_filter", "error"]

_MEANINGS: tuple[tuple[Ending, str], ...] = (
    (
        "content_filter",
        r"filter|safety|unsafe|sensitive|moderat|polic(?:y|ies)|prohibit|blocklist|blocked|guardrail|refus|recitation|spii|harm"
        r"|inspection|flagged",
    ),
    ("length", r"length|max_?(?:new_?|output_?|completion_?)?tokens?|token_?limit|limit_?reached|truncat|window"),
    ("error", r"error|abort|cancel|fail|timeout|insufficient_system|unavailable|overload"),
)
"""The first match counts."""
_BETWEEN_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[\s-]+")


def ending_of(reason: object) -> Ending:
    """Return why an answer ended. What says none of the other things is a regular end: the answer itself must be whole.

    Servers leave the reason out, and what is no text says nothing.
    """
    words = words_of(reason)
    for ending, pattern in _MEANINGS:
        if re.search(pattern, words):
            return ending
    return "stop"


def means_filter(code: object) -> bool:
    """Return whether an error's code says that a filter declined the request."""
    return ending_of(code) == "content_filter"


def words_of(name: object) -> str:
    """Return a name in small letters with underscores, however it is spelt; empty for what is no text."""
    return _BETWEEN_WORDS.sub("_", name).lower() if isinstance(name, str) else ""
