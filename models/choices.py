"""Closed sets of names, read in any case and with any separators."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Self

import regex

_SEPARATORS = regex.compile(r"[\s_-]+")


def chosen(text: str, names: Iterable[str]) -> str | None:
    """Return the one of `names` that `text` writes in another case or with other separators; None: it writes none."""
    key = _key(text)
    return next((name for name in names if _key(name) == key), None)


def _key(text: str) -> str:
    return _SEPARATORS.sub("", text).casefold()


class Choice(StrEnum):
    """A closed set that a caller names a member of: `Google Business` is `google_business`."""

    @classmethod
    def other_names(cls) -> dict[str, str]:
        """Return the value of a member by each further name that it is known by outside."""
        return {}

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        names = {**{member.value: member.value for member in cls}, **cls.other_names()}
        name = chosen(value, names)
        return cls(names[name]) if name else None
