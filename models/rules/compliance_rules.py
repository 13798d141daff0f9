"""The rules of law and policy that word lists can check, each with the businesses it applies to and its fix."""

import re
from collections.abc import Callable
from typing import NamedTuple

from models.brief import BusinessContext
from models.domains import Span
from models.rules.claims_of_health import cures, slimming_numbers
from models.rules.disclosure import undisclosed, undisclosed_speech
from models.rules.lexicons import find
from models.rules.price_cuts import price_cuts
from models.rules.severities import (
    Severities,
    always,
    connected,
    cure,
    finance_warning,
    in_europe,
    in_trade,
    price_cut,
    testimonial,
)
from models.rules.trades import age_limit, is_in

Spans = Callable[[str, str, BusinessContext], list[Span]]


class ComplianceRule(NamedTuple):
    """One rule."""

    id: str
    find: Spans
    """Takes path, text and business; returns where the rule is broken. An empty span means the whole text."""
    severity: Severities
    problem: str
    fix: str


def _listed(name: str, group: str) -> Spans:
    return lambda path, text, business: find(text, name, group, business.languages)


def _with_drink(group: str) -> Spans:
    """Return a finder for a group of phrases that applies when the business or the text is about alcohol."""

    def spans(path: str, text: str, business: BusinessContext) -> list[Span]:
        is_about = is_in("alcohol", business) or find(text, "alcohol", "drinks", business.languages)
        return find(text, "alcohol", group, business.languages) if is_about else []

    return spans


def _is_caption(path: str) -> bool:
    """Return whether the text at `path` is published verbatim."""
    return path.rpartition(".")[2] == "caption"


def _no_age(path: str, text: str, business: BusinessContext) -> list[Span]:
    age = rf"(?<![\d:.,]){age_limit(business)}(?!\d|[:.,]\d|\s?[h時시])"
    return [Span(0, 0)] if _is_caption(path) and not re.search(age, text) else []


def _no_warning(path: str, text: str, business: BusinessContext) -> list[Span]:
    return [Span(0, 0)] if _is_caption(path) and not business.required_phrases else []


def _missing_phrases(path: str, text: str, business: BusinessContext) -> list[Span]:
    is_missing = any(phrase not in text for phrase in business.required_phrases)
    return [Span(0, 0)] if _is_caption(path) and is_missing else []


COMPLIANCE_RULES = (
    ComplianceRule(
        "law.disclosure",
        undisclosed,
        connected("hard"),
        "somebody pays for or gives what is shown, and the first line does not say so",
        "begin with the usual label of advertising in its language, before any hashtag",
    ),
    ComplianceRule(
        "law.disclosure.spoken",
        undisclosed_speech,
        connected("soft"),
        "somebody pays for or gives what is shown, and the video does not say so",
        "say it in the hook or show it as text from the first second",
    ),
    ComplianceRule(
        "brand.required",
        _missing_phrases,
        always("hard"),
        "a phrase of business.required_phrases is missing",
        "put each of them in, word for word",
    ),
    ComplianceRule(
        "law.health.cure",
        cures,
        cure,
        "a claim against a disease",
        "say what it is or how it feels; claims against diseases are for approved medicines",
    ),
    ComplianceRule(
        "law.health.weight",
        slimming_numbers,
        always("hard"),
        "a promise of losing so much weight",
        "leave the number and the promise out",
    ),
    ComplianceRule(
        "law.health.slimming",
        _listed("health", "slimming"),
        always("soft"),
        "a claim about losing weight",
        "leave it out, or use the wording of an authorised claim",
    ),
    ComplianceRule(
        "law.health.promise",
        _listed("health", "promises"),
        always("soft"),
        "a promise about health",
        "leave it out unless it can be proven",
    ),
    ComplianceRule(
        "law.finance.promise",
        _listed("finance", "promises"),
        in_trade("finance", "hard", "soft"),
        "a sure gain or approval",
        "say what may happen, and the risk with it",
    ),
    ComplianceRule(
        "law.finance.word",
        _listed("finance", "in_vertical"),
        in_trade("finance", "hard", None),
        "a promise that a financial business can't make",
        "say what is offered and on which conditions",
    ),
    ComplianceRule(
        "law.finance.warning",
        _no_warning,
        finance_warning,
        "financial promotions need a risk warning here, and the brief has none",
        "add it to required_phrases, word for word",
    ),
    ComplianceRule(
        "law.alcohol.excess",
        _with_drink("excess"),
        in_trade("alcohol", "hard", "soft"),
        "an invitation to drink too much",
        "speak of taste, place and company",
    ),
    ComplianceRule(
        "law.alcohol.driving",
        _with_drink("driving"),
        always("soft"),
        "alcohol beside driving",
        "leave it out, or say plainly not to drive",
    ),
    ComplianceRule(
        "law.alcohol.minors",
        _with_drink("minors"),
        in_trade("alcohol", "soft", None),
        "minors beside alcohol",
        "leave them out",
    ),
    ComplianceRule(
        "law.alcohol.strength",
        _with_drink("strength"),
        always("soft"),
        "strength as a virtue",
        "speak of taste",
    ),
    ComplianceRule(
        "law.alcohol.health",
        _with_drink("health"),
        always("soft"),
        "alcohol as good for health",
        "leave it out",
    ),
    ComplianceRule(
        "law.alcohol.age",
        _no_age,
        in_trade("alcohol", "soft", None),
        "nothing says that it is for adults",
        "name the age, e.g. 18+ (21+ in the United States)",
    ),
    ComplianceRule(
        "law.green.generic",
        _listed("green", "generic"),
        in_europe("hard", None),
        "an environmental claim without a seal behind it",
        "say exactly what is done instead, or name the seal in certifications",
    ),
    ComplianceRule(
        "law.green.neutral",
        _listed("green", "neutral"),
        in_europe("hard", "soft"),
        "a claim of neutrality, forbidden where it rests on offsetting",
        "say which emissions were cut and by how much",
    ),
    ComplianceRule(
        "law.green.vague",
        _listed("green", "vague"),
        in_europe("soft", None),
        "a vague environmental claim",
        "say exactly what is done instead",
    ),
    ComplianceRule(
        "law.price_cut",
        price_cuts,
        price_cut,
        "a price reduction refers to the lowest price of the last 30 days here",
        "check that it does, and state that price where the full price is shown",
    ),
    ComplianceRule(
        "law.testimonial",
        _listed("testimonial", "voices"),
        testimonial,
        "it speaks for customers, and the brief has no reviews",
        "leave it out, or put real reviews into the brief",
    ),
    ComplianceRule(
        "law.comparison",
        _listed("testimonial", "comparison"),
        always("soft"),
        "a comparison with others that must be provable",
        "say what is good about it without others",
    ),
)
"""All rules, in the order in which violations are reported."""
