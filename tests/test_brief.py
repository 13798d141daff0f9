from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from ai_service.errors import Problem, problems_of
from models.brief import Brief, BusinessContext, CampaignContext, Offer

BUSINESS: dict[str, object] = {
    "name": "Levain & Fils",
    "industry": "bakery",
    "tone": "warm, cheeky",
    "languages": ["fr", "en"],
}


def problems(
    *, business: Mapping[str, object] = BUSINESS, campaign: Mapping[str, object] | None = None
) -> list[Problem]:
    """Return the problems of a brief, as a caller sees them."""
    with pytest.raises(ValidationError) as caught:
        Brief.model_validate({"business": business, "campaign": campaign or {}})
    return problems_of(caught.value)


def test_only_name_industry_tone_and_languages_are_required() -> None:
    brief = Brief.model_validate({"business": BUSINESS})

    assert brief.business.language == "fr"
    assert brief.campaign.name == "Always on"
    assert (brief.business.offers, brief.business.facts, brief.campaign.key_dates) == ([], [], [])


def test_each_missing_field_is_a_problem_of_its_own() -> None:
    assert problems(business={}) == [
        Problem(f"business.{field}", "is missing", "add it") for field in ("name", "industry", "tone", "languages")
    ]


@pytest.mark.parametrize(
    ("change", "field", "message", "fix"),
    [
        ({"nmae": "x"}, "nmae", "Extra inputs are not permitted, got 'x'", "remove it, or correct its spelling"),
        ({"name": ""}, "name", "is empty", "write something that can be seen"),
        ({"name": "  "}, "name", "is empty", "write something that can be seen"),
        ({"name": None}, "name", "is missing", "add it"),
        ({"tone": "\u200b\u3164\ufe0f"}, "tone", "is empty", "write something that can be seen"),
        ({"name": "Weir\0Lane"}, "name", "holds a NUL character", "remove it"),
        ({"facts": ["Bread", "a\0b"]}, "facts.1", "holds a NUL character", "remove it"),
        ({"name": "x" * 121}, "name", "at most 120 characters", "shorten it"),
        ({"tone": 5}, "tone", "valid string, got 5", "write a text"),
        ({"languages": []}, "languages", "at least 1 item", "add an entry"),
        ({"languages": ["fr"] * 6}, "languages", "at most 5 items", "remove entries"),
        ({"languages": ["French"]}, "languages.0", "'French' is no language's tag", "write its BCP 47 tag, e.g. fr"),
        ({"languages": ["xx"]}, "languages.0", "'xx' is no language's tag", "write its BCP 47 tag, e.g. pt-BR"),
        ({"languages": ["en-XX"]}, "languages.0", "'en-XX' is no language's tag", "write its BCP 47 tag, e.g. pt-BR"),
        ({"languages": ["und"]}, "languages.0", "'und' is no language's tag", "write its BCP 47 tag, e.g. pt-BR"),
        ({"country": "XX"}, "country", "'XX' is no country's code", "write the ISO 3166-1 code, e.g. FR"),
        ({"country": 33}, "country", "valid string, got 33", "write a text"),
        (
            {"subdivision": "Bavaria"},
            "subdivision",
            "'Bavaria' is no",
            "write the ISO 3166-2 part after the hyphen, e.g. BY",
        ),
        ({"time_zone": "Paris"}, "time_zone", "'Paris' is no time zone", "take an IANA name, e.g. Europe/Paris"),
        ({"networks": ["myspace"]}, "networks.0", "'instagram', 'facebook', 'x'", "use one of the values named"),
        ({"closed_days": ["lundi"]}, "closed_days.0", "'monday', 'tuesday'", "use one of the values named"),
        (
            {"links": ["levain.example"]},
            "links.0",
            "is no link",
            "write the whole address, e.g. https://levain.example",
        ),
        (
            {"links": ["https://levain.example/<b>"]},
            "links.0",
            "is no link",
            "write the whole address, e.g. https://levain.example",
        ),
        ({"brand_colors": ["red"]}, "brand_colors.0", "'red' is no colour", "write it as #rrggbb, e.g. #c0392b"),
        ({"facts": ["x" * 301]}, "facts.0", "at most 300 characters", "shorten it"),
        ({"past_posts": ["x" * 4001]}, "past_posts.0", "at most 4000 characters", "shorten it"),
        (
            {"offers": [{"text": "x", "percent_off": 0}]},
            "offers.0.percent_off",
            "equal to 1, got 0",
            "correct the value",
        ),
        ({"offers": [{"text": "x", "percent_off": 101}]}, "offers.0.percent_off", "100, got 101", "correct the value"),
        ({"offers": [{"text": "x", "price": -1}]}, "offers.0.price", "equal to 0, got -1", "correct the value"),
        (
            {"offers": [{"text": "x", "currency": "€"}]},
            "offers.0.currency",
            "'€' is no",
            "write the ISO 4217 code, e.g. EUR",
        ),
        (
            {"offers": [{"text": "x", "price": "1,200"}]},
            "offers.0.price",
            "more than one way",
            "write it with a decimal point, e.g. 7.20",
        ),
        ({"offers": [{"text": "x", "price": True}]}, "offers.0.price", "a truth value", "pass what the field takes"),
        (
            {"offers": [{"text": "x", "price": "1e30"}]},
            "offers.0.price",
            "no more than 18 digits",
            "correct the value",
        ),
        (
            {"offers": [{"text": "x", "valid_from": "soon"}]},
            "offers.0.valid_from",
            "got 'soon'",
            "write it as YYYY-MM-DD, e.g. 2026-12-01",
        ),
    ],
)
def test_a_problem_names_the_field_the_value_and_the_fix(
    change: dict[str, object], field: str, message: str, fix: str
) -> None:
    [problem] = problems(business=BUSINESS | change)

    assert (problem.field, problem.fix) == (f"business.{field}", fix)
    assert message in problem.message


@pytest.mark.parametrize(
    ("offer", "message", "fix"),
    [
        ({"price": "4.50"}, "a price needs a currency", "add e.g. currency: EUR"),
        (
            {"valid_from": "2026-12-31", "valid_until": "2026-12-01"},
            "valid_from 2026-12-31 is after valid_until 2026-12-01",
            "swap them",
        ),
    ],
)
def test_an_offer_that_contradicts_itself_is_refused_with_the_fix(
    offer: dict[str, object], message: str, fix: str
) -> None:
    [problem] = problems(business=BUSINESS | {"offers": [{"text": "Brioche"} | offer]})

    assert (problem.field, problem.message, problem.fix) == ("business.offers.0", message, fix)


def test_a_launch_before_the_start_is_refused_with_the_fix() -> None:
    [problem] = problems(campaign={"start_date": "2026-12-02", "launch_date": "2026-12-01"})

    assert problem.field == "campaign"
    assert problem.message == "launch_date 2026-12-01 is before start_date 2026-12-02"
    assert problem.fix == "move one of them"


@pytest.mark.parametrize("launch_date", ["2026-12-01", "2026-12-05"])
def test_a_launch_may_fall_on_the_start_or_later(launch_date: str) -> None:
    campaign = CampaignContext.model_validate({"start_date": "2026-12-01", "launch_date": launch_date})

    assert campaign.launch_date == date.fromisoformat(launch_date)


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(ValidationError, match="unicode"):
        BusinessContext.model_validate(BUSINESS | {"name": "Levain \ud83e"})


def test_surrounding_white_space_is_removed() -> None:
    business = BusinessContext.model_validate(BUSINESS | {"name": "  Levain & Fils\n", "facts": [" Ouvert "]})

    assert (business.name, business.facts) == ("Levain & Fils", ["Ouvert"])


def test_a_brief_is_immutable() -> None:
    brief = Brief.model_validate({"business": BUSINESS})

    with pytest.raises(ValidationError, match="frozen"):
        brief.business.name = "Somebody else"


def test_a_price_keeps_its_cents() -> None:
    offer = Offer.model_validate({"text": "Brioche", "price": "4.10", "currency": "EUR"})

    assert offer.price == Decimal("4.10")


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "holds"),
    [
        (None, None, True),
        (date(2026, 12, 10), None, True),
        (date(2026, 12, 11), None, False),
        (None, date(2026, 12, 10), True),
        (None, date(2026, 12, 9), False),
        (date(2026, 12, 10), date(2026, 12, 10), True),
    ],
)
def test_an_offer_holds_from_its_first_to_its_last_day(
    valid_from: date | None, valid_until: date | None, holds: bool
) -> None:
    offer = Offer(text="Brioche", valid_from=valid_from, valid_until=valid_until)

    assert offer.holds_on(date(2026, 12, 10)) is holds
