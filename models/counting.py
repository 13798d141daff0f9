"""Counts the length of a text in each network's own unit.

Every unit takes linear time, also for hostile texts.
"""

from collections.abc import Callable
from enum import StrEnum

import regex

from models.domains import Span, links_on_x
from models.normalising import normal_form

_LINK_WEIGHT = 23
# X weighs these code points 1 and all others 2 (twitter-text, config/v3.json). Its parsers differ on © and ® without a
# variation selector: here they weigh 2, as emoji do.
_LIGHT = regex.compile("[\u0000-\u00a8\u00aa-\u00ad\u00af-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
_EMOJI = regex.compile(
    r"\p{RI}\p{RI}"  # flags
    "|[0-9#*]\ufe0f?\u20e3"  # keycaps
    "|[\u00a9\u00ae\u2122\u265f]\ufe0f"  # signs that are emoji only when asked to be
    r"|[\p{Extended_Pictographic}--[\u00a9\u00ae\u2122\u265f]](?!\ufe0e)(?:\ufe0f|\p{EMod})?+"
    "(?:[\U000e0020-\U000e007e]++\U000e007f)?+"  # flags of England, Scotland, Wales
    r"(?:\u200d\p{Extended_Pictographic}(?:\ufe0f|\p{EMod})?+)*+"
    r"|\p{EMod}",
    regex.V1,
)
# `\X` alone takes quadratic time on a row of flags: it counts the letters before each.
_GRAPHEME = regex.compile(r"\p{RI}{1,2}+[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]*+|\X", regex.V1)


class Unit(StrEnum):
    """A unit of length."""

    X_WEIGHTED = "x_weighted"
    """X: links 23, emoji 2, most letters 1, ideographs 2."""
    UTF16 = "utf16"
    """UTF-16 code units: TikTok."""
    THREADS = "threads"
    """Code points, but for each emoji the number of its UTF-8 bytes: Threads."""
    GRAPHEME = "grapheme"
    """User-perceived characters: Bluesky."""
    UTF8 = "utf8"
    """Bytes: YouTube's descriptions."""
    CODEPOINT = "codepoint"
    """Unicode code points, composed (NFC)."""
    CHARACTERS = "characters"
    """The larger of code points and UTF-16 code units, for networks that say "characters" without a definition."""


def count(text: str, unit: Unit) -> int:
    """Return the length of `text` in `unit`."""
    return _COUNTERS[unit](text)


def emoji_in(text: str) -> list[Span]:
    """Return the spans of the emoji in `text`; a sequence drawn as one (a family, a flag, a keycap) is one."""
    if text.isascii():
        return []
    return [Span(*found.span()) for found in _EMOJI.finditer(text)]


def _x_weighted(text: str) -> int:
    composed = normal_form("NFC", text.replace("\r\n", "\n"))
    links = links_on_x(composed)
    bounds = [0, *(bound for link in links for bound in link), len(composed)]
    between = (composed[start:end] for start, end in zip(bounds[::2], bounds[1::2], strict=True))
    return _LINK_WEIGHT * len(links) + sum(map(_weight, between))


def _weight(text: str) -> int:
    if text.isascii():
        return len(text)
    plain, emoji = _EMOJI.subn("", text)
    return 2 * emoji + 2 * len(plain) - len(_LIGHT.findall(plain))


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _threads(text: str) -> int:
    emoji = [text[span.start : span.end] for span in emoji_in(text)]
    return len(text) + sum(_utf8(sequence) - len(sequence) for sequence in emoji)


def _graphemes(text: str) -> int:
    if text.isascii() and "\r" not in text:
        return len(text)
    return len(_GRAPHEME.findall(text))


def _utf8(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _codepoints(text: str) -> int:
    return len(normal_form("NFC", text))


def _characters(text: str) -> int:
    return max(_codepoints(text), _utf16(text))


_COUNTERS: dict[Unit, Callable[[str], int]] = {
    Unit.X_WEIGHTED: _x_weighted,
    Unit.UTF16: _utf16,
    Unit.THREADS: _threads,
    Unit.GRAPHEME: _graphemes,
    Unit.UTF8: _utf8,
    Unit.CODEPOINT: _codepoints,
    Unit.CHARACTERS: _characters,
}
