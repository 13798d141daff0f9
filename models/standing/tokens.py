"""Cuts texts into sentences and tokens, and folds letters so that spellings of one word compare equal.

The cut follows the default rules of UAX 29 with its common tailorings: a full stop ends no sentence after an
abbreviation or a number that goes on, nor before a small letter.
"""

from functools import lru_cache
from typing import NamedTuple

import regex

from models.grounding import normalised
from models.normalising import normal_form

_MARKS = regex.compile(r"(?<=[\p{Latin}\p{Greek}])\p{M}+|[\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]")
_SAME = str.maketrans("ىةłøđıßʼ`´‘’", "يهlodis'''''")
_TOKEN = regex.compile(
    r"\d+(?:[.,:]\d+)*|[\p{Han}々ヶ]+|[\p{Katakana}ー]+|\p{Hiragana}+|\p{Hangul}+"
    r"|(?:(?![\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}])[\p{L}\p{M}])+|[^\w\s]"
)
_DENSE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]")
_END = regex.compile(
    r"(?<=[!?…])[\"'”’»)\]]*\s+|(?<=[。!?！？])[」』）]*(?=[\p{Han}\p{Hiragana}\p{Katakana}])|(?<=。)\s*|\n+"
    r"|(?<=\.)(?<!(?<!\d\s?)\b\p{L}\.)(?<!\b(?:St|Dr|Mr|Mrs|Ms|Nr|No|ca|bzw|inkl|Str|Tel|approx|av|art|núm|nº|kl|tel|ul|god|godz)\.)"
    r"[\"'”’»)\]]*\s+(?=[\p{Lu}\p{Lo}\d\"'“‘«„¿¡(\p{So}])",
    regex.I,
)


class Token(NamedTuple):
    """A word, a number or a sign of a text."""

    text: str
    """Folded."""
    start: int
    end: int
    is_capital: bool


def sentences(text: str) -> list[str]:
    """Return the sentences of `text`, in order; lines that end without a full stop are sentences too."""
    return [stripped for part in _END.split(normalised(text)) if (stripped := part.strip())]


def fold(text: str) -> str:
    """Return `text` in small letters without accents and points, so that spellings of one word are the same."""
    plain = text.casefold()
    if plain.isascii():
        return plain
    return normal_form("NFC", _MARKS.sub("", normal_form("NFD", plain)).translate(_SAME))


@lru_cache(maxsize=256)
def tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens of `text`, which is normalised first: places are places in `normalised(text)`."""
    return tuple(
        Token(fold(found[0]) or found[0], found.start(), found.end(), found[0][0].isupper())
        for found in _TOKEN.finditer(normalised(text))
    )


def is_dense(text: str) -> bool:
    """Whether `text` is in a script that writes words without spaces between them."""
    return _DENSE.search(text) is not None
