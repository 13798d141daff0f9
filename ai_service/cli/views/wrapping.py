"""Text broken into lines: whole words where they fit, no line that opens with a colon, wide characters counted."""

import re
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells

from deps.untrusted import without_hidden_characters

_GLUE = "\ue000"
_GLUED = re.compile(r" (?=[:;!?»%€]+(?:[\s,.…]|$))|(?<=«) ")
_SYLLABLE = re.compile(
    r"(?<=[aeiouyàâäáãåæèéêëìíîïòóôöõøœùúûüý])(?=[^\W\d_aeiouy][aeiouyàâèéêëîïôöùûü])", re.IGNORECASE
)
_DOUBLE = re.compile(r"(?<=([bcdfglmnprst]))(?=\1)", re.IGNORECASE)
_MIN_TAIL = 3


def wrapped(text: str, width: int) -> list[str]:
    """Return the lines of a text, each at most `width` cells wide; its own line breaks stay."""
    paragraphs = without_hidden_characters(text).splitlines()
    return [line.replace(_GLUE, " ") for paragraph in paragraphs for line in _lines(paragraph, width) or [""]]


def shortened(text: str, width: int, *, lines: int) -> list[str]:
    """Return the first lines of a text, with an ellipsis where it is cut."""
    whole = wrapped(text, width)
    if len(whole) <= lines:
        return whole
    last = whole[lines - 1]
    if cell_len(last) >= width:
        last = last.rpartition(" ")[0] or chop_cells(last, width - 1)[0]
    return [*whole[: lines - 1], last.rstrip(" \u00a0,;:.-") + "…"]


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
        yield from [word] if cell_len(word) <= width else word.split(_GLUE)


def _pieces(word: str, width: int) -> Iterator[str]:
    """Yield a word in parts that fit. Scripts of wide characters break anywhere, others get a hyphen."""
    if cell_len(word) != len(word):
        yield from chop_cells(word, width)
        return
    while len(word) > width:
        own_hyphen = word.rfind("-", 1, width)
        cut = own_hyphen + 1 or _syllable_end(word, width - 1)
        yield word[:cut] if own_hyphen > 0 else f"{word[:cut]}-"
        word = word[cut:]
    if word:
        yield word


def _syllable_end(word: str, limit: int) -> int:
    """Return the last place up to `limit` where a word may be broken: after an open syllable or in a double letter."""
    limit = min(limit, len(word) - _MIN_TAIL)
    ends = [m.start() for pattern in (_SYLLABLE, _DOUBLE) for m in pattern.finditer(word) if 2 <= m.start() <= limit]
    return max(ends, default=limit)
