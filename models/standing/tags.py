"""Tags the words of a text by language: closed classes, plain notions, courtesy, function words."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

import regex

from models.rules.lexicons import lexicon, primary
from models.standing.closed_classes import Phrase, closed_classes, phrase
from models.standing.stems import stem
from models.standing.tokens import Token, tokens

Tags = Mapping[str, object]
"""Class of words, and what the word stands for in it: `{"weekdays": 0}`."""

CONCEPTS = frozenset({"open", "price", "discount", "free", "delivery", "booking", "card", "parking"})
"""Notions of `plain_words.yaml` that a field speaks of in any language."""
_STEMMED = CONCEPTS | {"light", "praise"}
"""Classes in which an inflected form is the same word."""
_DENSE_RUN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}々ヶー]+")
_ARABIC = regex.compile(r"^(?:[وف])?(?:ال|بال|كال|لل|[بل](?=\p{Arabic}{3}))?(?=\p{Arabic}{2})")
_HEBREW = regex.compile(r"^(?:ו)?(?:[הבלמשכ]){1,2}(?=\p{Hebrew}{3})")
_JOINED_DAY = 6
"""Letters from which on a weekday's name begins a longer word: Samstagabend."""
_LONGEST_DENSE = 24


class Tagged(NamedTuple):
    """A stretch of a text that is known."""

    tags: Tags
    first: int
    """Its first token."""
    end: int
    """The token after its last one."""


class Table(NamedTuple):
    """All known phrases of some languages."""

    phrases: dict[str, list[tuple[Phrase, Tags]]]
    """By first token, the longest first."""
    stems: dict[str, Tags]
    weekdays: tuple[tuple[str, Tags], ...]
    dense: dict[str, Tags]
    """Phrases of scripts that write words without spaces."""
    languages: tuple[str, ...]


def cut(text: str, known: Table) -> tuple[Token, ...]:
    """Return the tokens of a text; runs of a script without spaces are cut where a known phrase begins or ends."""
    if not known.dense:
        return tokens(text)
    return tuple(part for token in _joined_runs(text) for part in _parts(token, known))


def tagged(text: tuple[Token, ...], known: Table) -> Iterator[Tagged]:
    """Yield what is known of a text, in order and without overlap."""
    at = 0
    while at < len(text):
        found = _longest(text, at, known)
        if found:
            yield found
        at = found.end if found else at + 1


@cache
def table(languages: tuple[str, ...]) -> Table:
    """Return the known phrases of some languages (primary tags)."""
    every: dict[Phrase, dict[str, object]] = {}
    stems: dict[str, dict[str, object]] = {}
    for language in languages:
        for key, group, value in _entries(language):
            every.setdefault(key, {}).setdefault(group, value)
            if len(key) == 1 and group in _STEMMED:
                stems.setdefault(stem(key[0], language), {}).setdefault(group, value)
    dense = {"".join(key): tags for key, tags in every.items() if _DENSE_RUN.fullmatch("".join(key))}
    every |= {(text,): tags for text, tags in dense.items()}
    phrases: dict[str, list[tuple[Phrase, Tags]]] = {}
    for key in sorted(every, key=len, reverse=True):
        phrases.setdefault(key[0], []).append((key, every[key]))
    weekdays = tuple(
        (key[0], {"weekdays": tags["weekdays"]})
        for key, tags in every.items()
        if "weekdays" in tags and len(key) == 1 and len(key[0]) >= _JOINED_DAY
    )
    return Table(phrases, dict(stems), weekdays, dict(dense), languages)


def languages_of(*languages: str) -> tuple[str, ...]:
    """Return primary tags for `table`, each once, English last: its words stand in texts of every language."""
    return tuple(dict.fromkeys([*map(primary, languages), "en"]))


def _entries(language: str) -> Iterator[tuple[Phrase, str, object]]:
    for name in ("plain_words", "courtesy"):
        for group, lists in lexicon(name).items():
            yield from ((key, group, True) for text in lists.get(language, ()) if (key := _key(text, language)))
    for text in lexicon("function_words")["words"].get(language, ()):
        yield _key(text, language), "function", True
    classes = closed_classes(language)
    for group, words in classes._asdict().items():
        # "the day" is today, a day is not
        bare = language if group != "relative_days" else ""
        yield from ((tuple(_bare(token, bare) for token in key), group, value) for key, value in words.items())
    if language == "ja":
        # 月曜 is as good as 月曜日
        yield from (((key[0][:2],), "weekdays", day) for key, day in classes.weekdays.items())


def _key(text: str, language: str) -> Phrase:
    return tuple(_bare(token, language) for token in phrase(text))


def _bare(word: str, language: str) -> str:
    """Return a word without the article that is written as one with it."""
    return word.removeprefix("ال") if language == "ar" and len(word) > 4 else word


def _longest(text: tuple[Token, ...], at: int, known: Table) -> Tagged | None:
    word = text[at].text
    for form in _forms(word, known.languages):
        for key, tags in known.phrases.get(form, ()):
            if _stands(text, at, key, known.languages):
                return Tagged(tags, at, at + len(key))
    if not word[:1].isalpha():
        return None
    for language in known.languages:
        if tags := known.stems.get(stem(_forms(word, known.languages)[-1], language)):
            return Tagged(tags, at, at + 1)
    return next((Tagged(tags, at, at + 1) for name, tags in known.weekdays if word.startswith(name)), None)


def _stands(text: tuple[Token, ...], at: int, key: Phrase, languages: tuple[str, ...]) -> bool:
    """Whether the rest of a phrase follows its first token."""
    return at + len(key) <= len(text) and all(
        text[at + place].text == word or word in _forms(text[at + place].text, languages)
        for place, word in enumerate(key[1:], 1)
    )


def _forms(word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Return a word, and without what Arabic and Hebrew write as one with it."""
    if word.isascii():
        return (word,)
    pattern = _ARABIC if "ar" in languages else _HEBREW if "he" in languages else None
    short = pattern.sub("", word) if pattern else word
    return (word,) if short == word else (word, short)


def _joined_runs(text: str) -> Iterator[Token]:
    """Yield tokens, those of scripts without spaces put together again to runs."""
    run: list[Token] = []
    for token in tokens(text):
        is_part = _DENSE_RUN.fullmatch(token.text) is not None
        if run and not (is_part and run[-1].end == token.start):
            yield _run(run)
            run = []
        if is_part:
            run.append(token)
        else:
            yield token
    if run:
        yield _run(run)


def _run(parts: list[Token]) -> Token:
    return Token("".join(part.text for part in parts), parts[0].start, parts[-1].end, False)


def _parts(token: Token, known: Table) -> Iterator[Token]:
    """Yield a run cut at the known phrases in it, the longest first, and between them by script."""
    if not _DENSE_RUN.fullmatch(token.text):
        yield token
        return
    at = start = 0
    while at < len(token.text):
        ends = range(min(len(token.text), at + _LONGEST_DENSE), at, -1)
        end = next((end for end in ends if token.text[at:end] in known.dense), None)
        if end is None:
            at += 1
            continue
        yield from _scripts(token, start, at)
        yield Token(token.text[at:end], token.start + at, token.start + end, False)
        at = start = end
    yield from _scripts(token, start, at)


def _scripts(token: Token, start: int, end: int) -> Iterator[Token]:
    for part in tokens(token.text[start:end]):
        first = token.start + start + part.start
        yield Token(part.text, first, first + part.end - part.start, False)
