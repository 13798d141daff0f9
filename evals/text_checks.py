"""Text checks that several evaluators share."""

import re
from collections.abc import Iterable, Mapping

from pydantic_evals.evaluators import EvaluationReason

from models.base import Output
from models.brief import Brief
from models.publishing import blocking, violations
from models.strategy import CalendarDay
from models.texts import texts_of

_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_STEM_LETTERS = 5
_MIN_LETTERS = 4
_MIN_QUOTE = 12

_BY_CODE = {"network", "content_type", "text", "link", "flags", "quality", "variants", "on_screen"}
"""Output fields that code fills in, not a model."""

_FUNCTION_WORDS = {
    "en": frozenset(
        "the and of to in is you that it for on with your are this from have what our how we at before when".split()
    ),
    "fr": frozenset(
        "le la les de des du et en un une est que pour vous qui dans ce pas sur nous avec votre nos au avant".split()
    ),
    "de": frozenset(
        "der die das und den von zu mit ist im ein eine nicht auf für sie wir was wie vor bei wenn dem ihr ihre".split()
    ),
}
"""The most common words of the languages of the cases."""

LANGUAGES = frozenset(_FUNCTION_WORDS)


def verdict(problems: Iterable[str]) -> EvaluationReason:
    """Return an assertion that passes if there are no problems, and lists them otherwise."""
    found = list(problems)
    return EvaluationReason(value=not found, reason="; ".join(found) or None)


def words(text: str) -> list[str]:
    """Return the words of a text, casefolded."""
    return _WORD.findall(text.casefold())


def sentences(text: str) -> list[str]:
    """Return the sentences and lines of a text."""
    return [sentence for part in _SENTENCE.split(text) if words(sentence := part.strip())]


def stems(text: str) -> set[str]:
    """Return the stems of the longer words of a text, which tell its subject regardless of inflection."""
    common = frozenset[str]().union(*_FUNCTION_WORDS.values())
    return {word[:_STEM_LETTERS] for word in words(text) if len(word) >= _MIN_LETTERS and word not in common}


def in_language(text: str, language: str, *, brief: Brief) -> list[str]:
    """Return the problem of a text that has more words of another language than of `language`.

    Quotes from the brief stay in the brief's language and are ignored.
    """
    own = without_quotes(text, brief)
    said, expected = words(own), language.partition("-")[0]
    hits = {name: sum(word in known for word in said) for name, known in _FUNCTION_WORDS.items()}
    likely = max(hits, key=lambda name: (hits[name], name == expected))
    return [] if likely == expected else [f"reads like {likely!r}, not {expected!r}: {own[:80]!r}"]


def without_quotes(text: str, brief: Brief) -> str:
    """Return `text` without its verbatim quotes from the brief."""
    quotes = sorted((*texts_of(brief.business).values(), *texts_of(brief.campaign).values()), key=len, reverse=True)
    pattern = "|".join(re.escape(quote.rstrip(".")) for quote in quotes if len(quote) >= _MIN_QUOTE)
    return re.sub(pattern, " ", text, flags=re.I) if pattern else text


def written(output: Output) -> dict[str, str]:
    """Return the texts of an output by path, without those that code filled in."""
    return {path: text for path, text in texts_of(output).items() if path.partition(".")[0] not in _BY_CODE}


def ungrounded_on(
    day: CalendarDay, texts: Mapping[str, str], brief: Brief, *, supplied: Iterable[str] = ()
) -> list[str]:
    """Return the hard violations of `texts`, grounded in the brief with that day's offer only, and in `supplied`."""
    offers = [offer for offer in brief.business.offers if offer.text == day.offer and offer.holds_on(day.date)]
    narrowed = Brief(business=brief.business.model_copy(update={"offers": offers}), campaign=brief.campaign)
    known = [*supplied, day.key_date or ""]
    found = blocking(violations(texts, narrowed, supplied=known))
    return [f"{violation.path}: {violation.message}" for violation in found]
