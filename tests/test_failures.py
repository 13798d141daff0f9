"""The failure policy of the text features, line by line: each fault once before a good answer, and permanently."""

import pytest

from ai_service import AIGenerationError, AIService, Feature
from tests import serving
from tests.clocks import SkippingClock
from tests.fault_cases import TEXT_PRICE, Fault, assert_booked, assert_told, log_lines
from tests.provider.reactions import (
    BAD_GATEWAY,
    BROKEN_JSON,
    HTML_PAGE,
    MODEL_NOT_FOUND,
    NOT_AN_ANSWER,
    QUOTA_EXHAUSTED,
    UNAUTHORIZED,
    Answer,
    Cut,
    Hang,
    HttpError,
    RawBody,
    Refusal,
    Reset,
    Sampled,
    rate_limited,
)
from tests.provider.received import Api
from tests.provider_server import refusing_url
from tests.serving import AMBIGUOUS, FORBIDDEN, MODELS, PATIENCE_S, POST, TEXT_APIS, TEXT_FEATURES, WRONG, Shop

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop, ai = serving.shop, serving.ai

REDIRECT = RawBody("", status=308, headers={"location": "https://elsewhere.example/v1"})
OTHER_POST = POST.replace("Bonjour", "Bonsoir")

FAULTS = [
    #     what happens              how the provider does it                   status           http  again  costs
    Fault("timeout", Hang(), "timeout", None, True, "the bound"),
    Fault("reset", Reset(), "connection", None, True, "the bound"),
    Fault("cut_in_the_body", Cut(Sampled()), "connection", None, True, "the bound"),
    Fault("429", rate_limited(), "rate_limited", 429, True, "nothing"),
    Fault("500", HttpError(500), "server_error", 500, True, "nothing"),
    Fault("503", HttpError(503), "server_error", 503, True, "nothing"),
    Fault("gateway_page", BAD_GATEWAY, "server_error", 502, True, "nothing"),
    Fault("empty", Answer(""), "empty", 200, True, "its usage"),
    Fault("blank", Answer(" \n"), "empty", 200, True, "its usage"),
    Fault("no_part", Answer(None), "empty", 200, True, "its usage"),
    Fault("malformed", Answer(AMBIGUOUS), "invalid_output", 200, True, "its usage"),
    Fault("prose", Answer("Bien sûr !"), "invalid_output", 200, True, "its usage"),
    Fault("two_objects", Answer(f"```\n{POST}\n```\n```\n{OTHER_POST}\n```"), "invalid_output", 200, True, "its usage"),
    Fault("truncated", Answer(POST[:30], finish="length"), "truncated", 200, True, "its usage"),
    Fault("truncated_yet_whole", Answer(POST, finish="length"), "truncated", 200, True, "its usage"),
    Fault("truncated_before_it_began", Answer(None, finish="length"), "truncated", 200, True, "its usage"),
    Fault("wrong_schema", Answer(WRONG), "invalid_output", 200, True, "its usage"),
    Fault("rule_broken", Answer(FORBIDDEN), "invalid_output", 200, True, "its usage"),
    Fault("html_with_200", HTML_PAGE, "server_error", 200, True, "nothing"),
    Fault("empty_object", NOT_AN_ANSWER, "server_error", 200, True, "nothing"),
    Fault("broken_body", BROKEN_JSON, "connection", 200, True, "the bound"),
    Fault("error_in_200", RawBody('{"error": {"message": "m", "code": 503}}'), "server_error", 503, True, "nothing"),
    Fault("too_early", HttpError(425), "server_error", 425, True, "nothing"),
    Fault("bad_sample", HttpError(400, code="json_validate_failed"), "invalid_output", 400, True, "nothing"),
    Fault(
        "half_an_emoji_escaped", Answer(POST.replace("Bonjour", "\\ud83d")), "invalid_output", 200, True, "its usage"
    ),
    Fault("400", HttpError(400), "rejected", 400, False, "nothing"),
    Fault("401", UNAUTHORIZED, "rejected", 401, False, "nothing"),
    Fault("403", HttpError(403), "rejected", 403, False, "nothing"),
    Fault("404", MODEL_NOT_FOUND, "rejected", 404, False, "nothing"),
    Fault("redirect", REDIRECT, "rejected", 308, False, "nothing"),
    Fault("quota", QUOTA_EXHAUSTED, "quota", 429, False, "nothing"),
    Fault("payment_required", HttpError(402), "quota", 402, False, "nothing"),
    Fault("refusal", Refusal(), "content_filter", 200, False, "its usage"),
    Fault("content_filter", Answer(POST, finish="content_filter"), "content_filter", 200, False, "its usage"),
    Fault("content_filter_400", HttpError(400, code="content_filter"), "content_filter", 400, False, "nothing"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize("api", TEXT_APIS)
async def test_a_failure_followed_by_a_good_answer(
    shop: Shop, api: Api, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    shop.server.script(fault.reaction, Sampled())
    clock = SkippingClock()
    shop.server.when_hanging = lambda: clock.pass_s(PATIENCE_S)

    async with shop.open(clock=clock, model=MODELS[api]) as ai:
        if not fault.again:
            with pytest.raises(AIGenerationError):
                await shop.ask(ai)
            assert len(shop.server.requests) == 1
            return
        result = await shop.ask(ai)
        rows = await ai.attempts(result.request_id)

    assert [request.api for request in shop.server.requests] == [api, api]
    assert [row.status for row in rows] == [fault.status, "ok"]
    assert_booked(rows[0], fault, TEXT_PRICE)
    assert (rows[1].cost_usd, rows[1].cost_estimated, rows[1].error) == (TEXT_PRICE.cost_usd, False, None)
    assert serving.sums_agree(result, rows)
    assert log_lines(caplog) == []


@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize("api", TEXT_APIS)
async def test_a_permanent_failure(shop: Shop, api: Api, fault: Fault, caplog: pytest.LogCaptureFixture) -> None:
    shop.server.script(fault.reaction)
    clock = SkippingClock()
    shop.server.when_hanging = lambda: clock.pass_s(PATIENCE_S)

    async with shop.open(clock=clock, model=MODELS[api]) as ai:
        with pytest.raises(AIGenerationError) as caught:
            await shop.ask(ai)
        rows = await ai.attempts(caught.value.request_id)

    assert len(shop.server.requests) == fault.requests
    assert [row.attempt for row in rows] == list(range(1, fault.requests + 1))
    for row in rows:
        assert_booked(row, fault, TEXT_PRICE)
    assert_told(caught.value, fault, rows, log_lines(caplog))


@pytest.mark.parametrize("feature", TEXT_FEATURES)
async def test_every_text_feature_retries_by_the_same_policy(shop: Shop, ai: AIService, feature: Feature) -> None:
    shop.server.script(HttpError(500), RawBody("{"), serving.planned if feature is Feature.STRATEGY else Sampled())

    result = await shop.ask(ai, feature)

    rows = await ai.attempts(result.request_id)
    assert [row.status for row in rows if row.question == 0] == ["server_error", "connection", "ok"]
    assert {row.status for row in rows if row.question > 0} <= {"ok"}
    assert serving.sums_agree(result, rows)


@pytest.mark.parametrize("feature", TEXT_FEATURES)
async def test_no_text_feature_retries_a_refused_key(shop: Shop, ai: AIService, feature: Feature) -> None:
    shop.server.script(UNAUTHORIZED)

    with pytest.raises(AIGenerationError, match="rejected after 1 attempt"):
        await shop.ask(ai, feature)

    assert len(shop.server.requests) == 1


@pytest.mark.parametrize("api", TEXT_APIS)
async def test_a_refused_connection_costs_nothing(shop: Shop, api: Api) -> None:
    with refusing_url() as base_url:
        async with shop.open(model=MODELS[api], openai_base_url=base_url) as ai:
            with pytest.raises(AIGenerationError) as caught:
                await shop.ask(ai)
            rows = await ai.attempts(caught.value.request_id)

    assert [row.status for row in rows] == ["connection"] * 3
    assert {(row.input_tokens, row.cost_usd, row.cost_estimated) for row in rows} == {(0, 0, False)}
    assert caught.value.retryable


async def test_different_failures_share_the_attempts_of_a_question(shop: Shop, ai: AIService) -> None:
    shop.server.script(Answer(WRONG), HttpError(500), Answer(FORBIDDEN), Sampled())

    with pytest.raises(AIGenerationError) as caught:
        await shop.ask(ai)

    assert [row.status for row in caught.value.attempts] == ["invalid_output", "server_error", "invalid_output"]
    assert caught.value.reason == "invalid_output"
    assert len(shop.server.requests) == 3


async def test_the_setting_can_limit_a_question_to_one_attempt(shop: Shop) -> None:
    shop.server.script(HttpError(500), Sampled())

    async with shop.open(max_attempts=1) as ai:
        with pytest.raises(AIGenerationError, match="server_error after 1 attempt"):
            await shop.ask(ai)

    assert len(shop.server.requests) == 1
