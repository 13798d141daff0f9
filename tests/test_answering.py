"""How much of a conversation is read, and what keeps a reply from being sent automatically."""

from datetime import UTC, date, datetime

import pytest

from evals.cases import brief_of
from models.answering import broken_rules, suggested
from models.conversation import Conversation
from models.messaging import Intent, ReplyCopy, ReplySuggestion


def conversation(*before: str, message: str = "Hello?") -> Conversation:
    return Conversation(
        customer_message=message,
        customer_before=before,
        opens=False,
        channel=None,
        last_customer_message_at=None,
        today=date(2026, 11, 28),
    )


def test_earlier_messages_of_usual_length_are_read_in_full() -> None:
    before = tuple(f"{number} {'word ' * 30}" for number in range(49))

    assert conversation(*before).by_customer == (*before, "Hello?")


def test_of_an_endless_thread_the_last_messages_and_the_beginnings_of_others_are_read() -> None:
    before = tuple(f"{number} I want a refund. ".ljust(3_999, "x") + "!" for number in range(49))

    read = conversation(*before, message="y" * 4_000).by_customer

    assert read[-1] == "y" * 4_000
    assert read[-3:-1] == before[-2:]
    assert all("refund" in text for text in read[:-1])
    assert sum(map(len, read[:-1])) < 20_000


@pytest.mark.parametrize("size", [4_000, 40_000, 400_000])
def test_the_text_read_from_earlier_messages_is_bounded(size: int) -> None:
    read = conversation(*["z" * size] * 50).by_customer[:-1]

    assert sum(map(len, read)) <= 8_000 + 50 * 200


def reply(text: str, *, slug: str = "petpals", language: str = "nl") -> ReplySuggestion:
    brief = brief_of(slug)
    copy = ReplyCopy(
        reply=text,
        intent=Intent.QUESTION,
        needs_human=False,
        needs_human_reason=None,
        language=language,
        facts_used=["business.offers.0"],
    )
    asked = conversation(message="Is het eerste bezoek goedkoper?")
    found = broken_rules(copy, asked, brief)
    return suggested(copy, asked, brief, found=found, is_in_language=None, now=datetime(2026, 12, 1, tzinfo=UTC))


def test_an_offer_quoted_word_for_word_is_flagged_and_blocks_nothing() -> None:
    said = reply("Ja, u krijgt € 5 korting op het eerste bezoek.")

    assert [flag.rule_id for flag in said.flags] == ["law.price_cut"]
    assert said.auto_sendable


@pytest.mark.parametrize(
    "text",
    [
        "Ja, u krijgt 5 € korting als u komt.",
        "Ja, u krijgt € 5 korting op het eerste bezoek, en € 5 korting op de shampoo.",
    ],
)
def test_a_price_cut_in_other_words_is_held_back(text: str) -> None:
    said = reply(text)

    assert "law.price_cut" in {flag.rule_id for flag in said.flags}
    assert not said.auto_sendable
