"""Which replies may be sent without a person: every sentence of message and reply is judged against the brief."""

from datetime import UTC, date, datetime

import pytest

from models.answering import (
    broken_rules,
    handed_over,
    is_in_customers_language,
    standing_on,
    suggested,
)
from models.brief import Brief
from models.conversation import Conversation
from models.messaging import Intent, ReplyCopy
from models.publishing import blocking
from models.rules.facts_used import with_facts, with_known_facts

TODAY = date(2026, 11, 28)
"""A Saturday."""
SENT, HELD, REFUSED = "sent", "held", "asked again"
OFFER = "business.offers"
FACT = "business.facts"


def brief(language: str, country: str, **business: object) -> Brief:
    plain = {"name": "Ostler", "industry": "shop", "tone": "plain", "languages": [language], "country": country}
    return Brief.model_validate({"business": {**plain, **business}})


SOUP = brief(
    "en",
    "GB",
    name="Cold Lane Soups",
    industry="soup kitchen",
    offers=[
        {"text": "Pea soup and bread", "price": "5.20", "currency": "GBP", "valid_until": "2026-01-31"},
        {
            "text": "25 percent off all stews",
            "percent_off": 25,
            "code": "STEW25",
            "valid_from": "2027-03-01",
            "valid_until": "2027-03-31",
        },
        {"text": "Four rolls", "price": "5.20", "currency": "GBP"},
    ],
    facts=[
        "Open Thursday to Sunday, noon to 8 pm",
        "We deliver within Selby",
        "Soup without cream on Tuesdays",
        "We bake with rye flour",
    ],
    banned_phrases=["genuine"],
)
BIKES = brief(
    "en",
    "US",
    name="Ridge Bike Works",
    industry="bike workshop",
    offers=[
        {"text": "Full service for $85", "price": 85, "currency": "USD"},
        {"text": "Chain wash", "price": 30, "currency": "USD"},
    ],
    facts=["Open Monday to Friday, 7.30 am to 3 pm", "Most tubes are changed while you wait"],
)
PIANO = brief(
    "de",
    "DE",
    name="Werkstatt Ahlgrimm",
    industry="Klavierbau",
    offers=[{"text": "Stimmung", "price": 95, "currency": "EUR", "percent_off": 10}],
    facts=["Geöffnet Montag bis Donnerstag, 8 bis 16 Uhr", "Wir restaurieren Klaviere und Flügel"],
)
CHEESE = brief(
    "fr",
    "FR",
    name="La Cave Hortense",
    industry="fromagerie",
    facts=["Ouvert du mardi au vendredi, 7 h 30 - 12 h", "Tomme de dix-huit mois"],
)

CASES: list[tuple[Brief, str, str, list[str], str]] = [
    # offers that do not hold today
    (SOUP, "Any offers?", "Yes: pea soup and bread for £5.20.", [f"{OFFER}.0"], REFUSED),
    (SOUP, "Is there a voucher code?", "Use the code STEW25 for 25 percent off all stews.", [f"{OFFER}.1"], REFUSED),
    # closed sets that contradict the brief
    (SOUP, "Can I drop in on a Tuesday?", "Sure, Tuesdays from noon to 8 pm.", [f"{FACT}.0"], REFUSED),
    (SOUP, "What are your hours?", "From Wednesday through Sunday, noon to 8 pm.", [f"{FACT}.0"], REFUSED),
    (SOUP, "Which day is the soup cream-free?", "The soup without cream is on Fridays.", [f"{FACT}.2"], REFUSED),
    (PIANO, "Ab wann haben Sie montags auf?", "Montags öffnet die Werkstatt um 10 Uhr.", [f"{FACT}.0"], REFUSED),
    (BIKES, "How much is a chain wash?", "A chain wash is $85.", [f"{OFFER}.1"], REFUSED),
    # statements that no field makes
    (SOUP, "Can you bring it to Goole?", "Sure, our rider comes to Goole.", [f"{FACT}.1"], HELD),
    (SOUP, "Is your bread fine without gluten?", "Yes, all our rolls are gluten-free.", [], HELD),
    (SOUP, "Is the soup vegan?", "Yes, it is vegan.", [f"{FACT}.1"], HELD),
    (SOUP, "Is the bread vegan?", "Yes, it is.", [f"{FACT}.3"], HELD),
    (BIKES, "Do you still have helmets in medium?", "Yes, there are three left.", [], HELD),
    (BIKES, "When do I get my bike back?", "It will be at your door by Tuesday.", [f"{FACT}.0"], HELD),
    (PIANO, "Wann ist mein Klavier fertig?", "Ihr Klavier ist übermorgen fertig.", [f"{FACT}.1"], HELD),
    (SOUP, "Can you keep us a bench on Friday?", "All set, the bench is yours on Friday.", [], HELD),
    (BIKES, "Can someone ring me?", "Someone will be on the line to you shortly.", [], HELD),
    (BIKES, "The other shop is cheaper.", "Show us their price and we go lower.", [], HELD),
    (SOUP, "Is it real Irish food?", "We cook it the way we like it.", ["business.banned_phrases.0"], HELD),
    # what a person must answer, though the reply is harmless
    (SOUP, "I'm coeliac. Which soups can I eat?", "Thank you for your message.", [], HELD),
    (SOUP, "My throat went tight after your soup.", "Thank you for your message.", [], HELD),
    (SOUP, "Cancel my bench. I can't do this any more, nobody will notice.", "Thank you.", [], HELD),
    (SOUP, "I know which door your cook uses. Sleep well.", "Thank you for your message.", [], HELD),
    (SOUP, "Please wipe my number from your system.", "Thank you for your message.", [], HELD),
    (PIANO, "Schicken Sie mir die neunzig Euro wieder aufs Konto.", "Danke für Ihre Nachricht.", [], HELD),
    # what shows the machine
    (SOUP, "Is Friday possible?", "My previous answer failed validation. Yes, Friday until 8 pm.", [], REFUSED),
    (SOUP, "Is Friday possible?", "Yes, until 8 pm. `facts_used` holds the hours.", [], REFUSED),
    (BIKES, "Nobody answers the phone.", "Unfortunately I am not able to help with that.", [], REFUSED),
    # what stands
    (BIKES, "What is a full service?", "A full service is $85.00.", [f"{OFFER}.0"], SENT),
    (PIANO, "Ich habe ein Klavier von 1911, machen Sie das auch?", "Ja, Klaviere restaurieren wir.", [], SENT),
    # (SOUP, "How much are the rolls?", "Four rolls are five pounds twenty.", [f"{OFFER}.2"], SENT),
    (SOUP, "Do you deliver in Selby?", "Yes, we deliver within Selby.", [f"{FACT}.1"], SENT),
    (SOUP, "Are you open on Friday?", "Hi! Yes, we are open on Friday from noon to 8 pm. See you!", [], SENT),
    (SOUP, "Are you open on Mondays?", "We are open Thursday to Sunday, so not on Mondays.", [], SENT),
    (CHEESE, "Vous êtes ouverts le jeudi ?", "Oui, le jeudi nous sommes ouverts de 7 h 30 à midi.", [], SENT),
    (SOUP, "Thank you, the soup was wonderful!", "Thank you, that makes our day!", [], SENT),
    (SOUP, "Can I come by tomorrow night?", "Thank you for your message.", [], SENT),
]


def verdict(told: Brief, message: str, text: str, facts: list[str], *, language: str | None = None) -> str:
    conversation = Conversation(
        customer_message=message,
        customer_before=(),
        opens=True,
        channel=None,
        last_customer_message_at=None,
        today=TODAY,
    )
    copy = ReplyCopy(
        reply=text,
        intent=Intent.QUESTION,
        needs_human=False,
        needs_human_reason=None,
        language=language or told.business.language,
        facts_used=facts,
    )
    copy = handed_over(with_known_facts(copy, told, shown_on=TODAY), conversation)
    copy = with_facts(copy, standing_on(copy, conversation, told))
    found = broken_rules(copy, conversation, told)
    in_language = is_in_customers_language(copy, conversation, told)
    if blocking(found) or in_language is False:
        return REFUSED
    now = datetime(2026, 11, 28, 12, tzinfo=UTC)
    reply = suggested(copy, conversation, told, found=found, is_in_language=in_language, now=now)
    return SENT if reply.auto_sendable else HELD


@pytest.mark.parametrize(("told", "message", "text", "facts", "expected"), CASES, ids=[case[2] for case in CASES])
def test_a_reply_is_sent_held_or_asked_for_again(
    told: Brief, message: str, text: str, facts: list[str], expected: str
) -> None:
    assert verdict(told, message, text, facts) == expected


def test_days_are_known_in_every_language() -> None:
    said = "Yes, do come on Saturday between 7:30 am and 12 pm."

    assert verdict(CHEESE, "Could we come by on Saturday?", said, [f"{FACT}.0"], language="en") == REFUSED


def test_an_answer_in_another_script_than_the_question_is_asked_for_again() -> None:
    assert verdict(CHEESE, "何時までですか？", "La cave ferme à midi.", [f"{FACT}.0"]) == REFUSED


def test_the_draft_for_a_person_gives_no_advice() -> None:
    conversation = Conversation(
        customer_message="I fell yesterday and my wrist is swollen. Can I ride?",
        customer_before=(),
        opens=True,
        channel=None,
        last_customer_message_at=None,
        today=TODAY,
    )
    copy = ReplyCopy(
        reply="Rest it and put ice on it.",
        intent=Intent.QUESTION,
        needs_human=False,
        needs_human_reason=None,
        language="en",
        facts_used=[],
    )

    drafted = handed_over(copy, conversation)

    assert drafted.reply == (
        "Thank you for your message. It has been passed to a person in our team, who will read it."
    )
    assert drafted.needs_human


def test_offers_are_cited_by_their_index_in_the_whole_brief() -> None:
    copy = ReplyCopy(
        reply="Four rolls are £5.20.",
        intent=Intent.QUESTION,
        needs_human=False,
        needs_human_reason=None,
        language="en",
        facts_used=[f"{OFFER}.0"],
    )

    assert with_known_facts(copy, SOUP, shown_on=TODAY).facts_used == [f"{OFFER}.2"]
