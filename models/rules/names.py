"""Finds people's names in a message where the context marks them: an introduction, a signature, a family member."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import regex

from models.rules.addresses import addresses
from models.rules.lexicons import find, lexicon

_PART = r"\p{Lu}[\p{L}'’\-]+"
_PARTICLES = r"(?:(?:de|da|di|del|van|von|der|den|dos|do|la|le|al|bin|ben|el)\s){0,2}"
_FULL = rf"{_PART}(?:\s{_PARTICLES}{_PART}){{1,3}}"
_ONE_OR_MORE = rf"{_PART}(?:\s{_PARTICLES}{_PART}){{0,3}}"
_UNCASED = r"[\p{Arabic}\p{Hebrew}\p{Hangul}]+(?:\s[\p{Arabic}\p{Hebrew}\p{Hangul}]+)?"
_AFTER = regex.compile(rf"\s{{0,2}}:?\s{{0,2}}(?P<name>{_ONE_OR_MORE}|{_UNCASED})")
_AFTER_FULL = regex.compile(rf"\s{{1,2}}(?P<name>{_FULL})")
_SIGNED = regex.compile(rf"(?<![\p{{L}}'’\-])(?P<name>{_FULL})\s{{0,2}},\s{{0,3}}")
_IDENTIFIED = regex.compile(
    r"[\w.+\-]{1,64}@|[^\n.!?@,]{0,12}?[+(]{0,2}\d(?:[ .()/\-]{0,2}\d){4}|[^\n.!?@,\d]{0,12}[A-Z]{0,2}\d[A-Z\d]{5}"
)
_SIGNED_DENSE = regex.compile(r"(?P<name>\p{Han}{3,5})、\s?(?=\d)|(?<!\p{Hangul})(?P<name>\p{Hangul}{2,4}),\s?(?=\d)")
_PARTICLE = regex.compile(r"(?:de|da|di|del|van|von|der|den|dos|do|la|le|al|bin|ben|el)")
_FAMILY_NAME_JA = 2


class Name(NamedTuple):
    """A name as it stands in a message."""

    first: str | None
    """The writer's first name; None if it cannot be told apart."""
    rest: list[str]
    """Surnames, and every part of another person's name."""


def names(text: str) -> Iterator[Name]:
    """Yield the names in `text`, which is normalised."""
    for group, pattern in (("introductions", _AFTER), ("introductions_full", _AFTER_FULL)):
        for span in find(text, "personal", group):
            if found := pattern.match(text, span.end):
                yield _own(found["name"])
    starts = {place.start for place in addresses(text)}
    for found in _SIGNED.finditer(text):
        # An address or identifier must follow, since two capitalised words may be anything in German.
        if found.end() in starts or _IDENTIFIED.match(text, found.end()):
            yield _own(found["name"])
    for found in _SIGNED_DENSE.finditer(text):
        yield Name(
            None, [found["name"], found["name"][:_FAMILY_NAME_JA]] if found[0].find("、") > 0 else [found["name"]]
        )
    for span in find(text, "personal", "others"):
        if found := _AFTER.match(text, span.end):
            yield Name(None, _parts(found["name"]))


def _own(name: str) -> Name:
    """Return a name without leading words such as the greeting in `Hello Dana Whitlock`."""
    first, *rest = _parts(name)
    return _own(" ".join(rest)) if rest and first.casefold() in _leading_words() else Name(first, rest)


@cache
def _leading_words() -> frozenset[str]:
    lists = (lexicon("personal")["introductions_full"], lexicon("calls")["greetings"])
    return frozenset(phrase for phrases in lists for listed in phrases.values() for phrase in listed)


def _parts(name: str) -> list[str]:
    return [part for part in name.split() if not _PARTICLE.fullmatch(part)]
