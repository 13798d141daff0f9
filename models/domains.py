"""Finds web addresses in a text: top-level domains, and what X counts as a link (twitter-text, version 3).

Each character is read a bounded number of times, so that hostile texts (`a.a.a.`, `https://https://`) take linear
time: runs of labels match possessively and are split in code, since a regular expression would backtrack over them.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import regex

_LATIN = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289\u028b"
    "\u02bb\u0300-\u036f\u1e00-\u1eff"
)
_NOT_IN_LABEL = (
    r"!'#%&()*+,\\\-./:;<=>?@\[\]^_{|}~$"
    "\u0009-\u000d\u0020\u0085\u00a0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    "\ufffe\ufeff\uffff\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
)
_LABEL = rf"[^{_NOT_IN_LABEL}]"
_LINK_START = regex.compile(
    r"(?<![A-Za-z0-9@＠$#＃\ufffe\ufeff\uffff])"
    rf"(?:(?P<scheme>https?://)(?P<host>(?:(?:{_LABEL}|[-_])++\.)++)|(?<![{_LATIN}_./-])(?P<host>(?:[{_LATIN}a-z0-9_-]++\.)++))",
    regex.I,
)
_PATH_END = rf"a-z0-9=_#/+\-\u0400-\u04ff{_LATIN}"
_PATH_INSIDE = r"!*';:,.$%\[\]–~@|&"
_PATH = rf"[{_PATH_END}{_PATH_INSIDE}]"
_PARENTHESES = rf"\((?:{_PATH}++|{_PATH}*+\({_PATH}++\){_PATH}*+)\)"
_LINK_END = regex.compile(
    rf"(?::[0-9]++)?+(?:/(?:[{_PATH_INSIDE}]*+(?:[{_PATH_END}]|{_PARENTHESES}))*+)?+"
    r"(?:\?(?:[!?*'@();:+$%\[\].,~|]*+[a-z0-9\-_&=#/])++)?+",
    regex.I,
)
_ASCII_WORD = regex.compile(r"xn--[-0-9a-z]++|[0-9a-z]++", regex.I | regex.A)
_MAX_LABEL = 63
_MAX_LINK = 4096


class Span(NamedTuple):
    """A place in a text: `text[start:end]`."""

    start: int
    end: int


@cache
def top_level_domains() -> frozenset[str]:
    """Return every top-level domain in lower case, internationalised ones in Unicode."""
    lines = (Path(__file__).parent / "top_level_domains.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def links_on_x(text: str) -> list[Span]:
    """Return what X counts as links in `text` (in NFC), in order: URLs with a scheme, and bare domains."""
    links: list[Span] = []
    position = 0
    while found := _LINK_START.search(text, position):
        labels, host_end = _host(text, found)
        position = _end_of_link(text, host_end) if labels else found.end()
        start = found.start() if found["scheme"] else found.start() + ".".join(labels).rfind("_") + 1
        if labels and _is_host(labels) and position - start <= _MAX_LINK:
            links.append(Span(start, position))
    return links


def top_level_end(text: str, start: int) -> int | None:
    """Return the end of the top-level domain that begins at `start`; None if none begins there."""
    word = _ASCII_WORD.match(text, start)
    if word and (word[0].casefold() in top_level_domains() or word[0][:4].casefold() == "xn--"):
        end = word.end()
    else:
        end = max((start + len(name) for name in _unicode_domains() if text.startswith(name, start)), default=start)
    return end if end > start and not _goes_on(text[end : end + 1]) else None


@cache
def _unicode_domains() -> tuple[str, ...]:
    return tuple(name for name in top_level_domains() if not name.isascii())


def _goes_on(character: str) -> bool:
    """Return whether the character after a top-level domain shows that it is not one (`.com@`, `.com-pany`)."""
    return character in ("@", "+", "-") or (character.isascii() and character.isalnum())


def _host(text: str, found: regex.Match[str]) -> tuple[list[str], int]:
    """Return the labels before the last top-level domain of the host that `found` begins, and the end of that domain.

    The labels are empty if the host has no top-level domain.
    """
    labels = found["host"].split(".")[:-1]
    start = found.end()
    while labels:
        end = top_level_end(text, start)
        if end is not None:
            return labels, end
        start -= len(labels.pop()) + 1
    return [], start


def _end_of_link(text: str, host_end: int) -> int:
    rest = _LINK_END.match(text, host_end)
    return rest.end() if rest else host_end


def _is_host(labels: list[str]) -> bool:
    return "_" not in labels[-1] and all(_is_label(label) for label in labels)


def _is_label(label: str) -> bool:
    # Punycode is never shorter than the label; the first test keeps long labels from its quadratic encoder.
    if len(label) > _MAX_LABEL or label[0] in "-_" or label[-1] in "-_":
        return False
    return label.isascii() or len(b"xn--" + label.encode("punycode")) <= _MAX_LABEL
