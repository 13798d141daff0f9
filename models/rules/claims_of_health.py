"""Finds health claims: a healing verb near a disease, or a weight-loss verb near a number, without a negation."""

import regex

from models.brief import BusinessContext
from models.domains import Span
from models.rules.lexicons import find
from models.rules.nearness import near

_UNIT = r"\s?(?:kg|kilos?|quilos?|kilogramm?[aoie]?s?|kilogramów|lbs?|pounds?|pfund|libras?|pund)(?!\w)"
_WEIGHT = regex.compile(rf"(?<![\w.,])\d{{1,3}}(?:[.,]\d)?{_UNIT}", regex.I)
_SEPARATED = regex.compile(rf"(?<!\w)(?:nehm|nimm)\w*+[^.!?\n]{{1,40}}?{_UNIT}\s+ab(?!\w)", regex.I)
"""German separable verbs: "Nehmen Sie vier Kilo ab"."""
_AFTER_WORD = regex.compile(_UNIT, regex.I)
_REACH = 40
_BEFORE = 30
_AFTER = 12


def cures(path: str, text: str, business: BusinessContext) -> list[Span]:
    """Return claims to cure, treat or prevent a disease."""
    languages = business.languages
    claims, conditions = find(text, "health", "claims", languages), find(text, "health", "conditions", languages)
    return _affirmed(text, near(text, claims, conditions, characters=_REACH), business)


def slimming_numbers(path: str, text: str, business: BusinessContext) -> list[Span]:
    """Return promises to lose a named weight."""
    weights = [Span(*found.span()) for found in _WEIGHT.finditer(text)]
    numbers = find(text, "health", "numbers", business.languages)
    weights += [Span(word.start, unit.end()) for word in numbers if (unit := _AFTER_WORD.match(text, word.end))]
    verbs = find(text, "health", "weight", business.languages) if weights else []
    parted = [Span(*found.span()) for found in _SEPARATED.finditer(text)]
    return _affirmed(text, near(text, verbs, weights, characters=_REACH) + parted, business)


def _affirmed(text: str, claims: list[Span], business: BusinessContext) -> list[Span]:
    """Return the first of overlapping claims, without the negated ones."""
    negations = find(text, "health", "negations", business.languages) if claims else []
    kept: list[Span] = []
    for claim in sorted(claims):
        negated = any(claim.start - _BEFORE <= word.start < claim.end + _AFTER for word in negations)
        if not negated and (not kept or claim.start >= kept[-1].end):
            kept.append(claim)
    return kept
