"""Loads the keyword files, one per language: the words by which the sandbox understands a customer's message.

It reads the languages that it writes. Where it can't read a message it leaves it to a person.
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from models.messaging import Intent

Sensitive = Literal["threat", "legal", "medical", "safety", "minors", "angry"]
Patterns = Annotated[list[str], Field(min_length=1)]

_WORD = re.compile(r"[^\W\d_]+")
_FEW_WORDS = 4
_LAST_LATIN = "\u024f"
_KANA = re.compile(r"[ぁ-ゖァ-ヺ]")
_ARABIC = re.compile(r"[ء-ي]")
_NOT_ARABIC = re.compile(r"[پچژگکیےںٹڈڑەۆێ]")
"""Letters of other languages in Arabic script: Persian, Urdu, Kurdish."""
_UNSPACED_RUN = re.compile(r"[㐀-鿿々]{2,}|[ァ-ヺー]{2,}")
"""What carries meaning in Japanese: the rest is grammar."""
_VOWEL_SIGNS = re.compile(r"[\u064b-\u0652\u0640]")
_ONE_SPELLING = str.maketrans("أإآةى", "ااااي")
_ARABIC_PREFIX = re.compile(r"^[وف]?(?:[بك]?ال|لل)(?=\w{3})")


class Keywords(BaseModel):
    """Beginnings of words, as regular expressions, by what they mean."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    function_words: Patterns
    """The language's commonest words, to tell it from others; plain words, no expressions."""
    intents: dict[Intent, Patterns]
    sensitive: dict[Sensitive, Patterns]
    """What a person must decide on."""
    topics: dict[str, Patterns]
    """Words that mean the same to a customer: a fact with one answers a question with another."""
    off_topic: Patterns
    """What no business is asked for in earnest."""


def keyword_languages() -> list[str]:
    """Return the languages that messages are understood in, as primary subtags."""
    return list(_keyword_languages())


@cache
def _keyword_languages() -> tuple[str, ...]:
    names = (entry.name for entry in Path(__file__).with_name("keywords").iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


@cache
def load_keywords(language: str) -> Keywords:
    """Return the keywords of one of `keyword_languages()`."""
    text = Path(__file__).with_name("keywords").joinpath(f"{language}.yaml").read_text(encoding="utf-8")
    return Keywords.model_validate(yaml.safe_load(text))


def words_of(text: str) -> list[str]:
    """Return the words of `text`, casefolded, without numbers and Arabic vowel signs."""
    return _WORD.findall(_VOWEL_SIGNS.sub("", text.casefold()))


def letters_of(text: str) -> list[str]:
    """Return the letters and digits of `text`: what can be told apart where there are no spaces."""
    return [character for character in text.casefold() if character.isalnum()]


def stems_of(text: str) -> set[str]:
    """Return what words that mean the same have in common: whole words, Arabic ones without their article.

    Of Japanese, each two ideographs in a row, and each word in katakana.
    """
    runs = _UNSPACED_RUN.findall(text)
    pairs = {run if "ァ" <= run[0] <= "ー" else run[n : n + 2] for run in runs for n in range(max(len(run) - 1, 1))}
    spaced = (word for word in words_of(text) if not (_UNSPACED_RUN.search(word) or _KANA.search(word)))
    return pairs | {_arabic_stem(word) if _ARABIC.match(word) else word for word in spaced}


def _arabic_stem(word: str) -> str:
    return _ARABIC_PREFIX.sub("", word).translate(_ONE_SPELLING)


def language_of(text: str) -> str | None:
    """Return the language `text` is most likely in, `und` where none of those that are read; None: it can't be told."""
    words = words_of(text)
    letters = "".join(words)
    if len(_KANA.findall(letters)) * 6 > len(letters):
        return "ja"
    if sum(letter > _LAST_LATIN for letter in letters) * 2 > len(letters):
        is_arabic = len(_ARABIC.findall(letters)) * 2 > len(letters) and not _NOT_ARABIC.search(letters)
        return "ar" if is_arabic else "und"
    hits = {name: sum(word in known for word in words) for name, known in _function_words().items()}
    best, next_best = sorted(hits, key=lambda name: -hits[name])[:2]
    clear = hits[best] >= 2 or (hits[best] == 1 and len(words) <= _FEW_WORDS)
    return best if clear and hits[next_best] < hits[best] else None


@cache
def _function_words() -> dict[str, frozenset[str]]:
    text = Path(__file__).with_name("unread_languages.yaml").read_text(encoding="utf-8")
    unread: dict[str, list[str]] = yaml.safe_load(text)
    read = {name: load_keywords(name).function_words for name in keyword_languages()}
    return {name: frozenset(words) for name, words in {**unread, **read}.items()}


def says(patterns: Sequence[str], text: str) -> bool:
    """Return whether `text` has a word that begins like one of `patterns`, apostrophes of either kind alike."""
    return _any_of(tuple(patterns)).search(_plain(text)) is not None


def longest_match(beginnings: Sequence[str], text: str) -> re.Match[str] | None:
    """Return the longest of the words in `text` that begin like one of `beginnings`, which are plain text."""
    if not beginnings:
        return None
    matches = _any_of(tuple(map(re.escape, beginnings)), r"\w*").finditer(text)
    return max(matches, key=lambda match: match.end() - match.start(), default=None)


def boundary_before(phrase: str) -> str:
    """Return what must stand before `phrase`, as a regular expression: no letter, where its script parts words.

    An Arabic word may have a conjunction, a preposition and the article before it.
    """
    letter = next((character for character in phrase if character.isalnum()), "a")
    if _ARABIC.match(letter):
        return r"(?<!\w)[وف]?(?:[بك]?ال|لل?|[بكس])?"
    return r"(?<!\w)" if letter < "\u0900" else ""


def _plain(text: str) -> str:
    return _VOWEL_SIGNS.sub("", text.replace("’", "'").casefold())


@cache
def _any_of(patterns: tuple[str, ...], end: str = "") -> re.Pattern[str]:
    """Compile a list once: the cache of `re` is smaller than the files."""
    longest_first = sorted(patterns, key=len, reverse=True)
    # Where nothing parts words, one ends where its pattern does.
    parts = (f"{(before := boundary_before(pattern))}(?:{pattern}){end if before else ''}" for pattern in longest_first)
    return re.compile("|".join(parts), re.I)
