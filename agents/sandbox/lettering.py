"""Sets text on a card: the shipped fonts, the scripts they cover, and fitting a text into a box."""

from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from agents.sandbox.wording import ELLIPSIS

HEADLINE, SMALL = "Vollkorn-SemiBold", "Manrope-SemiBold"

_NOT_A_CHARACTER = "\U0010fffe"
_ENOUGH = 0.6
"""Share of a text's letters that has to be printable: less would say something else."""
_LEADING = 1.16
_REFERENCE, _ROUNDING = 100, 1.01
_SPACES = "\u00a0\u202f\u2009"


@dataclass(frozen=True, kw_only=True)
class Lines:
    """A text broken into lines of one size."""

    texts: list[str]
    font: ImageFont.FreeTypeFont
    leading: int
    """Pixels from one line to the next."""

    @property
    def height(self) -> int:
        """Height of all lines in pixels."""
        return self.leading * len(self.texts)


@cache
def font_bytes(name: str) -> bytes:
    """Return a shipped font file."""
    return Path(__file__).with_name("fonts").joinpath(f"{name}.ttf").read_bytes()


@cache
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """Return a shipped font; the basic layout draws the same everywhere."""
    return ImageFont.truetype(BytesIO(font_bytes(name)), size, layout_engine=ImageFont.Layout.BASIC)


@cache
def prints(name: str, character: str) -> bool:
    """Return whether a font has a shape for a character."""
    return character.isspace() or _drawn(name, character) != _drawn(name, _NOT_A_CHARACTER)


def _drawn(name: str, character: str) -> bytes:
    image = Image.new("L", (64, 64))
    ImageDraw.Draw(image).text((8, 8), character, font=font(name, 32), fill=255)
    return image.tobytes()


def printable(name: str, text: str) -> str:
    """Return the words of `text` that a font can print; nothing when too much of it would be missing."""
    plain = text.translate(dict.fromkeys(map(ord, _SPACES), " "))
    words = [word for word in plain.split() if any(c.isalnum() for c in word)]
    kept = [word for word in plain.split() if all(prints(name, c) for c in word)]
    letters = sum(map(len, words))
    enough = letters and sum(len(word) for word in kept if word in words) >= _ENOUGH * letters
    return " ".join(kept) if enough else ""


def fit(name: str, text: str, *, width: int, height: int, largest: int, smallest: int) -> Lines:
    """Return `text` in the largest size that fits into a box, in balanced lines; cut if even the smallest doesn't."""
    for size in range(largest, smallest, -2):
        lines = _set(name, text, size=size, width=width)
        if lines and lines.height <= height:
            return lines
    return _cut(name, text, size=smallest, width=width, height=height)


def _set(name: str, text: str, *, size: int, width: int) -> Lines | None:
    """Return the lines of one size; None when a word is wider than the box."""
    if any(_length(name, word, size) > width for word in text.split()):
        return None
    texts = _wrapped(name, text, size, width)
    narrower = width
    # The narrowest measure with as many lines leaves no single word behind.
    while narrower > width // 2 and len(_wrapped(name, text, size, narrower - size // 4)) == len(texts):
        narrower -= size // 4
    return Lines(texts=_wrapped(name, text, size, narrower), font=font(name, size), leading=round(size * _LEADING))


def _cut(name: str, text: str, *, size: int, width: int, height: int) -> Lines:
    leading = round(size * _LEADING)
    room = max(height // leading, 1)
    texts = _wrapped(name, text, size, width)
    kept = texts[:room]
    if len(texts) > room or _length(name, kept[-1], size) > width:
        while kept[-1] and _length(name, kept[-1] + ELLIPSIS, size) > width:
            kept[-1] = kept[-1][:-1].rstrip()
        kept[-1] += ELLIPSIS
    shown = [line for line in kept if _length(name, line, size) <= width]
    return Lines(texts=shown, font=font(name, size), leading=leading)


def _wrapped(name: str, text: str, size: int, width: int) -> list[str]:
    """Return `text` in lines, a mark that stands alone kept with the word before it."""
    lines: list[str] = []
    room = 0.0
    for word in _bound(text):
        length = _length(name, f" {word}", size)
        if lines and length <= room:
            lines[-1] = f"{lines[-1]} {word}"
            room -= length
        else:
            lines.append(word)
            room = width - _length(name, word, size)
    return lines


def _length(name: str, text: str, size: int) -> float:
    """Return how long a text is in pixels, a little more rather than less."""
    return _measured(name, text) * size / _REFERENCE * _ROUNDING


@lru_cache(maxsize=4096)
def _measured(name: str, text: str) -> float:
    """Measuring is slow, and length grows with size: each word is measured once."""
    return font(name, _REFERENCE).getlength(text)


def _bound(text: str) -> list[str]:
    words: list[str] = []
    opened = False
    for word in text.split():
        if words and (opened or not any(c.isalnum() for c in word)) and word not in "«–&·":
            words[-1] = f"{words[-1]} {word}"
        else:
            words.append(word)
        opened = word == "«"
    return words
