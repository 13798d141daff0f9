"""Replies through the service: requested again if they must not be sent, and handed over by code."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import JsonValue

from ai_service import AIService, Turn
from models.messaging import Handover
from tests import serving
from tests.provider.received import JsonObject, ReceivedRequest
from tests.replies import GOOD, SORRY, asked
from tests.serving import Shop, as_answer, told

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop, ai = serving.shop, serving.ai


async def test_a_sound_reply_is_ready_to_send_with_all_fields_for_a_host(shop: Shop, ai: AIService) -> None:
    shop.server.script(as_answer(GOOD))
    written_at = datetime.now(UTC) - timedelta(hours=1)

    result = await asked(shop, ai, channel="whatsapp", last_customer_message_at=written_at)

    reply = result.output
    assert reply.auto_sendable
    assert (reply.needs_human, reply.handover, reply.flags) == (False, [], [])
    assert reply.facts_used == ["business.facts.0"]
    assert reply.ai_disclosure == "Réponse automatique de Levain & Fils, rédigée par une IA."
    assert reply.window_closes_at == written_at + timedelta(hours=24)
    assert [(quality.name, quality.passed) for quality in reply.quality] == [("r.language", True)]
    assert (len(shop.server.requests), result.notes) == (1, [])


def task(request: ReceivedRequest) -> JsonObject:
    found = request.document["task"]
    assert isinstance(found, dict)
    return found


async def test_a_long_message_is_shortened_by_its_quoted_lines_first(shop: Shop, ai: AIService) -> None:
    shop.server.script(as_answer(GOOD))
    question, history = "Vous ouvrez quand ?", "> Bonjour, merci de votre message.\n" * 130

    result = await asked(shop, ai, f"{question}\n\nLe lundi, vous écriviez :\n{history}")

    (request,) = shop.server.requests
    assert task(request)["customer_message"] == f"{question}\n\nLe lundi, vous écriviez :"
    assert result.notes == [f"{len(history.strip()):,} characters of quoted lines were left out"]


async def test_a_reply_to_a_message_that_was_not_read_whole_is_not_sent_alone(shop: Shop, ai: AIService) -> None:
    shop.server.script(as_answer(GOOD))

    result = await asked(shop, ai, "Vous ouvrez quand ? " * 250)

    (request,) = shop.server.requests
    assert len(str(task(request)["customer_message"])) <= 4_000
    assert result.notes == ["1,002 characters at the end of the customer's message were left out"]
    assert [flag.rule_id for flag in result.output.flags] == ["reply.unread"]
    assert not result.output.auto_sendable


REFUSED: list[tuple[str, dict[str, JsonValue], str]] = [
    ("a refund", {"reply": "Bonjour, nous allons vous rembourser."}, "money back or compensation is promised"),
    ("a gift", {"reply": "Bonjour, votre café est gratuit dimanche."}, "something for nothing is promised"),
    ("a time", {"reply": "Bonjour, nous vous attendons à 7 h 45."}, "is not in the brief: name only times"),
    ("a price", {"reply": "Bonjour, cela fait 3 €."}, "price '3' is not in the brief"),
]


@pytest.mark.parametrize(("changes", "reason"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
async def test_a_reply_that_must_not_be_sent_is_asked_again(
    shop: Shop, ai: AIService, changes: dict[str, JsonValue], reason: str
) -> None:
    shop.server.script(as_answer({**GOOD, **changes}), as_answer(GOOD))

    result = await asked(shop, ai)

    assert reason in (result.attempts[0].error or "")
    assert reason in shop.server.requests[1].user_texts[-1]
    assert result.output.reply == GOOD["reply"]


BY_PHONE = "Bonjour, commandez au 04 72 00 11 22, nous serons heureux de vous aider."
ENGLISH = "Good morning, you can order by phone and we will be happy to help you with all of it."


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"facts_used": ["business.facts.0", "business.facts.9"]}, {"facts_used": ["business.facts.0"]}),
        ({"facts_used": ["business.reviews.0"]}, {"facts_used": ["business.facts.0"]}),
        ({"facts_used": ["the opening hours"]}, {"facts_used": ["business.facts.0"]}),
        ({"facts_used": None}, {"facts_used": ["business.facts.0"]}),
        ({"language": "French"}, {"language": "fr"}),
        ({"language": "fr_FR"}, {"language": "fr-FR"}),
        ({"language": "elvish?"}, {"language": "fr"}),
        ({"language": "de", "reply": BY_PHONE}, {"language": "fr"}),
        ({"intent": "Question"}, {"intent": "question"}),
        ({"intent": "opening hours"}, {"intent": "other"}),
        (
            {"needs_human": True, "needs_human_reason": None},
            {"needs_human_reason": "The model hands this over and gives no reason."},
        ),
    ],
)
async def test_what_a_reply_says_about_itself_is_corrected_at_the_first_attempt(
    shop: Shop, ai: AIService, sent: JsonObject, kept: JsonObject
) -> None:
    shop.server.script(as_answer({**GOOD, **sent}))

    result = await asked(shop, ai)

    assert result.output.model_dump(mode="json", include=set(kept)) == kept
    assert len(result.attempts) == 1


async def test_a_reply_in_another_language_than_the_message_is_still_asked_again(shop: Shop, ai: AIService) -> None:
    shop.server.script(as_answer({**GOOD, "reply": ENGLISH, "language": "fr"}), as_answer(GOOD))

    result = await asked(shop, ai)

    assert [row.status for row in result.attempts] == ["invalid_output", "ok"]


async def test_fields_that_a_reply_stands_on_are_named_by_code(shop: Shop, ai: AIService) -> None:
    shop.server.script(as_answer({**GOOD, "facts_used": []}))

    result = await asked(shop, ai)

    assert (len(result.attempts), result.output.facts_used) == (1, ["business.facts.0"])


async def test_promises_of_the_brief_may_be_made(shop: Shop) -> None:
    shop.server.script(
        as_answer({**GOOD, "reply": "Bonjour, la dégustation est gratuite, samedi de 9 h à midi."}),
    )

    contexts = told({"facts": ["Dégustation gratuite le samedi de 9 h à 12 h"]})
    async with AIService(shop.settings(), context_source=contexts) as ai:
        result = await asked(shop, ai)

    assert len(result.attempts) == 1


ECHOES = [
    "la carte finissant par 1111",
    "la carte 4111111111111111",
    "le 06 39 98 47 12",
    "camille.perrot@mail.example",
    "Madame Perrot",
    "14 rue des Tables-Claudiennes",
    "la commande 88123",
]
PERSONAL = (
    "Ma commande 88123 a disparu ! Carte 4111 1111 1111 1111. Camille Perrot, 14 rue des Tables-Claudiennes, "
    "06 39 98 47 12, camille.perrot@mail.example."
)


@pytest.mark.parametrize("echo", ECHOES)
async def test_personal_data_is_refused_without_being_repeated(shop: Shop, ai: AIService, echo: str) -> None:
    shop.server.script(as_answer({**SORRY, "reply": f"Désolés, nous avons bien noté {echo}."}), as_answer(SORRY))

    result = await asked(shop, ai, PERSONAL)

    error = result.attempts[0].error or ""
    assert "reply: it repeats personal data" in error
    assert echo not in error
    feedback = shop.server.requests[1].user_texts[-1]
    assert not any(secret in feedback for secret in ("1111", "Perrot", "06 39", "88123", "camille", "Tables"))


async def test_personal_data_is_neither_in_the_reason_nor_from_the_thread(shop: Shop, ai: AIService) -> None:
    thread = [Turn(author="customer", text=PERSONAL), Turn(author="business", text="Nous regardons.")]
    told_back: dict[str, JsonValue] = {"needs_human": True, "needs_human_reason": "Camille Perrot est en colère."}
    shop.server.script(as_answer({**SORRY, **told_back}), as_answer(SORRY))

    result = await asked(shop, ai, "Alors ?", thread=thread)

    assert "needs_human_reason: it repeats personal data (name or address)" in (result.attempts[0].error or "")


async def test_a_reason_without_a_handover_is_dropped(shop: Shop, ai: AIService) -> None:
    shop.server.script(as_answer({**GOOD, "needs_human_reason": "Promise nothing: no refund, replacement, gift."}))

    result = await asked(shop, ai)

    assert (result.output.needs_human_reason, len(result.attempts)) == (None, 1)


async def test_the_reason_may_name_what_a_customer_claims(shop: Shop, ai: AIService) -> None:
    claimed = "La cliente demande 50 € et du pain bio gratuit."
    shop.server.script(as_answer({**SORRY, "needs_human": True, "needs_human_reason": claimed}))

    result = await asked(shop, ai, "Je veux 50 € et du pain bio.")

    assert (result.output.needs_human_reason, len(result.attempts)) == (claimed, 1)


async def test_the_business_s_own_number_and_a_first_name_in_the_greeting_are_fine(shop: Shop, ai: AIService) -> None:
    own: dict[str, JsonValue] = {
        "reply": "Bonjour Camille, appelez-nous au 04 72 00 11 22.",
        "facts_used": ["business.facts.2"],
    }
    shop.server.script(as_answer({**GOOD, **own}))

    result = await asked(shop, ai, "Je m'appelle Camille Perrot. Le 04 72 00 11 22, c'est bien vous ?")

    assert len(result.attempts) == 1


async def test_code_hands_over_what_the_model_missed_without_asking_again(shop: Shop, ai: AIService) -> None:
    shop.server.script(as_answer(SORRY))

    result = await asked(shop, ai, "Je veux être remboursée, sinon je vais porter plainte.")

    reply = result.output
    assert reply.needs_human
    assert reply.handover == [Handover.REFUND, Handover.LEGAL]
    assert reply.needs_human_reason == "The conversation is about money back or compensation, a legal matter."
    assert not reply.auto_sendable
    assert len(result.attempts) == 1


async def test_code_never_takes_back_what_the_model_handed_over(shop: Shop, ai: AIService) -> None:
    shop.server.script(as_answer({**GOOD, "needs_human": True, "needs_human_reason": "une commande"}))

    reply = (await asked(shop, ai)).output

    assert (reply.needs_human, reply.needs_human_reason, reply.handover) == (True, "une commande", [])
    assert not reply.auto_sendable


async def test_an_earlier_message_of_the_customer_hands_over_and_one_of_the_business_does_not(
    shop: Shop, ai: AIService
) -> None:
    shop.server.script(as_answer(SORRY))
    claim = "Je veux un remboursement."

    by_customer = await asked(shop, ai, "Alors ?", thread=[Turn(author="customer", text=claim)])
    by_business = await asked(shop, ai, "Alors ?", thread=[Turn(author="business", text=claim)])

    assert by_customer.output.handover == [Handover.REFUND]
    assert by_business.output.handover == []


@pytest.mark.parametrize(
    "decision",
    ["Désolés, aucun remboursement n'est possible.", "Pas d'inquiétude, vous serez remboursée.", "C'est notre faute."],
)
async def test_where_a_person_decides_the_reply_does_not(shop: Shop, decision: str) -> None:
    shop.server.script(as_answer({**SORRY, "reply": decision}))

    contexts = told({"facts": ["Remboursement intégral sous 14 jours"]})
    async with AIService(shop.settings(), context_source=contexts) as ai:
        result = await asked(shop, ai, "Remboursez-moi !")

    reply = result.output
    assert len(result.attempts) == 1
    assert reply.reply == "Merci pour votre message. Il a été transmis à une personne de notre équipe, qui le lira."
    assert (reply.needs_human, reply.auto_sendable, reply.facts_used) == (True, False, [])
