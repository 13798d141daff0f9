"""Recognises other spellings of keys, members of closed sets, numbers and truth values."""

import re
from collections.abc import Iterable

from pydantic import JsonValue

_SEPARATORS = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}


def same(text: str) -> str:
    """Return what is the same for all spellings of a name: `needsHuman`, `Needs Human`, `NEEDS-HUMAN`."""
    return _SEPARATORS.sub("", text).casefold()


def meant(text: str, members: Iterable[str]) -> str:
    """Return the one of `members` that `text` spells; `text` itself where that isn't certain."""
    members = tuple(members)
    found = [member for member in members if same(member) == same(text)]
    return text if text in members or len(found) != 1 else found[0]


def number(value: JsonValue) -> JsonValue:
    """Return the number in `Day 1`; `value` itself where there is none, or more than one."""
    found = _NUMBER.findall(value) if isinstance(value, str) else []
    return int(found[0]) if len(found) == 1 and found[0].isdecimal() and len(found[0]) < 10 else value


def flag(value: JsonValue) -> JsonValue:
    """Return true or false where a text says so; `value` itself where it doesn't."""
    return _FLAGS.get(same(value), value) if isinstance(value, str) else value
