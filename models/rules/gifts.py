"""Finds what a text calls free although the business does not (`ground.gift`)."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

import regex

from models.grounding import normalised
from models.rules.lexicons import find
from models.vocabulary import Severity, Violation

_RULE_ID = "ground.gift"
_FIX = "give away only what the brief gives away"
_WORD = regex.compile(r"[^\W\d_]{4,}")
_STEM = 5
_DENSE_WORD = regex.compile(r"(?:(?!\p{Hiragana})\p{L})+")
_DENSE = regex.compile(r"[\p{Han}\p{Katakana}\p{Hangul}]")
_POLITE = regex.compile(r"(?:합|입|됩|드립|습)니다|하세요|해 주세요|(?<!\w)و?ال")
_PRICED = regex.compile(
    r"(?<![\d.,])[1-9][\d.,]*+\s?(?:[€$£¥₹₴₪₦元円원]|kr\b|zł\b|(?-i:[A-Z]{3})\b|euros?\b|pesos?\b|dollars?\b|грн)"
    r"|[€$£¥₹₴₪₦]\s?[1-9]",
    regex.I,
)
_SENTENCE_END = regex.compile(r"[.!?…]\s|[。！？\n]")


class _Subject(NamedTuple):
    """What a text is about."""

    has_cases: bool
    """Whether its script has upper and lower case and separates words."""
    parts: frozenset[str]
    """Stems of longer words, or short letter sequences."""


def ungrounded_gifts(
    texts: Mapping[str, str], *, stated: Iterable[str], without: frozenset[str] = frozenset()
) -> list[Violation]:
    """Return what `texts` (path to text) offer for free and no text of `stated` does.

    Hard where the business offers nothing for free, soft where it may be the same gift in other words.
    """
    if _RULE_ID in without:
        return []
    plain = {path: normalised(text) for path, text in texts.items()}
    found = [(path, sentence, said) for path, text in plain.items() for sentence, said in _given(text)]
    own = [statement for text in stated if _is_given(statement := normalised(text))] if found else []
    return [
        _violation(path, said, "soft" if own else "hard")
        for path, sentence, said in found
        if not any(_is_same(sentence, statement) for statement in own)
    ]


def _given(text: str) -> list[tuple[str, str]]:
    """Return the sentences that offer something for free, each with the first phrase that says so."""
    if not find(text, "gifts", "given"):
        return []
    sentences = [sentence for sentence in _SENTENCE_END.split(text) if sentence]
    return [(sentence, said) for sentence in sentences if (said := _first_gift(sentence))]


def _first_gift(sentence: str) -> str | None:
    denied = {position for span in find(sentence, "gifts", "no_gift") for position in range(*span)}
    gifts = [gift for gift in find(sentence, "gifts", "given") if gift.start not in denied]
    return sentence[gifts[0].start : gifts[0].end] if gifts else None


def _is_given(statement: str) -> bool:
    """Return whether a statement offers something for free; "free classes for 299 kr" does not."""
    free = find(statement, "gifts", "given") or (find(statement, "gifts", "stated") and not _PRICED.search(statement))
    return bool(free)


def _is_same(sentence: str, statement: str) -> bool:
    """Return whether both are about the same thing; true if they use two scripts, which cannot be compared."""
    one, other = _subject(sentence), _subject(statement)
    return one.has_cases != other.has_cases or not one.parts.isdisjoint(other.parts)


@lru_cache(maxsize=128)
def _subject(text: str) -> _Subject:
    has_cases = _has_cases(text)
    return _Subject(has_cases, frozenset(_stems(text) if has_cases else _pieces(text)))


def _has_cases(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return 2 * sum(letter.upper() != letter.lower() for letter in letters) > len(letters)


def _stems(text: str) -> set[str]:
    """Return the stems of the longer words, without the words that mean free."""
    starts = {word.start for word in find(text, "gifts", "words")}
    return {found[0][:_STEM].casefold() for found in _WORD.finditer(text) if found.start() not in starts}


def _pieces(text: str) -> set[str]:
    """Return short letter sequences of the other words, without Japanese and Korean endings and the Arabic article."""
    gifts = find(text, "gifts", "given")
    kept = [
        text[start:end]
        for start, end in zip([0, *(gift.end for gift in gifts)], [*(gift.start for gift in gifts), None], strict=True)
    ]
    words = _DENSE_WORD.findall(_POLITE.sub(" ", " ".join(kept)))
    return {piece for word in words for piece in _runs(word, 2 if _DENSE.match(word) else 3)}


def _runs(word: str, length: int) -> list[str]:
    return [word[place : place + length] for place in range(len(word) - length + 1)]


def _violation(path: str, said: str, severity: Severity) -> Violation:
    message = f"gift {said!r} is not in the brief: {_FIX}"
    return Violation(rule_id=_RULE_ID, severity=severity, path=path, message=message, fix=_FIX)
