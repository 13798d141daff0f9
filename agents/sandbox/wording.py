"""Fills phrase frames, shortens and ends texts, and tells languages apart."""

import re
from collections.abc import Mapping
from hashlib import sha256

from agents.sandbox.phrases import TRADE_SLOTS

ELLIPSIS = "…"
_SLOT = re.compile(r"(?:\b(?P<before>de|à|que|a) )?\{(?P<name>\w+)\}", re.I)
_CLAUSE = re.compile(r"[,;:–—(،؛、。：；（]\s*")
_BREAKS = ",;:.–—( ،؛、。：；（"
_ENDS = '.!?…:»”“"。！？；：」』؟'
_OPENING = "“„‚«¿¡\"'‘「『\u00a0 "
_VOWELS = "aeiouyàâäéèêëîïôöùûüœæ"
_CONTRACTED = {
    "fr": {"de le ": "du ", "de les ": "des ", "à le ": "au ", "à les ": "aux "},
    "es": {"de el ": "del ", "a el ": "al "},
}
UNSPACED = re.compile(r"[぀-ヿ㐀-鿿฀-๿]")
"""Letters of scripts that put no space between words."""
_CUT_NUMBER = re.compile(r"\d[\d.,]*\D{0,3}$")


def pick(seed: str, *key: object) -> int:
    """Return a number that only the seed and the key decide."""
    digest = sha256("\x1f".join((seed, *map(str, key))).encode()).digest()
    return int.from_bytes(digest[:6])


def fill(frame: str, slots: Mapping[str, str], *, language: str) -> str | None:
    """Return `frame` with its slots filled and joined as the language asks; None when a slot has nothing."""
    names = [match["name"].lower() for match in _SLOT.finditer(frame)]
    if any(not slots.get(name) for name in names):
        return None

    def filled(match: re.Match[str]) -> str:
        name = match["name"]
        value = slots[name.lower()]
        value = capitalised(value) if name[0].isupper() else value
        return _joined(match["before"], value, language=language, contract=name.lower() in TRADE_SLOTS)

    return capitalised(_SLOT.sub(filled, frame))


def _joined(before: str | None, value: str, *, language: str, contract: bool) -> str:
    """Return `before value`: *de le* is *du* and *que un* is *qu’un* in French, *a end* is *an end* in English."""
    if before is None:
        return value
    vowel = value[:1].lower() in _VOWELS
    if language == "en":
        return f"{before}n {value}" if before.lower() == "a" and vowel else f"{before} {value}"
    if contract:
        for full, short in _CONTRACTED.get(language, {}).items():
            if f"{before.lower()} {value}".startswith(full):
                return short + value[len(full) - len(before) - 1 :]
    if language == "fr" and vowel and before.lower() in ("de", "que"):
        return f"{before[:-1]}’{value}"
    return f"{before} {value}"


def capitalised(text: str) -> str:
    """Return `text` with its first letter, behind any quotation mark, as a capital."""
    for index, character in enumerate(text):
        if character.isalnum():
            return text[:index] + character.upper() + text[index + 1 :]
        if character not in _OPENING:
            break
    return text


def shorten(text: str, limit: int) -> str:
    """Return the first line of `text` in at most `limit` characters, cut behind a clause or a word."""
    line = text.strip().partition("\n")[0].strip()
    if len(line) <= limit:
        return line
    head = line[: limit - 1]
    clauses = [match.start() for match in _CLAUSE.finditer(head) if match.start() >= limit // 2]
    if UNSPACED.search(head):
        return (head[: clauses[-1]] if clauses else _CUT_NUMBER.sub("", head)).rstrip(_BREAKS) + ELLIPSIS
    words = line[: clauses[-1]].split() if clauses else head.rsplit(maxsplit=1)[0].split()
    # A number without what follows it may say something else.
    while len(words) > 1 and any(character.isdigit() for character in words[-1]):
        words.pop()
    return " ".join(words).rstrip(_BREAKS)[: limit - 1] + ELLIPSIS


def ended(text: str, mark: str | None = None) -> str:
    """Return `text` with a closing mark, unless it has one; `mark` None: the full stop of its script."""
    if text.endswith(tuple(_ENDS)):
        return text
    return text + ("。" if UNSPACED.search(text[-2:]) else ".") if mark is None else text + mark


def quotable(text: str, inner: Mapping[str, str]) -> str:
    """Return `text` with the quotation marks that stand inside other ones; `inner` says which stand for which."""
    for outer, mark in inner.items():
        text = text.replace(outer, mark)
    return text
