"""Compares words: by stem (Snowball), by character n-grams where a script has no stemmer, and in near forms."""

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Protocol, cast

# the package has no types
import snowballstemmer  # pyright: ignore[reportMissingTypeStubs]

from models.rules.lexicons import primary

_ALGORITHMS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "tr": "turkish",
}
_COMPOUNDING = {"da", "de", "fi", "hu", "nb", "nl", "no", "sv"}
_JOINED = {"ar", "he"}
"""Articles and prepositions are written as one with the word."""
_LONGEST = 40
_ALIKE, _SHARE, _PART = 5, 0.7, 4


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """Return the stem of a folded word; the word where its language has no stemmer."""
    code = primary(language)
    if len(word) < 3 or len(word) > _LONGEST or code not in _ALGORITHMS:
        return word
    return _stemmer(_ALGORITHMS[code])(word)


@lru_cache(maxsize=50_000)
def is_same_word(one: str, other: str, language: str) -> bool:
    """Whether two stems are forms of one word, or one is a part of the other where a language joins words."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    shared = _shared(short, long)
    if shared >= _ALIKE and shared >= _SHARE * len(long):
        return True
    if len(short) == len(long) and shared == len(short) - 1 and shared >= _PART:
        return True
    code = primary(language)
    if code in _COMPOUNDING:
        return len(short) >= _PART and (long.startswith(short) or long.endswith(short))
    return code in _JOINED and len(short) >= 3 and short in long


def covered(words: Iterable[str], by: frozenset[str], language: str) -> set[str]:
    """Return which stems are among those of another text."""
    return {word for word in words if word in by or any(is_same_word(word, other, language) for other in by)}


def _shared(short: str, long: str) -> int:
    return next((place for place, letter in enumerate(short) if letter != long[place]), len(short))


@cache
def _stemmer(algorithm: str) -> Callable[[str], str]:
    make = cast("Callable[[str], _Stemmer]", snowballstemmer.stemmer)  # pyright: ignore[reportUnknownMemberType]
    return make(algorithm).stemWord
