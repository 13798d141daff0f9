"""Word lists as data: phrases by language, found in a text with their place.

A phrase is written as it stands in a text. `*` after a word stands for any ending. Upper and lower case, kinds of
apostrophes, hyphens and blanks are the same.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import regex
import yaml
from pydantic import TypeAdapter

from models.domains import Span

Phrases = dict[str, dict[str, list[str]]]
"""Group, language, phrases."""
ANY = "any"
"""The language of phrases that are searched for in every language."""

_SAME = str.maketrans("’‘ʼ`\u00a0\u202f‑–—", "''''  ---")
_PHRASES = TypeAdapter(Phrases)


@cache
def lexicon(name: str) -> Phrases:
    """Return the lists of `lexicons/NAME.yaml`."""
    text = (Path(__file__).parent / "lexicons" / f"{name}.yaml").read_text(encoding="utf-8")
    return _PHRASES.validate_python(yaml.load(text, Loader=yaml.CSafeLoader))


def primary(language: str) -> str:
    """Return the primary part of a BCP 47 tag: `pt` of `pt-BR`. In Latin letters (`hi-Latn`) a language stays whole."""
    parts = language.split("-")
    script = next((part for part in parts[1:] if len(part) == 4 and part.isalpha()), None)
    return f"{parts[0]}-{script}" if script == "Latn" else parts[0]


def find(text: str, name: str, group: str, languages: Iterable[str] | None = None) -> list[Span]:
    """Return where phrases of a group stand in `text`, in order; `languages` None: phrases of all languages."""
    lists = lexicon(name)[group]
    chosen = tuple(lists) if languages is None else tuple(dict.fromkeys([*map(primary, languages), ANY]))
    pattern = _pattern(name, group, chosen)
    return [Span(*found.span()) for found in pattern.finditer(text.translate(_SAME))] if pattern else []


def speaks(name: str, group: str, language: str) -> bool:
    """Return whether a group has phrases in a language."""
    return primary(language) in lexicon(name)[group]


@cache
def _pattern(name: str, group: str, languages: tuple[str, ...]) -> regex.Pattern[str] | None:
    lists: Mapping[str, list[str]] = lexicon(name)[group]
    phrases = sorted({phrase for language in languages for phrase in lists.get(language, ())}, key=len, reverse=True)
    return regex.compile("|".join(map(_as_pattern, phrases)), regex.I) if phrases else None


def _as_pattern(phrase: str) -> str:
    plain = phrase.translate(_SAME)
    words = (regex.escape(word.removesuffix("*")) + r"\w*+" * word.endswith("*") for word in plain.split())
    before = r"(?<!\w)" if _is_parted(plain[0]) else ""
    after = r"(?!\w)" if _is_parted(plain[-1]) else ""
    return before + r"\s+".join(words) + after


def _is_parted(character: str) -> bool:
    """Whether a script parts words by blanks and joins nothing to them, as those with upper and lower case do."""
    return character.isdigit() or character.upper() != character.lower()
