"""Retries: what is repaired instead, what the second request contains, and how long it waits."""

import json

import pytest

from ai_service import AIGenerationError, AIService
from tests import serving
from tests.clocks import SkippingClock
from tests.fault_cases import log_lines
from tests.provider.reactions import Answer, HttpError, RawBody, Sampled
from tests.provider.received import Api, value_at
from tests.serving import FORBIDDEN, KEY, MODELS, POST, TEXT_APIS, WHOLE, WRONG, Shop

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop, ai = serving.shop, serving.ai

MAX_OUTPUT_TOKENS = 4000
REPAIRABLE = {
    "single_quotes": (str(WHOLE), ["mended quotes or commas"]),
    "trailing_comma": (POST.replace("}", ",}"), ["mended quotes or commas"]),
    "fenced": (f"```json\n{POST}\n```", ["removed a code fence"]),
    "fenced_with_prose": (
        f"Voici :\n```json\n{POST}\n```\nBonne journée !",
        ["removed a code fence", "removed prose around the object"],
    ),
    "all_at_once": (
        f"Voici :\n```\n{WHOLE}\n```",
        ["removed a code fence", "removed prose around the object", "mended quotes or commas"],
    ),
}


@pytest.mark.parametrize("name", REPAIRABLE)
@pytest.mark.parametrize("api", TEXT_APIS)
async def test_an_answer_of_certain_meaning_is_repaired_without_another_request(
    shop: Shop, api: Api, name: str
) -> None:
    text, repairs = REPAIRABLE[name]
    shop.server.script(Answer(text))

    async with shop.open(model=MODELS[api]) as ai:
        result = await shop.ask(ai)
        rows = await ai.attempts(result.request_id)

    assert result.output.model_dump(include=set(WHOLE)) == WHOLE
    assert len(shop.server.requests) == 1
    assert [(row.status, row.repairs, row.raw_output) for row in rows] == [("ok", repairs, text)]


async def test_a_repaired_answer_that_breaks_the_schema_is_asked_again_and_its_row_says_both(
    shop: Shop, ai: AIService
) -> None:
    shop.server.script(Answer(f"```json\n{WRONG}\n```"), Sampled())

    rows = (await shop.ask(ai)).attempts

    assert [(row.status, row.repairs) for row in rows] == [
        ("invalid_output", ["removed a code fence"]),
        ("ok", []),
    ]


LIMIT_ON_THE_WIRE: dict[Api, str] = {"responses": "max_output_tokens", "chat": "max_completion_tokens"}


@pytest.mark.parametrize("api", TEXT_APIS)
async def test_a_truncated_answer_is_asked_again_with_twice_the_limit(shop: Shop, api: Api) -> None:
    shop.server.script(Answer(POST[:30], finish="length"), Answer(None, finish="length"), Sampled())

    async with shop.open(model=MODELS[api], max_output_tokens=500) as ai:
        await shop.ask(ai)

    limits = [request.at(LIMIT_ON_THE_WIRE[api]) for request in shop.server.requests]
    assert limits == [500, 1000, 2000]


async def test_other_failures_leave_the_limit_alone(shop: Shop, ai: AIService) -> None:
    shop.server.script(HttpError(500), Answer(WRONG), Sampled())

    await shop.ask(ai)

    assert [request.at("max_output_tokens") for request in shop.server.requests] == [MAX_OUTPUT_TOKENS] * 3


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (WRONG, "hashtags.0: String should match pattern"),
        (json.dumps({**WHOLE, "script": 5}), "script: Input should be a valid string"),
        (json.dumps({"caption": "Bonjour", "hashtags": ["#pain"]}), "script: Field required"),
        (json.dumps({**WHOLE, "script": 5}), "script: Input should be a valid string"),
        ("[1]", "(whole): the answer must be one whole JSON object"),
    ],
)
@pytest.mark.parametrize("api", TEXT_APIS)
async def test_the_second_request_carries_path_and_reason(shop: Shop, api: Api, answer: str, reason: str) -> None:
    shop.server.script(Answer(answer), Sampled())

    async with shop.open(model=MODELS[api]) as ai:
        result = await shop.ask(ai)

    first, second = shop.server.requests
    assert second.user_texts[0] == first.user_texts[0]
    path, _, message = reason.partition(": ")
    assert message.replace("\\", "\\\\") in second.user_texts[1] or message in second.user_texts[1]
    assert all(part in second.user_texts[1] for part in path.split("."))
    assert reason in (result.attempts[0].error or "")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (FORBIDDEN, "caption: business.banned_phrases.0 must not be said"),
        (json.dumps({**WHOLE, "hashtags": ["#bio", "#pain"]}), "hashtags.0: business.banned_phrases.0 must not"),
        (json.dumps({**WHOLE, "script": "Voir evil.example"}), "script: link 'evil.example' is not in the brief"),
    ],
)
@pytest.mark.parametrize("api", TEXT_APIS)
async def test_a_broken_rule_is_named_with_the_part_that_is_requested(
    shop: Shop, api: Api, answer: str, reason: str
) -> None:
    shop.server.script(Answer(answer), Sampled())

    async with shop.open(model=MODELS[api]) as ai:
        result = await shop.ask(ai)

    second = shop.server.requests[1].document
    assert value_at(second, "task", "rewrite", 0, "part") == reason.partition(":")[0].partition(".")[0]
    assert str(value_at(second, "task", "rewrite", 0, "reason")).startswith(reason)
    assert reason in (result.attempts[0].error or "")


@pytest.mark.parametrize("api", TEXT_APIS)
async def test_the_same_answer_twice_is_followed_by_a_fresh_conversation_without_it(shop: Shop, api: Api) -> None:
    shop.server.script(Answer(WRONG), Answer(WRONG), Sampled())

    async with shop.open(model=MODELS[api]) as ai:
        await shop.ask(ai)

    first, second, third = (request.user_texts for request in shop.server.requests)
    assert (third[0], third[1]) == (first[0], second[1])
    assert len(third) == 2
    assert "assistant" not in {message.role for message in shop.server.requests[2].messages}


async def test_a_reason_ends_by_saying_that_it_is_not_to_be_mentioned(shop: Shop, ai: AIService) -> None:
    shop.server.script(Answer(WRONG), Answer("[1]"), Sampled())

    rows = (await shop.ask(ai)).attempts

    texts = shop.server.requests[2].user_texts[1:]
    assert [text.count("Do not mention this message in the answer.") for text in texts] == [1, 1]
    assert "mention" not in f"{rows[0].error} {rows[1].error}"


async def test_retry_after_is_respected_if_it_fits_into_the_deadline(shop: Shop) -> None:
    shop.server.script(HttpError(429, headers={"retry-after-ms": "8000"}), Sampled())

    async with shop.open(clock=SkippingClock(), backoff_s=0) as ai:
        first, second = (await shop.ask(ai)).attempts

    assert first.finished_at is not None
    assert (second.started_at - first.finished_at).total_seconds() == 8


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("api", TEXT_APIS)
async def test_a_retry_after_beyond_the_deadline_fails_at_once(shop: Shop, api: Api, status: int) -> None:
    shop.server.script(HttpError(status, headers={"retry-after": "3600"}))

    async with shop.open(model=MODELS[api]) as ai:
        with pytest.raises(AIGenerationError) as caught:
            await shop.ask(ai)

    assert len(shop.server.requests) == 1
    assert caught.value.reason == {429: "rate_limited", 503: "server_error"}[status]
    assert caught.value.retryable


@pytest.mark.parametrize("status", [401, 500])
async def test_an_error_carries_neither_key_nor_prompt_nor_answer(
    shop: Shop, ai: AIService, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    shop.server.script(HttpError(status, message=f"Incorrect API key provided: {KEY}. Prompt was: Levain & Fils"))

    with pytest.raises(AIGenerationError) as caught:
        await shop.ask(ai)

    told = f"{caught.value} {caught.value.to_dict()} {caught.value.attempts} {log_lines(caplog)}"
    assert KEY not in told
    assert "Levain" not in told


async def test_personal_data_of_a_rejected_answer_is_not_in_the_error(shop: Shop, ai: AIService) -> None:
    shop.server.script(Answer(json.dumps({**WHOLE, "caption": "Appelez le 06 39 98 47 12 ou camille@mail.example"})))

    with pytest.raises(AIGenerationError) as caught:
        await shop.ask(ai)

    told = f"{caught.value.to_dict()} {caught.value.attempts}"
    assert "phone '[phone]'" in told
    assert "email '[email]'" in told
    assert "98 47" not in told
    assert "0639984712" not in told
    assert "camille" not in told


STRANGE_BODIES = [
    "[]",
    "null",
    '"text"',
    "1",
    '{"output":null}',
    '{"output":[{}]}',
    '{"created_at":"soon","output":[]}',
    '{"usage":"many","output":[]}',
    '{"output":[{"type":"message","id":"m","role":"assistant","status":"completed",'
    '"content":[{"type":"output_text","text":5,"annotations":[]}]}],"created_at":1}',
    '{"choices":[]}',
    '{"choices":[{"message":null}]}',
    '{"error":{"message":"busy"}}',
]


@pytest.mark.parametrize("body", STRANGE_BODIES)
@pytest.mark.parametrize("api", TEXT_APIS)
async def test_a_success_that_is_not_an_answer_of_the_api_is_asked_again(shop: Shop, api: Api, body: str) -> None:
    shop.server.script(RawBody(body), Sampled())

    async with shop.open(model=MODELS[api]) as ai:
        rows = (await shop.ask(ai)).attempts

    is_empty = api == "responses" and '"output":[' in body
    failed = ("server_error", 500) if "error" in body else ("empty" if is_empty else "server_error", 200)
    assert [(row.status, row.http_status) for row in rows] == [failed, ("ok", 200)]


async def test_a_response_that_says_it_failed_is_asked_again(shop: Shop, ai: AIService) -> None:
    failed = '{"status":"failed","error":{"code":"server_error","message":"boom"},"output":[]}'
    shop.server.script(RawBody(failed), Sampled())

    rows = (await shop.ask(ai)).attempts

    assert [row.status for row in rows] == ["server_error", "ok"]


DEEP = '{"a":' * 5000 + "1" + "}" * 5000


@pytest.mark.parametrize("text", [DEEP, DEEP[:-1], f"so: {DEEP}", "[" * 5000], ids=["deep", "cut", "prose", "list"])
async def test_an_answer_nested_too_deep_is_asked_again(shop: Shop, ai: AIService, text: str) -> None:
    shop.server.script(Answer(text), Sampled())

    rows = (await shop.ask(ai)).attempts

    assert [row.status for row in rows] == ["invalid_output", "ok"]
