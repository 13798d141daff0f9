"""Only the part that breaks a rule is requested again: the rest is kept, and the attempts are those of one question."""

import json

import pytest
from pydantic import JsonValue

from ai_service import AIGenerationError, AIService
from tests import serving
from tests.provider.reactions import Answer, HttpError, Sampled
from tests.provider.received import Api, JsonObject, ReceivedRequest, value_at
from tests.serving import MODELS, TEXT_APIS, WHOLE, Shop

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop, ai = serving.shop, serving.ai


def answer(**changed: JsonValue) -> Answer:
    return Answer(json.dumps({**WHOLE, **changed}))


def part(**fields: JsonValue) -> Answer:
    return Answer(json.dumps(fields))


def asked(request: ReceivedRequest) -> list[str]:
    """Return the fields of a request's schema."""
    properties = value_at(request.schema, "properties")
    assert isinstance(properties, dict)
    return list(properties)


def task(request: ReceivedRequest) -> JsonObject:
    found = request.document["task"]
    assert isinstance(found, dict)
    return found


LONG = "Bonjour " * 300
UNMENTIONED = "Do not mention this message in the answer."
WHOLE_POST = ["caption", "hashtags", "script"]


@pytest.mark.parametrize("api", TEXT_APIS)
async def test_a_caption_too_long_is_asked_for_without_the_script(shop: Shop, api: Api) -> None:
    shop.server.script(answer(caption=LONG, script="Le four."), part(caption="Le pain est chaud."))

    async with shop.open(model=MODELS[api]) as ai:
        result = await ai.generate_content(shop.business_id, shop.campaign_id, 3, networks=["instagram"])

    first, second = shop.server.requests
    assert (asked(first), asked(second)) == (WHOLE_POST, ["caption"])
    assert second.strict
    (rewrite,) = [item for item in value_list(task(second)["rewrite"])]
    assert (rewrite["part"], rewrite["text"]) == ("caption", LONG.strip())
    said = "caption: 2399 characters, `task.caption_characters` is 2124: write at most 2124"
    assert rewrite["reason"] == f"{said}. {UNMENTIONED}"
    assert task(first)["caption_characters"] == 2124
    assert task(second)["kept"] == {"hashtags": "#pain", "script": "Le four."}
    assert second.user_texts[1:] == []
    assert (result.output.script, result.output.hashtags) == ("Le four.", ["#pain"])
    assert result.output.caption.startswith("Le pain est chaud.")
    assert [(row.question, row.attempt, row.status) for row in result.attempts] == [
        (0, 1, "invalid_output"),
        (0, 2, "ok"),
    ]
    assert result.attempts[0].error == said


def value_list(value: JsonValue) -> list[JsonObject]:
    assert isinstance(value, list)
    return [item for item in value if isinstance(item, dict)]


async def test_each_time_only_what_is_still_wrong_is_asked_for(shop: Shop, ai: AIService) -> None:
    shop.server.script(
        answer(caption="Du pain bio", script="Voir evil.example"),
        part(caption="Du pain", script="Voir encore evil.example"),
        part(script="Le four."),
    )

    result = await ai.generate_content(shop.business_id, shop.campaign_id, 3)

    assert [asked(request) for request in shop.server.requests] == [WHOLE_POST, ["caption", "script"], ["script"]]
    third = task(shop.server.requests[2])
    assert third["kept"] == {"caption": "Du pain", "hashtags": "#pain"}
    assert (result.output.hashtags, result.output.script) == (["#pain"], "Le four.")
    assert result.output.caption.startswith("Du pain")
    assert [row.attempt for row in result.attempts] == [1, 2, 3]


async def test_if_nothing_can_be_kept_everything_is_requested_again(shop: Shop, ai: AIService) -> None:
    shop.server.script(answer(caption="Du pain bio", hashtags=["#bio"], script="Un pain bio"), answer())

    await ai.generate_content(shop.business_id, shop.campaign_id, 3)

    first, second = shop.server.requests
    assert asked(second) == WHOLE_POST
    assert second.user_texts[0] == first.user_texts[0]
    assert "must not be said" in second.user_texts[1]


async def test_a_part_that_stays_wrong_is_asked_again_in_its_own_conversation(shop: Shop, ai: AIService) -> None:
    shop.server.script(answer(caption="Du pain bio"), part(caption="Encore bio"), part(caption="Du pain"))

    await ai.generate_content(shop.business_id, shop.campaign_id, 3)

    second, third = shop.server.requests[1:]
    assert asked(third) == ["caption"]
    assert third.user_texts[0] == second.user_texts[0]
    assert "business.banned_phrases.0 must not be said" in third.user_texts[1]


async def test_a_part_answered_twice_is_asked_for_in_a_fresh_conversation_without_it(shop: Shop, ai: AIService) -> None:
    shop.server.script(answer(caption="Du pain bio"), part(caption="Du pain bio"), part(caption="Du pain"))

    await ai.generate_content(shop.business_id, shop.campaign_id, 3)

    third = shop.server.requests[2]
    assert asked(third) == ["caption"]
    assert third.user_texts[1:] == []
    assert value_at(third.document, "task", "rewrite", 0, "text") == ""
    assert "Du pain bio" not in json.dumps(third.body, ensure_ascii=False)


async def test_parts_are_asked_for_within_the_attempts_of_the_question(shop: Shop, ai: AIService) -> None:
    shop.server.script(answer(caption="bio"), part(caption="bio"), part(caption="bio"), Sampled())

    with pytest.raises(AIGenerationError) as caught:
        await ai.generate_content(shop.business_id, shop.campaign_id, 3)

    assert len(shop.server.requests) == 3
    assert (caught.value.reason, caught.value.retryable) == ("invalid_output", False)
    assert "business.banned_phrases.0" in str(caught.value)


async def test_no_part_is_asked_for_after_the_last_attempt(shop: Shop) -> None:
    shop.server.script(HttpError(500), answer(caption="bio"), Sampled())

    async with shop.open(max_attempts=2) as ai:
        with pytest.raises(AIGenerationError) as caught:
            await ai.generate_content(shop.business_id, shop.campaign_id, 3)

    assert [row.status for row in caught.value.attempts] == ["server_error", "invalid_output"]
    assert caught.value.reason == "invalid_output"


async def test_a_part_is_repaired_and_retried_as_a_whole_is(shop: Shop, ai: AIService) -> None:
    shop.server.script(
        answer(caption="Du pain bio"),
        HttpError(503),
        Answer("Here you are:\n```json\n{'caption': 'Du pain',}\n```"),
    )

    result = await ai.generate_content(shop.business_id, shop.campaign_id, 3)

    assert [row.status for row in result.attempts] == ["invalid_output", "server_error", "ok"]
    assert result.attempts[2].repairs
    assert result.output.caption.startswith("Du pain")


async def test_a_fallback_model_takes_over_a_part(shop: Shop) -> None:
    shop.server.script(answer(caption="Du pain bio"), part(caption="Du pain"))

    async with shop.open(models={"content": ["openai:gpt-5.2", "openai:gpt-5-mini"]}) as ai:
        result = await ai.generate_content(shop.business_id, shop.campaign_id, 3)

    assert [row.model for row in result.attempts] == ["gpt-5.2", "gpt-5-mini"]
