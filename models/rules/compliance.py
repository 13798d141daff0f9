"""What the law and the networks' policies ask of advertising, as far as word lists can see it.

These checks flag. They are no legal advice: a text without a flag may break the law, a text with one may keep it, and a
lawyer knows which. Rules and their sources: section D of the marketing facts; the word lists name theirs.

`hard` is what is surely forbidden where the business is: health claims against diseases, promises of a sure return by a
financial business, environmental claims without a seal in the European Union, an advertisement that does not say so.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from models.brief import BusinessContext
from models.domains import Span
from models.rules.claims_of_health import cures, slimming_numbers
from models.rules.disclosure import undisclosed, undisclosed_speech
from models.rules.lexicons import find
from models.rules.price_cuts import price_cuts
from models.rules.trades import EUROPEAN_UNION, age_limit, has_green_seal, is_in
from models.vocabulary import Severity, Violation

Spans = Callable[[str, str, BusinessContext], list[Span]]


class _Flag(NamedTuple):
    id: str
    find: Spans
    """Takes path, text and business; returns where the rule is broken. An empty span stands for all of the text."""
    severity: Callable[[BusinessContext], Severity | None]
    """None: the rule isn't for this business."""
    problem: str
    fix: str


def comply(
    texts: Mapping[str, str], business: BusinessContext, *, without: frozenset[str] = frozenset()
) -> list[Violation]:
    """Return what `texts` (path to text) should not say, or lack, by law or policy, in their order.

    `without` are ids of rules to leave out. A word list exists for English, French, German, Spanish, Italian, Dutch,
    Portuguese, Polish and Swedish; in other languages most rules find nothing.
    """
    flags = [flag for flag in FLAGS if flag.id not in without]
    return [found for path, text in texts.items() for flag in flags for found in _flagged(flag, path, text, business)]


def _flagged(flag: _Flag, path: str, text: str, business: BusinessContext) -> Iterator[Violation]:
    severity = flag.severity(business)
    for span in flag.find(path, text, business) if severity else ():
        said = text[span.start : span.end]
        yield Violation(
            rule_id=flag.id,
            severity=severity or "soft",
            path=path,
            message=f"{f'{said!r}: ' if said else ''}{flag.problem}: {flag.fix}",
            span=list(span) if said else None,
            fix=flag.fix,
        )


def _listed(name: str, group: str) -> Spans:
    return lambda path, text, business: find(text, name, group, business.languages)


def _with_drink(group: str) -> Spans:
    """Return phrases of a group where alcohol is what the business sells, or what the text is about."""

    def spans(path: str, text: str, business: BusinessContext) -> list[Span]:
        is_about = is_in("alcohol", business) or find(text, "alcohol", "drinks", business.languages)
        return find(text, "alcohol", group, business.languages) if is_about else []

    return spans


def _is_caption(path: str) -> bool:
    """Whether the text at `path` is the one that is published as it stands."""
    return path.rpartition(".")[2] == "caption"


def _no_age(path: str, text: str, business: BusinessContext) -> list[Span]:
    age = rf"(?<![\d:.,]){age_limit(business)}(?!\d|[:.,]\d|\s?[h時시])"
    return [Span(0, 0)] if _is_caption(path) and not re.search(age, text) else []


def _no_warning(path: str, text: str, business: BusinessContext) -> list[Span]:
    return [Span(0, 0)] if _is_caption(path) and not business.required_phrases else []


def _missing_phrases(path: str, text: str, business: BusinessContext) -> list[Span]:
    is_missing = any(phrase not in text for phrase in business.required_phrases)
    return [Span(0, 0)] if _is_caption(path) and is_missing else []


def _always(severity: Severity) -> Callable[[BusinessContext], Severity | None]:
    return lambda business: severity


def _in_trade(trade: str, inside: Severity, outside: Severity | None) -> Callable[[BusinessContext], Severity | None]:
    return lambda business: inside if is_in(trade, business) else outside


def _cure(business: BusinessContext) -> Severity:
    """A licensed practice may say what it treats."""
    return "soft" if is_in("care", business) else "hard"


def _in_europe(without_seal: Severity, with_seal: Severity | None) -> Callable[[BusinessContext], Severity | None]:
    def severity(business: BusinessContext) -> Severity | None:
        if business.country not in EUROPEAN_UNION:
            return None
        return with_seal if has_green_seal(business) else without_seal

    return severity


def _price_cut(business: BusinessContext) -> Severity | None:
    return "soft" if business.country in EUROPEAN_UNION else None


def _testimonial(business: BusinessContext) -> Severity | None:
    return None if business.reviews else "soft"


def _finance_warning(business: BusinessContext) -> Severity | None:
    is_asked_for = is_in("finance", business) and business.country in {*EUROPEAN_UNION, "GB"}
    return "soft" if is_asked_for else None


def _connected(severity: Severity) -> Callable[[BusinessContext], Severity | None]:
    return lambda business: severity if business.material_connection else None


FLAGS = (
    _Flag(
        "law.disclosure",
        undisclosed,
        _connected("hard"),
        "somebody pays for or gives what is shown, and the first line does not say so",
        "begin with the usual label of advertising in its language, before any hashtag",
    ),
    _Flag(
        "law.disclosure.spoken",
        undisclosed_speech,
        _connected("soft"),
        "somebody pays for or gives what is shown, and the video does not say so",
        "say it in the hook or show it as text from the first second",
    ),
    _Flag(
        "brand.required",
        _missing_phrases,
        _always("hard"),
        "a phrase of business.required_phrases is missing",
        "put each of them in, word for word",
    ),
    _Flag(
        "law.health.cure",
        cures,
        _cure,
        "a claim against a disease",
        "say what it is or how it feels; claims against diseases are for approved medicines",
    ),
    _Flag(
        "law.health.weight",
        slimming_numbers,
        _always("hard"),
        "a promise of losing so much weight",
        "leave the number and the promise out",
    ),
    _Flag(
        "law.health.slimming",
        _listed("health", "slimming"),
        _always("soft"),
        "a claim about losing weight",
        "leave it out, or use the wording of an authorised claim",
    ),
    _Flag(
        "law.health.promise",
        _listed("health", "promises"),
        _always("soft"),
        "a promise about health",
        "leave it out unless it can be proven",
    ),
    _Flag(
        "law.finance.promise",
        _listed("finance", "promises"),
        _in_trade("finance", "hard", "soft"),
        "a sure gain or approval",
        "say what may happen, and the risk with it",
    ),
    _Flag(
        "law.finance.word",
        _listed("finance", "in_vertical"),
        _in_trade("finance", "hard", None),
        "a promise that a financial business can't make",
        "say what is offered and on which conditions",
    ),
    _Flag(
        "law.finance.warning",
        _no_warning,
        _finance_warning,
        "financial promotions need a risk warning here, and the brief has none",
        "add it to required_phrases, word for word",
    ),
    _Flag(
        "law.alcohol.excess",
        _with_drink("excess"),
        _in_trade("alcohol", "hard", "soft"),
        "an invitation to drink too much",
        "speak of taste, place and company",
    ),
    _Flag(
        "law.alcohol.driving",
        _with_drink("driving"),
        _always("soft"),
        "alcohol beside driving",
        "leave it out, or say plainly not to drive",
    ),
    _Flag(
        "law.alcohol.minors",
        _with_drink("minors"),
        _in_trade("alcohol", "soft", None),
        "minors beside alcohol",
        "leave them out",
    ),
    _Flag(
        "law.alcohol.strength",
        _with_drink("strength"),
        _always("soft"),
        "strength as a virtue",
        "speak of taste",
    ),
    _Flag(
        "law.alcohol.health",
        _with_drink("health"),
        _always("soft"),
        "alcohol as good for health",
        "leave it out",
    ),
    _Flag(
        "law.alcohol.age",
        _no_age,
        _in_trade("alcohol", "soft", None),
        "nothing says that it is for adults",
        "name the age, e.g. 18+ (21+ in the United States)",
    ),
    _Flag(
        "law.green.generic",
        _listed("green", "generic"),
        _in_europe("hard", None),
        "an environmental claim without a seal behind it",
        "say exactly what is done instead, or name the seal in certifications",
    ),
    _Flag(
        "law.green.neutral",
        _listed("green", "neutral"),
        _in_europe("hard", "soft"),
        "a claim of neutrality, forbidden where it rests on offsetting",
        "say which emissions were cut and by how much",
    ),
    _Flag(
        "law.green.vague",
        _listed("green", "vague"),
        _in_europe("soft", None),
        "a vague environmental claim",
        "say exactly what is done instead",
    ),
    _Flag(
        "law.price_cut",
        price_cuts,
        _price_cut,
        "a price reduction refers to the lowest price of the last 30 days here",
        "check that it does, and state that price where the full price is shown",
    ),
    _Flag(
        "law.testimonial",
        _listed("testimonial", "voices"),
        _testimonial,
        "it speaks for customers, and the brief has no reviews",
        "leave it out, or put real reviews into the brief",
    ),
    _Flag(
        "law.comparison",
        _listed("testimonial", "comparison"),
        _always("soft"),
        "a comparison with others that must be provable",
        "say what is good about it without others",
    ),
)
"""All flags, in the order they are reported."""
