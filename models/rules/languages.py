"""Detects the language of a text; needs the extra `language`."""

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

import regex

from models.rules.lexicons import primary

if TYPE_CHECKING:
    from lingua import LanguageDetector

_LIKELY = {
    "en": ("fr", "de", "es", "nl"),
    "fr": ("en", "es", "it", "pt"),
    "de": ("en", "nl", "da", "sv"),
    "es": ("en", "pt", "it", "fr"),
    "it": ("en", "es", "fr", "pt"),
    "nl": ("en", "de", "da", "fr"),
    "pt": ("en", "es", "it", "fr"),
    "pl": ("en", "cs", "sk", "de"),
    "sv": ("en", "da", "nb", "de"),
    "uk": ("en", "ru", "be", "bg"),
    "ar": ("en", "fa", "ur"),
    "ja": ("en", "zh", "ko"),
    "zh": ("en", "ja", "ko"),
    "ko": ("en", "ja", "zh"),
    "hi": ("en", "mr"),
}
"""Languages that are likely alternatives, or easily confused."""
_OTHERS = ("en", "fr", "de", "es")
_LONG_ENOUGH = regex.compile(r"(?:\p{L}\P{L}*+){20}")
_LONG_ENOUGH_DENSE = regex.compile(r"(?:\p{L}\P{L}*+){8}")
_DENSE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
_NO_WORDS = regex.compile(r"https?://\S++|[@#＃]\w++|\w++(?:\.\w++)++|\d++")
_NO_WORDS_PART = regex.compile(r"[@#＃\d]|\.\w|://")
"""A cheap test that every such span matches; most texts fail it and need no further search."""


def is_in_language(text: str, language: str) -> bool | None:
    """Return whether `text` is in a language (a BCP 47 tag).

    None means unknown: the text is too short, the detector does not support the language (Hinglish, for instance), or
    no detector is installed.
    """
    code = {"no": "nb"}.get(primary(language), primary(language))
    words = _NO_WORDS.sub(" ", text) if _NO_WORDS_PART.search(text) else text
    if not _is_known(code) or not _is_long_enough(words):
        return None
    detected = _detector(code).detect_language_of(words)
    return detected is not None and detected.iso_code_639_1.name.casefold() == code


@cache
def _is_known(code: str) -> bool:
    if find_spec("lingua") is None:
        return False
    from lingua import IsoCode639_1  # an extra

    return hasattr(IsoCode639_1, code.upper())


def _is_long_enough(words: str) -> bool:
    return bool((_LONG_ENOUGH_DENSE if _DENSE.search(words) else _LONG_ENOUGH).search(words))


@cache
def _detector(code: str) -> "LanguageDetector":
    """Return a detector for a language and those it is easily confused with.

    Its low-accuracy models need a tenth of the memory and loading time, and a caption is long enough for them.
    """
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    codes = dict.fromkeys((code, *_LIKELY.get(code, _OTHERS)))
    languages = [getattr(IsoCode639_1, name.upper()) for name in codes]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*languages).with_low_accuracy_mode().build()
