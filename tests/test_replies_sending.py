"""Replies through the service: the customer's language, the channel's window, and whether they are auto-sendable."""

from datetime import UTC, datetime, timedelta

import pytest

from ai_service import AIGenerationError, AIService
from models.messaging import Channel
from models.rules.chat_windows import OutgoingMessage, automated_notice, check_message
from tests import serving
from tests.provider.received import value_at
from tests.replies import GOOD, asked
from tests.serving import Shop, as_answer

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop, ai = serving.shop, serving.ai

ENGLISH = "Hello! Yes, we are open from Tuesday to Sunday, do come by and see us."


async def test_a_reply_in_another_language_than_the_customer_s_is_asked_again(shop: Shop, ai: AIService) -> None:
    shop.server.script(as_answer({**GOOD, "reply": ENGLISH, "language": "en"}), as_answer(GOOD))

    result = await asked(shop, ai)

    assert "it is not in the language of the customer's message" in (result.attempts[0].error or "")
    assert result.output.language == "fr"
    assert result.output.auto_sendable


async def test_a_reply_that_names_the_wrong_language_is_asked_again(shop: Shop, ai: AIService) -> None:
    shop.server.script(as_answer({**GOOD, "reply": ENGLISH}), as_answer(GOOD))

    result = await asked(shop, ai)

    assert len(result.attempts) == 2


async def test_a_reply_that_stays_in_another_language_is_flagged_and_never_auto_sendable(
    shop: Shop, ai: AIService
) -> None:
    shop.server.script(as_answer({**GOOD, "reply": ENGLISH, "language": "en"}))

    result = await asked(shop, ai)

    assert len(result.attempts) == 3
    assert "reply.language" in {flag.rule_id for flag in result.output.flags}
    assert [quality.passed for quality in result.output.quality] == [False]
    assert not result.output.auto_sendable


async def test_a_customer_of_another_language_than_the_business_is_answered_in_theirs(
    shop: Shop, ai: AIService
) -> None:
    shop.server.script(as_answer({**GOOD, "reply": ENGLISH, "language": "en"}))

    result = await asked(shop, ai, "Hello, could you tell me if you are open on Sunday morning?")

    assert len(result.attempts) == 1
    assert result.output.ai_disclosure == "Automated reply by Levain & Fils, written with AI."


async def test_a_language_that_cannot_be_told_is_neither_passed_nor_failed(shop: Shop, ai: AIService) -> None:
    shop.server.script(as_answer({**GOOD, "reply": "Oui !", "facts_used": []}))

    reply = (await asked(shop, ai, "Dimanche ?")).output

    assert reply.quality == []
    assert reply.auto_sendable


@pytest.mark.parametrize(
    ("channel", "hours", "rule"),
    [
        ("whatsapp", 25, "wa.window"),
        ("messenger", 25, "ms.window"),
        ("instagram_dm", 25, "ms.window"),
        ("whatsapp", 23, None),
        ("email", 25, None),
        ("comment", 25, None),
    ],
)
async def test_outside_the_channels_window_a_reply_is_never_auto_sendable(
    shop: Shop, ai: AIService, channel: str, hours: int, rule: str | None
) -> None:
    shop.server.script(as_answer(GOOD))
    last = datetime.now(UTC) - timedelta(hours=hours)

    result = await asked(shop, ai, channel=channel, last_customer_message_at=last)

    reply = result.output
    assert reply.reply == GOOD["reply"]
    assert [(flag.rule_id, flag.severity) for flag in reply.flags] == ([(rule, "hard")] if rule else [])
    assert reply.auto_sendable is (rule is None)
    windowed = channel in ("whatsapp", "messenger", "instagram_dm")
    assert reply.window_closes_at == (last + timedelta(hours=24) if windowed else None)
    assert [note.partition(":")[0] for note in result.notes] == ([f"{channel} does not take it now"] if rule else [])


async def test_an_unstated_window_is_unknown(shop: Shop, ai: AIService) -> None:
    shop.server.script(as_answer(GOOD))

    reply = (await asked(shop, ai, channel="whatsapp")).output

    assert (reply.window_closes_at, reply.flags) == (None, [])


async def test_the_time_of_the_customers_message_is_not_sent_to_the_model(shop: Shop, ai: AIService) -> None:
    await asked(shop, ai, channel="whatsapp", last_customer_message_at=datetime.now(UTC))

    assert value_at(shop.server.requests[0].document, "task", "last_customer_message_at") is None


async def test_a_reply_too_long_for_a_direct_message_is_flagged(shop: Shop, ai: AIService) -> None:
    long = "Bonjour et merci de votre message, nous sommes ouverts du mardi au dimanche. " * 14
    shop.server.script(as_answer({**GOOD, "reply": long.strip()}))

    reply = (await asked(shop, ai, channel="instagram_dm")).output

    assert [flag.rule_id for flag in reply.flags] == ["ms.text"]
    assert not reply.auto_sendable


async def test_a_promise_that_stays_fails_after_the_last_attempt(shop: Shop, ai: AIService) -> None:
    shop.server.script(as_answer({**GOOD, "reply": "Bonjour, nous allons vous rembourser."}))

    with pytest.raises(AIGenerationError, match="promised that is not in the brief") as caught:
        await asked(shop, ai)

    assert len(caught.value.attempts) == 3


@pytest.mark.parametrize(
    "language", ["en", "fr", "de", "es", "it", "nl", "pt-BR", "pl", "sv", "uk", "ja", "ko", "ar", "he", "hi-Latn", "sq"]
)
def test_the_disclosure_satisfies_the_legal_rule(language: str) -> None:
    notice = automated_notice("Levain & Fils", language)
    message = OutgoingMessage(text=f"{notice}\nOui.", language=language, opens_chat=True)

    assert "Levain & Fils" in notice
    assert check_message(message, Channel.MESSENGER) == []
    assert check_message(message, Channel.WEB_CHAT) == []


async def test_the_sandbox_says_where_it_answers_in_another_language(shop: Shop) -> None:
    async with shop.open(model="sandbox") as ai:
        result = await asked(shop, ai, "Hei, oletteko auki sunnuntaiaamuna lapsiperheille?")

    assert len(result.attempts) == 1
    assert "reply.language" in [flag.rule_id for flag in result.output.flags]
    assert not result.output.auto_sendable
