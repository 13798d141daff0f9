from typing import Any

import pytest

from models.brief import BusinessContext
from models.rules.compliance import comply
from models.rules.compliance_rules import COMPLIANCE_RULES
from models.rules.disclosure import label
from models.rules.lexicons import lexicon
from models.rules.trades import age_limit


# Any: the fields of a brief, which it checks itself.
def business(**fields: Any) -> BusinessContext:
    return BusinessContext.model_validate(
        {"name": "Levain", "industry": "bakery", "tone": "warm", "languages": ["en"], **fields}
    )


def flags(text: str, path: str = "caption", **fields: Any) -> dict[str, str]:
    """Return the severity of each rule that a text breaks."""
    return {found.rule_id: found.severity for found in comply({path: text}, business(**fields))}


BANK = {"industry": "mortgage broker", "country": "US"}
BAR = {"industry": "wine bar", "country": "GB"}
GERMAN = {"languages": ["de"], "country": "DE"}
PAID = {"material_connection": "The maker lends us the tools"}
SLIMMING = {"law.health.weight": "hard", "law.health.slimming": "soft"}
CUT = {"law.price_cut": "soft"}

BREAKS: list[tuple[str, str, dict[str, Any], dict[str, str]]] = [
    ("law.disclosure", "New shears! #ad", PAID | {"languages": ["de"]}, {"law.disclosure": "hard"}),
    ("law.disclosure", "Love these #garden #ad", PAID, {"law.disclosure": "hard"}),
    ("law.disclosure", "Look at these.\n#ad", PAID, {"law.disclosure": "hard"}),
    ("law.disclosure", "This ad is about shears", PAID, {"law.disclosure": "hard"}),
    ("brand.required", "Call us", {"required_phrases": ["Rates may change."]}, {"brand.required": "hard"}),
    ("law.health.cure", "Our tea cures diabetes.", {}, {"law.health.cure": "hard"}),
    ("law.health.cure", "Unser Tee heilt Depressionen.", GERMAN, {"law.health.cure": "hard"}),
    ("law.health.cure", "Notre miel soigne la grippe", {"languages": ["fr"]}, {"law.health.cure": "hard"}),
    ("law.health.cure", "Nuestra miel previene el cáncer", {"languages": ["es"]}, {"law.health.cure": "hard"}),
    ("law.health.cure", "Il nostro miele cura l'influenza", {"languages": ["it"]}, {"law.health.cure": "hard"}),
    ("law.health.cure", "Onze thee geneest griep", {"languages": ["nl"]}, {"law.health.cure": "hard"}),
    ("law.health.cure", "O nosso mel cura a gripe", {"languages": ["pt"]}, {"law.health.cure": "hard"}),
    ("law.health.cure", "Nasz miód leczy grypę", {"languages": ["pl"]}, {"law.health.cure": "hard"}),
    ("law.health.cure", "Vår honung botar influensa", {"languages": ["sv"]}, {"law.health.cure": "hard"}),
    ("law.health.cure", "We treat infections", {"industry": "dental practice"}, {"law.health.cure": "soft"}),
    ("law.health.weight", "Lose 5 kg by June", {}, {"law.health.weight": "hard"}),
    ("law.health.weight", "Abnehmen: 10 Kilo weniger", GERMAN, SLIMMING),
    ("law.health.slimming", "Think about weight loss", {}, {"law.health.slimming": "soft"}),
    ("law.health.promise", "A detox for spring", {}, {"law.health.promise": "soft"}),
    ("law.finance.promise", "A risk-free plan", BANK, {"law.finance.promise": "hard"}),
    ("law.finance.promise", "A risk-free trial of our bread", {}, {"law.finance.promise": "soft"}),
    ("law.finance.word", "Your loan, guaranteed", BANK, {"law.finance.word": "hard"}),
    ("law.finance.warning", "Book a call", BANK | {"country": "GB"}, {"law.finance.warning": "soft"}),
    ("law.alcohol.excess", "18+ Get drunk with us", BAR, {"law.alcohol.excess": "hard"}),
    ("law.alcohol.excess", "Bottomless prosecco for brunch", {}, {"law.alcohol.excess": "soft"}),
    ("law.alcohol.driving", "18+ One for the road", BAR, {"law.alcohol.driving": "soft"}),
    ("law.alcohol.minors", "18+ Bring the kids", BAR, {"law.alcohol.minors": "soft"}),
    ("law.alcohol.strength", "18+ Our strongest yet", BAR, {"law.alcohol.strength": "soft"}),
    ("law.alcohol.health", "18+ Red wine is good for you", BAR, {"law.alcohol.health": "soft"}),
    ("law.alcohol.age", "Open from 18:00, at 18h on Sunday", BAR, {"law.alcohol.age": "soft"}),
    ("law.alcohol.age", "Only 18+ tonight", BAR | {"country": "US"}, {"law.alcohol.age": "soft"}),
    ("law.green.generic", "Umweltfreundliche Hecken", GERMAN, {"law.green.generic": "hard"}),
    ("law.green.generic", "Un pain écologique", {"languages": ["fr"], "country": "FR"}, {"law.green.generic": "hard"}),
    (
        "law.green.generic",
        "Eco-friendly bags",
        GERMAN | {"certifications": ["Meisterbetrieb"]},
        {"law.green.generic": "hard"},
    ),
    ("law.green.neutral", "Klimaneutral geliefert", GERMAN, {"law.green.neutral": "hard"}),
    (
        "law.green.neutral",
        "Klimaneutral geliefert",
        GERMAN | {"certifications": ["Blauer Engel"]},
        {"law.green.neutral": "soft"},
    ),
    ("law.green.vague", "Nachhaltige Gärten", GERMAN, {"law.green.vague": "soft"}),
    ("law.price_cut", "Brioche: -10 %", {"country": "FR", "languages": ["fr"]}, CUT),
    ("law.price_cut", "Now 10% off", {"country": "IE"}, CUT),
    ("law.price_cut", "Was €20, now €15", {"country": "IE"}, CUT),
    ("law.price_cut", "~~20 €~~ 15 €", GERMAN, CUT),
    ("law.price_cut", "Jetzt 15 € statt 20 €", GERMAN, CUT),
    ("law.price_cut", "€ 5 korting op het eerste bezoek", {"country": "NL", "languages": ["nl"]}, CUT),
    ("law.testimonial", "Our customers say it is soft", {}, {"law.testimonial": "soft"}),
    ("law.comparison", "Better than the supermarket", {}, {"law.comparison": "soft"}),
]

KEEPS: list[tuple[str, str, dict[str, Any]]] = [
    ("law.disclosure", "Ad: new shears #garden", PAID),
    ("law.disclosure", "#ad New shears #garden", PAID),
    ("law.disclosure", "New shears (ad)", PAID),
    ("law.disclosure", "Anzeige | Neue Scheren", PAID | {"languages": ["de"]}),
    ("law.disclosure", "Collaboration commerciale avec Vert. #jardin", PAID | {"languages": ["fr"]}),
    ("law.disclosure", "【広告】新しいはさみ", PAID | {"languages": ["ja"]}),
    ("law.disclosure", "Ad: gërshërë të reja", PAID | {"languages": ["sq"]}),
    ("law.disclosure", "New shears", {}),
    ("brand.required", "Call us. Rates may change.", {"required_phrases": ["Rates may change."]}),
    ("law.health.cure", "Our tea does not cure diabetes.", {}),
    ("law.health.cure", "Unser Tee heilt keine Krankheit.", GERMAN),
    ("law.health.cure", "A cured ham. Diabetes is another matter.", {}),
    ("law.health.cure", "A treat for Sunday", {}),
    ("law.health.weight", "A loaf of 2 kg", {}),
    ("law.health.weight", "You will not lose 5 kg with bread", {}),
    ("law.finance.word", "Fresh bread, guaranteed", {}),
    ("law.finance.warning", "Book a call", BANK | {"country": "GB", "required_phrases": ["Book a call"]}),
    ("law.finance.warning", "Book a call", BANK),
    ("law.alcohol.excess", "Bottomless baskets of bread", {}),
    ("law.alcohol.driving", "Driving home? Take a loaf along.", {}),
    ("law.alcohol.minors", "Kids love our wine-red cake", {}),
    ("law.alcohol.age", "Only 18+ tonight", BAR),
    ("law.green.generic", "Eco-friendly bags", {"country": "US"}),
    ("law.green.generic", "Umweltfreundliche Hecken", GERMAN | {"certifications": ["EU Ecolabel 049/012"]}),
    ("law.price_cut", "Now 10% off", {"country": "US"}),
    ("law.price_cut", "80 % Roggen, 20 % Weizen", GERMAN),
    ("law.price_cut", "Der Kurs findet statt: 20 €", GERMAN),
    ("law.testimonial", "Our customers say it is soft", {"reviews": ["It is soft"]}),
]


@pytest.mark.parametrize(("rule_id", "text", "fields", "expected"), BREAKS, ids=lambda value: str(value)[:50])
def test_a_text_is_flagged(rule_id: str, text: str, fields: dict[str, Any], expected: dict[str, str]) -> None:
    found = flags(text, **fields)

    assert {rule_id: found.get(rule_id)} == {rule_id: expected[rule_id]}
    assert set(found) <= {*expected, "law.finance.warning"}


@pytest.mark.parametrize(("rule_id", "text", "fields"), KEEPS, ids=lambda value: str(value)[:50])
def test_a_similar_text_is_not_flagged(rule_id: str, text: str, fields: dict[str, Any]) -> None:
    assert rule_id not in flags(text, **fields)


def test_every_rule_is_tested() -> None:
    assert {rule_id for rule_id, *_ in BREAKS} | {"law.disclosure.spoken"} == {rule.id for rule in COMPLIANCE_RULES}


def test_a_rule_that_is_left_out_flags_nothing() -> None:
    found = [
        (rule_id, violation.rule_id)
        for rule_id, text, fields, _ in BREAKS
        for violation in comply({"caption": text}, business(**fields), without=frozenset({rule_id}))
    ]

    assert [left_out for left_out, rule_id in found if left_out == rule_id] == []


def test_a_rule_that_is_left_out_leaves_the_others() -> None:
    found = comply({"caption": "A detox cures flu"}, business(), without=frozenset({"law.health.cure"}))

    assert [violation.rule_id for violation in found] == ["law.health.promise"]


def test_a_video_says_in_its_hook_that_it_is_advertising() -> None:
    assert flags("Look at this", path="hook", **PAID) == {"law.disclosure.spoken": "soft"}
    assert flags("Sponsored: look at this", path="hook", **PAID) == {}
    assert flags("Look at this", path="body", **PAID) == {}


def test_the_usual_label_discloses_in_its_language() -> None:
    languages = [*lexicon("disclosure")["label"], "sq"]

    assert [label("de-AT"), label("fr"), label("sq")] == ["Anzeige", "Publicité", "Ad"]
    assert [flags(f"{label(code)}: Levain", languages=[code], **PAID) for code in languages] == [{}] * len(languages)


def test_a_flag_has_its_span_its_words_and_its_fix() -> None:
    [found] = comply({"variants.x.caption": "An eco-friendly bag"}, business(country="IE"))

    assert found.model_dump() == {
        "rule_id": "law.green.generic",
        "severity": "hard",
        "path": "variants.x.caption",
        "message": "'eco-friendly': an environmental claim without a seal behind it: "
        "say exactly what is done instead, or name the seal in certifications",
        "span": [3, 15],
        "fix": "say exactly what is done instead, or name the seal in certifications",
    }


def test_a_missing_phrase_is_not_repeated_in_the_message() -> None:
    [found] = comply({"caption": "Call us"}, business(required_phrases=["Rates may change."]))

    assert "Rates" not in found.message
    assert found.span is None


def test_each_claim_is_flagged_once() -> None:
    found = comply({"caption": "It cures and heals flu and cancer. It prevents asthma."}, business())

    assert [violation.span for violation in found] == [[3, 22], [38, 53]]


def test_the_drinking_age_is_the_countrys() -> None:
    assert [age_limit(business(country=country)) for country in ("US", "JP", "MX", None)] == [21, 20, 18, 18]


def test_word_lists_of_other_languages_are_ignored() -> None:
    assert flags("Das ist umweltfreundlich", languages=["it"], country="IT") == {}
