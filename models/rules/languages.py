"""Which language a text is in."""

from functools import cache

import regex
from lingua import IsoCode639_1, LanguageDetector, LanguageDetectorBuilder

from models.rules.lexicons import primary

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
"""Languages that a text may be in instead, or be mistaken for."""
_OTHERS = ("en", "fr", "de", "es")
_MIN_LETTERS = 20
_MIN_LETTERS_DENSE = 8
_DENSE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
_NO_WORDS = regex.compile(r"https?://\S++|[@#＃]\w++|\w++(?:\.\w++)++|\d++")
_LETTER = regex.compile(r"\p{L}")


def is_in_language(text: str, language: str) -> bool | None:
    """Return whether `text` is in a language (a BCP 47 tag).

    None: it can't be told, since the text is too short or no detector knows the language (Hinglish, for instance).
    """
    code = {"no": "nb"}.get(primary(language), primary(language))
    words = _NO_WORDS.sub(" ", text)
    if not _is_known(code) or not _is_long_enough(words):
        return None
    detected = _detector(code).detect_language_of(words)
    return detected is not None and detected.iso_code_639_1.name.casefold() == code


def _is_known(code: str) -> bool:
    return hasattr(IsoCode639_1, code.upper())


def _is_long_enough(words: str) -> bool:
    least = _MIN_LETTERS_DENSE if _DENSE.search(words) else _MIN_LETTERS
    return len(_LETTER.findall(words)) >= least


@cache
def _detector(code: str) -> LanguageDetector:
    """Return a detector of a language and those it may be mistaken for.

    Its light models need a tenth of the memory and the time to load, and a caption is long enough for them.
    """
    codes = dict.fromkeys((code, *_LIKELY.get(code, _OTHERS)))
    languages = [getattr(IsoCode639_1, name.upper()) for name in codes]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*languages).with_low_accuracy_mode().build()
