"""Word lists as data: finds phrases by language in a text, with their spans.

A phrase is written as it appears in a text. `*` after a word matches any ending. Matching ignores case and the variants
of apostrophes, hyphens and spaces.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import regex
import yaml
from pydantic import TypeAdapter

from models.domains import Span
from models.folding import folded, holds

Phrases = dict[str, dict[str, list[str]]]
"""Phrases by group and language."""
ANY = "any"
"""Key of the phrases that are searched for in every language."""

_SAME = str.maketrans("’‘ʼ`\u00a0\u202f‑–—", "''''  ---")
_TRANSLATED = tuple(map(chr, _SAME))
_PHRASES = TypeAdapter(Phrases)
_EVERY = (None,)
_WORD = regex.compile(r"\w+")


@cache
def lexicon(name: str) -> Phrases:
    """Return the lists of `lexicons/NAME.yaml`."""
    text = (Path(__file__).parent / "lexicons" / f"{name}.yaml").read_text(encoding="utf-8")
    return _PHRASES.validate_python(yaml.load(text, Loader=yaml.CSafeLoader))


def primary(language: str) -> str:
    """Return the primary subtag of a BCP 47 tag: `pt` of `pt-BR`. A tag with the script `Latn` (`hi-Latn`) is kept."""
    parts = language.split("-")
    script = next((part for part in parts[1:] if len(part) == 4 and part.isalpha()), None)
    return f"{parts[0]}-{script}" if script == "Latn" else parts[0]


def find(text: str, name: str, group: str, languages: Iterable[str] | None = None) -> list[Span]:
    """Return the spans in `text` of phrases of a group, in order; `languages` None means all languages.

    Of phrases that begin at the same place the longest counts. Matches within another match are dropped.
    """
    chosen = _EVERY if languages is None else _chosen(tuple(languages))
    read, by_language = _read(text), _indexes(name, group)
    indexes = [index for language in chosen if (index := by_language.get(language)) and index.may_be_in(read)]
    if not indexes:
        return []
    starts = [
        (found.start(), -len(phrase), found.end())
        for index in indexes
        for phrase in index.phrases_for(read)
        for found in _pattern(phrase).finditer(read.plain, overlapped=True)
    ]
    finds: list[Span] = []
    for start, _, end in sorted(starts):
        if not finds or start >= finds[-1].end:
            finds.append(Span(start, end))
    return finds


@lru_cache(maxsize=256)
def _chosen(languages: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*map(primary, languages), ANY]))


def speaks(name: str, group: str, language: str) -> bool:
    """Return whether a group has phrases in a language."""
    return primary(language) in lexicon(name)[group]


class _Read(NamedTuple):
    """A text, prepared once for the search of all groups."""

    plain: str
    folded: str
    words: frozenset[str]


@lru_cache(maxsize=32)
def _read(text: str) -> _Read:
    plain = text.translate(_SAME) if holds(text, _TRANSLATED) else text
    same = folded(plain)
    return _Read(plain, same, frozenset(_WORD.findall(same)))


class _Index(NamedTuple):
    """The phrases of a group, by a whole word (else a part of a word) that a text must contain to match."""

    by_word: dict[str, list[str]]
    by_part: dict[str, list[str]]
    words: frozenset[str]
    parts: tuple[str, ...]

    def may_be_in(self, read: _Read) -> bool:
        """Return whether any of the phrases may match a text."""
        return not self.words.isdisjoint(read.words) or holds(read.folded, self.parts)

    def phrases_for(self, read: _Read) -> list[str]:
        """Return the phrases that may match a text."""
        words = [phrase for word in self.by_word.keys() & read.words for phrase in self.by_word[word]]
        parts = [phrase for part, phrases in self.by_part.items() if part in read.folded for phrase in phrases]
        return words + parts


@cache
def _indexes(name: str, group: str) -> dict[str | None, _Index]:
    """Return the phrases of each language; under None those of all languages."""
    lists = lexicon(name)[group]
    every = [phrase for phrases in lists.values() for phrase in phrases]
    return {None: _index_of(every), **{language: _index_of(phrases) for language, phrases in lists.items()}}


def _index_of(phrases: Iterable[str]) -> _Index:
    by_word: dict[str, list[str]] = {}
    by_part: dict[str, list[str]] = {}
    for phrase in dict.fromkeys(phrases):
        plain = folded(phrase.translate(_SAME))
        words = _whole_words(plain)
        part = max(plain.replace("*", " ").split(), key=len)
        held, key = (by_word, max(words, key=len)) if words else (by_part, part)
        held.setdefault(key, []).append(phrase)
    return _Index(by_word, by_part, frozenset(by_word), tuple(by_part))


def _whole_words(plain: str) -> list[str]:
    """Return the words of a phrase that can only match whole words of a text."""
    return [
        found[0]
        for found in _WORD.finditer(plain)
        if (found.start() > 0 or _is_parted(plain[0]))
        and (found.end() < len(plain) or _is_parted(plain[-1]))
        and plain[found.end() : found.end() + 1] != "*"
    ]


@cache
def _pattern(phrase: str) -> regex.Pattern[str]:
    plain = phrase.translate(_SAME)
    words = (regex.escape(word.removesuffix("*")) + r"\w*+" * word.endswith("*") for word in plain.split())
    before = r"(?<!\w)" if _is_parted(plain[0]) else ""
    after = r"(?!\w)" if _is_parted(plain[-1]) else ""
    return regex.compile(before + r"\s+".join(words) + after, regex.I)


def _is_parted(character: str) -> bool:
    """Return whether a script separates words by spaces and attaches nothing to them, as scripts with case do."""
    return character.isdigit() or character.upper() != character.lower()
