import re
from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel

from ai_service.cli.brief_file import load_brief as load_file
from evals.fixtures import load_brief, load_messages, slugs
from models.brief import Brief, BusinessContext, CampaignContext, KeyDate, Offer
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

BRIEFS = {slug: load_brief(slug) for slug in slugs()}
MESSAGES = {slug: load_messages(slug) for slug in slugs()}


def forbidden_phrases(brief: Brief) -> list[str]:
    """Return the phrases that a brief forbids, and itself says."""
    banned = [*brief.business.banned_phrases, *brief.business.competitors]
    rules = re.compile(r"business\.(banned_phrases|competitors)|campaign\.notes")
    said = "\n".join(text for path, text in texts_of(brief).items() if not rules.match(path)).casefold()
    return [phrase for phrase in banned if re.search(rf"(?<!\w){re.escape(phrase.casefold())}(?!\w)", said)]


def test_there_are_twenty_businesses_each_in_its_language_and_country() -> None:
    businesses = {slug: brief.business for slug, brief in BRIEFS.items()}

    assert {
        slug: (business.language, business.country) for slug, business in businesses.items()
    } == LANGUAGE_AND_COUNTRY
    assert len({business.name for business in businesses.values()}) == 20


def test_a_fixture_sells_each_offer_and_keeps_each_key_date_within_its_month() -> None:
    plans = {slug: plan_days(brief, today=TODAY) for slug, brief in BRIEFS.items()}

    sold = {slug: {day.offer_index for day in plan if day.is_promo} for slug, plan in plans.items()}
    marked = {slug: {day.date for day in plan if day.key_date} for slug, plan in plans.items()}
    assert sold == {slug: set(range(len(brief.business.offers))) for slug, brief in BRIEFS.items()}
    assert [
        slug for slug, brief in BRIEFS.items() if not {own.day for own in brief.campaign.key_dates} <= marked[slug]
    ] == []


def test_a_fixture_breaks_none_of_its_own_rules() -> None:
    assert {slug: broken for slug, brief in BRIEFS.items() if (broken := forbidden_phrases(brief))} == {}


def test_a_full_brief_says_enough_to_write_from() -> None:
    full = [brief for slug, brief in BRIEFS.items() if slug not in ("petpals", "ironcraft-cnc")]

    assert [brief.business.name for brief in full if not 4 <= len(brief.business.facts) <= 8] == []
    assert [brief.business.name for brief in full if not (brief.business.links and brief.business.audience)] == []
    assert [brief.business.name for brief in full if not (brief.campaign.goal and brief.campaign.call_to_action)] == []


def test_no_fixture_links_to_somebody_real() -> None:
    texts = [text for brief in BRIEFS.values() for text in texts_of(brief).values()]

    hosts = re.findall(r"https?://([^/\s]+)", "\n".join(texts))

    assert len(hosts) > len(BRIEFS) / 2
    assert [host for host in hosts if not host.endswith(".example")] == []


def test_the_machine_shop_says_next_to_nothing() -> None:
    business = BRIEFS["ironcraft-cnc"].business

    assert (business.facts, business.offers, business.links, business.networks) == ([], [], [], [])


def test_the_mortgage_broker_requires_its_risk_warning() -> None:
    business = BRIEFS["thames-mortgages"].business

    assert business.required_phrases == [
        "Your home may be repossessed if you do not keep up repayments on your mortgage."
    ]


def test_six_customers_write_one_of_each_kind() -> None:
    kinds = {slug: [message.kind for message in messages] for slug, messages in MESSAGES.items()}
    names = {slug: len({message.name for message in messages}) for slug, messages in MESSAGES.items()}

    assert kinds == dict.fromkeys(MESSAGES, KINDS)
    assert names == dict.fromkeys(MESSAGES, 6)


def test_a_person_answers_complaints_and_threats_and_none_is_needed_for_small_talk() -> None:
    needs_human = {
        slug: {message.kind: message.needs_human for message in messages} for slug, messages in MESSAGES.items()
    }

    assert [slug for slug, kinds in needs_human.items() if not (kinds["complaint"] and kinds["angry_pii"])] == []
    assert [slug for slug, kinds in needs_human.items() if kinds["off_topic"]] == []


def test_angry_customers_leave_data_that_must_not_come_back() -> None:
    angry = {
        slug: message.message
        for slug, messages in MESSAGES.items()
        for message in messages
        if message.kind == "angry_pii"
    }

    assert [slug for slug, message in angry.items() if len(re.findall(r"\d", message)) < 8] == []


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
