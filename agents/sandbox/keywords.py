"""The keyword files: what the sandbox understands of a customer's message, one per language, loaded once.

It reads more languages than it writes. Where it can't read a message it leaves it to a person.
"""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from models.messaging import Intent

Sensitive = Literal["threat", "legal", "medical", "safety", "minors", "angry"]
Patterns = Annotated[list[str], Field(min_length=1)]

_WORD = re.compile(r"[^\W\d_]+")
_FEW_WORDS = 4
_LAST_LATIN = "\u024f"


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
    names = (entry.name for entry in files("agents.sandbox").joinpath("keywords").iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


@cache
def load_keywords(language: str) -> Keywords:
    """Return the keywords of one of `keyword_languages()`."""
    text = files("agents.sandbox").joinpath("keywords", f"{language}.yaml").read_text(encoding="utf-8")
    return Keywords.model_validate(yaml.safe_load(text))


def words_of(text: str) -> list[str]:
    """Return the words of `text`, casefolded, without numbers."""
    return _WORD.findall(text.casefold())


def language_of(text: str) -> str | None:
    """Return the language `text` is most likely in, `und` where its script is not Latin; None: it can't be told."""
    words = words_of(text)
    letters = "".join(words)
    if sum(letter > _LAST_LATIN for letter in letters) * 2 > len(letters):
        return "und"
    hits = {name: sum(word in known for word in words) for name, known in _function_words().items()}
    best, next_best = sorted(hits, key=lambda name: -hits[name])[:2]
    clear = hits[best] >= 2 or (hits[best] == 1 and len(words) <= _FEW_WORDS)
    return best if clear and hits[next_best] < hits[best] else None


@cache
def _function_words() -> dict[str, frozenset[str]]:
    text = files("agents.sandbox").joinpath("unread_languages.yaml").read_text(encoding="utf-8")
    unread: dict[str, list[str]] = yaml.safe_load(text)
    read = {name: load_keywords(name).function_words for name in keyword_languages()}
    return {name: frozenset(words) for name, words in {**unread, **read}.items()}


def says(patterns: Sequence[str], text: str) -> bool:
    """Return whether `text` has a word that begins like one of `patterns`, apostrophes of either kind alike."""
    return _any_of(tuple(patterns)).search(text.replace("’", "'").casefold()) is not None


def longest_match(beginnings: Sequence[str], text: str) -> re.Match[str] | None:
    """Return the longest of the words in `text` that begin like one of `beginnings`, which are plain text."""
    if not beginnings:
        return None
    matches = _any_of(tuple(map(re.escape, beginnings)), r"\w*").finditer(text)
    return max(matches, key=lambda match: match.end() - match.start(), default=None)


@cache
def _any_of(patterns: tuple[str, ...], end: str = "") -> re.Pattern[str]:
    """Compile a list once: the cache of `re` is smaller than the files."""
    joined = "|".join(sorted(patterns, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{joined}){end}", re.I)
