"""Wraps text: whole words if they fit, no punctuation at the start of a line, wide characters as two cells."""

import re
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells

from deps.untrusted import without_hidden_characters

_GLUE = "\ue000"
_GLUES = re.compile("[\ue000\u00a0\u202f]")
_GLUED = re.compile(r" (?=[:;!?»%€]+(?:[\s,.…]|$))|(?<=«) |(?<=\d) (?=(?:h|min|g|kg|km)\b)")
_SYLLABLE = re.compile(
    r"(?<=[aeiouyàâäáãåæèéêëìíîïòóôöõøœùúûüý])(?=[^\W\d_aeiouy][aeiouyàâèéêëîïôöùûü])", re.IGNORECASE
)
_DOUBLE = re.compile(r"(?<=([bcdfglmnprst]))(?=\1)", re.IGNORECASE)
_MIN_TAIL = 3
_MIN_HEAD = 4
"""Letters before an apostrophe that a line may end with: `aujourd’` may, `l’` may not."""
_PUNCTUATION = " \u00a0\u202f,;:.-"


def wrapped(text: str, width: int) -> list[str]:
    """Return the lines of a text, each at most `width` cells wide. Its own line breaks stay."""
    paragraphs = without_hidden_characters(text).splitlines()
    return [line.replace(_GLUE, " ") for paragraph in paragraphs for line in _lines(paragraph, width) or [""]]


def shortened(text: str, width: int, *, lines: int) -> list[str]:
    """Return the first lines of a text, with an ellipsis if it is cut."""
    whole = wrapped(text, width)
    if len(whole) <= lines:
        return whole
    *shown, last = [line.rstrip(_PUNCTUATION) for line in whole[:lines]]
    while shown and not last:
        last = shown.pop()
    if cell_len(last) >= width:
        last = last.rpartition(" ")[0] or chop_cells(last, width - 1)[0]
    return [*whole[: len(shown)], f"{last.rstrip(_PUNCTUATION)}…"]


def cut(text: str, width: int) -> str:
    """Return a text on one line, with an ellipsis if it is cut."""
    return text if cell_len(text) <= width else f"{chop_cells(text, width - 1)[0]}…"


def _lines(paragraph: str, width: int) -> list[str]:
    lines: list[str] = []
    for word in _words(paragraph, width):
        pieces = list(_pieces(word, width))
        if lines and pieces and cell_len(lines[-1]) + 1 + cell_len(pieces[0]) <= width:
            lines[-1] += f" {pieces.pop(0)}"
        lines += pieces
    return lines


def _words(paragraph: str, width: int) -> Iterator[str]:
    for word in _GLUED.sub(_GLUE, paragraph).split(" "):
        yield from [word] if cell_len(word) <= width else _GLUES.split(word)


def _pieces(word: str, width: int) -> Iterator[str]:
    """Yield a word in parts that fit, hyphenated. Links, hashtags and wide letters break anywhere, without a hyphen."""
    if cell_len(word) != len(word) or "://" in word or word.startswith("#"):
        yield from chop_cells(word, width)
        return
    while len(word) > width:
        own_break = max(word.rfind("-", 1, width), word.rfind("'", _MIN_HEAD, width), word.rfind("’", _MIN_HEAD, width))
        end = own_break + 1 or _syllable_end(word, width - 1)
        yield word[:end] if own_break > 0 else f"{word[:end]}-"
        word = word[end:]
    if word:
        yield word


def _syllable_end(word: str, room: int) -> int:
    """Return the last position within `room` to break a word: after an open syllable or in a double letter."""
    limit = min(room, len(word.rstrip(_PUNCTUATION)) - _MIN_TAIL)
    ends = [m.start() for pattern in (_SYLLABLE, _DOUBLE) for m in pattern.finditer(word) if 2 <= m.start() <= limit]
    return max(ends, default=limit if limit > 0 else room)
