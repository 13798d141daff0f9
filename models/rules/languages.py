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
_POSSIBLE = 0.15
"""Confidence of the detector above which the asked language is possible although another one is likelier."""
_SCRIPTS = {
    "latin": regex.compile(r"\p{Latin}"),
    "cyrillic": regex.compile(r"\p{Cyrillic}"),
    "greek": regex.compile(r"\p{Greek}"),
    "arabic": regex.compile(r"\p{Arabic}"),
    "hebrew": regex.compile(r"\p{Hebrew}"),
    "devanagari": regex.compile(r"\p{Devanagari}"),
    "thai": regex.compile(r"\p{Thai}"),
    "hangul": regex.compile(r"\p{Hangul}"),
    "han": regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]"),
}
_LATIN_LETTERS, _OTHER_LETTERS = 12, 2
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
    found = _detector(code).compute_language_confidence_values(words)
    confidence = {value.language.iso_code_639_1.name.casefold(): value.value for value in found}
    if max(confidence, key=confidence.__getitem__) == code:
        return True
    return None if confidence[code] > _POSSIBLE else False


def are_in_one_script(one: str, other: str) -> bool:
    """Return whether two texts may be in one language by their scripts; a few Latin letters may stand in any text."""
    scripts = _script_of(one), _script_of(other)
    return None in scripts or scripts[0] == scripts[1]


def _script_of(text: str) -> str | None:
    """Return the script that most letters of a text are in; None: there are too few to tell."""
    counts = {script: len(pattern.findall(text)) for script, pattern in _SCRIPTS.items()}
    script = max(counts, key=lambda name: counts[name] * (1 if name == "latin" else 2))
    return script if counts[script] >= (_LATIN_LETTERS if script == "latin" else _OTHER_LETTERS) else None


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
