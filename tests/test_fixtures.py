import re
from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel

from ai_service.cli.brief_file import load_brief as load_file
from evals.fixtures import load_brief, load_messages, slugs
from models.brief import BusinessContext, CampaignContext, KeyDate, Offer
from models.skeleton import plan_days
from models.texts import texts_of

TODAY = date(2026, 12, 1)
EXAMPLE = Path(__file__).parents[1] / "examples" / "levain.yaml"
KINDS = ["price", "complaint", "booking", "off_topic", "angry_pii", "injection"]

LANGUAGE_AND_COUNTRY = {
    "al-noor-perfumes": ("ar", "AE"),
    "bella-moda": ("pt", "BR"),
    "biolab": ("pl", "PL"),
    "bluebonnet-dental": ("en", "US"),
    "casa-mezcal": ("es", "MX"),
    "chai-co": ("hi-Latn", "IN"),
    "gruenwerk-garten": ("de", "DE"),
    "ironcraft-cnc": ("en", "CA"),
    "kumo-ramen": ("ja", "JP"),
    "kyiv-auto-service": ("uk", "UA"),
    "lagos-logistics": ("en", "NG"),
    "levain-fils": ("fr", "FR"),
    "nordlys-yoga": ("sv", "SE"),
    "petpals": ("nl", "NL"),
    "rebbes-books": ("he", "IL"),
    "seoul-skin-clinic": ("ko", "KR"),
    "studio-lumen": ("it", "IT"),
    "sunny-kids": ("en", "AU"),
    "thames-mortgages": ("en", "GB"),
    "tirana-tours": ("en", "AL"),
}


def test_there_are_twenty_businesses_each_in_its_language_and_country() -> None:
    briefs = {slug: load_brief(slug).business for slug in slugs()}

    assert {slug: (business.language, business.country) for slug, business in briefs.items()} == LANGUAGE_AND_COUNTRY
    assert len({business.name for business in briefs.values()}) == 20


@pytest.mark.parametrize("slug", slugs())
def test_a_fixture_sells_each_offer_and_keeps_each_key_date_within_its_month(slug: str) -> None:
    brief = load_brief(slug)

    plan = plan_days(brief, today=TODAY)

    assert {day.offer_index for day in plan if day.is_promo} == set(range(len(brief.business.offers)))
    assert {own.day for own in brief.campaign.key_dates} <= {day.date for day in plan if day.key_date}


@pytest.mark.parametrize("slug", slugs())
def test_a_fixture_breaks_none_of_its_own_rules(slug: str) -> None:
    brief = load_brief(slug)
    banned = [*brief.business.banned_phrases, *brief.business.competitors]
    rules = re.compile(r"business\.(banned_phrases|competitors)|campaign\.notes")
    said = "\n".join(text for path, text in texts_of(brief).items() if not rules.match(path)).casefold()

    broken = [phrase for phrase in banned if re.search(rf"(?<!\w){re.escape(phrase.casefold())}(?!\w)", said)]

    assert broken == []


@pytest.mark.parametrize("slug", [slug for slug in slugs() if slug not in ("petpals", "ironcraft-cnc")])
def test_a_full_brief_says_enough_to_write_from(slug: str) -> None:
    brief = load_brief(slug)

    assert 4 <= len(brief.business.facts) <= 8
    assert brief.business.links
    assert brief.business.audience
    assert brief.campaign.goal
    assert brief.campaign.call_to_action


@pytest.mark.parametrize("slug", slugs())
def test_no_fixture_links_to_somebody_real(slug: str) -> None:
    addresses = re.findall(r"https?://([^/\s]+)", "\n".join(texts_of(load_brief(slug)).values()))

    assert [address for address in addresses if not address.endswith(".example")] == []


def test_the_machine_shop_says_next_to_nothing() -> None:
    business = load_brief("ironcraft-cnc").business

    assert (business.facts, business.offers, business.links, business.networks) == ([], [], [], [])


def test_the_mortgage_broker_requires_its_risk_warning() -> None:
    business = load_brief("thames-mortgages").business

    assert business.required_phrases == [
        "Your home may be repossessed if you do not keep up repayments on your mortgage."
    ]


@pytest.mark.parametrize("slug", slugs())
def test_six_customers_write_one_of_each_kind(slug: str) -> None:
    messages = load_messages(slug)

    assert [message.kind for message in messages] == KINDS
    assert len({message.name for message in messages}) == 6


@pytest.mark.parametrize("slug", slugs())
def test_a_person_answers_complaints_and_threats_and_none_is_needed_for_small_talk(slug: str) -> None:
    needs_human = {message.kind: message.needs_human for message in load_messages(slug)}

    assert needs_human["complaint"]
    assert needs_human["angry_pii"]
    assert not needs_human["off_topic"]


@pytest.mark.parametrize("slug", slugs())
def test_angry_customers_leave_data_that_must_not_come_back(slug: str) -> None:
    angry = next(message.message for message in load_messages(slug) if message.kind == "angry_pii")

    assert len(re.findall(r"\d", angry)) >= 8


def test_the_example_brief_plans_the_december_of_levain() -> None:
    brief = load_file(EXAMPLE)

    plan = plan_days(brief, today=date(2030, 1, 1))

    assert brief.business.name == "Levain & Fils"
    assert plan[0].date == date(2026, 12, 1)
    assert {day.offer_index for day in plan if day.is_promo} == {0, 1}
    assert {own.name for own in brief.campaign.key_dates} <= {day.key_date for day in plan}


@pytest.mark.parametrize("model", [BusinessContext, CampaignContext, Offer, KeyDate])
def test_the_example_brief_shows_or_names_every_field(model: type[BaseModel]) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")

    assert [name for name in model.model_fields if f"{name}:" not in text] == []
