"""The failure policy of the image feature, line by line: each fault once before a good picture, and permanently."""

from base64 import b64encode
from io import BytesIO

import pytest
from PIL import Image

from ai_service import AIGenerationError, AIService, Feature
from tests import serving
from tests.clocks import SkippingClock, StoppedClock
from tests.fault_cases import IMAGE_PRICE, Fault, assert_booked, assert_told, log_lines
from tests.provider.images import picture_bytes
from tests.provider.reactions import (
    BAD_GATEWAY,
    BROKEN_JSON,
    HTML_PAGE,
    MODEL_NOT_FOUND,
    MODERATION_BLOCKED,
    NOT_AN_ANSWER,
    QUOTA_EXHAUSTED,
    UNAUTHORIZED,
    Cut,
    Hang,
    HttpError,
    Picture,
    PictureText,
    PictureUrl,
    RawBody,
    Reset,
    Sampled,
    rate_limited,
)
from tests.provider_server import refusing_url
from tests.serving import KEY, PATIENCE_S, Shop

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop, ai = serving.shop, serving.ai


def _gif() -> bytes:
    file = BytesIO()
    with Image.new("RGB", (8, 8)) as image:
        image.save(file, "GIF")
    return file.getvalue()


HALF_A_PICTURE = PictureText(b64encode(picture_bytes(Picture())[:60]).decode())
GIF = PictureText(b64encode(_gif()).decode())

FAULTS = [
    #     what happens          how the provider does it                      status           http  again  costs
    Fault("timeout", Hang(), "timeout", None, True, "the bound"),
    Fault("reset", Reset(), "connection", None, True, "the bound"),
    Fault("cut_in_the_body", Cut(Sampled()), "connection", None, True, "the bound"),
    Fault("429", rate_limited(), "rate_limited", 429, True, "nothing"),
    Fault("500", HttpError(500), "server_error", 500, True, "nothing"),
    Fault("503", HttpError(503), "server_error", 503, True, "nothing"),
    Fault("gateway_page", BAD_GATEWAY, "server_error", 502, True, "nothing"),
    Fault("empty", PictureText(""), "invalid_output", 200, True, "the bound"),
    Fault("no_picture", RawBody('{"created":1,"data":[]}'), "invalid_output", 200, True, "the bound"),
    Fault("malformed", PictureText("%%%"), "invalid_output", 200, True, "the bound"),
    Fault("not_a_picture", PictureText("aGVsbG8="), "invalid_output", 200, True, "the bound"),
    Fault("half_a_picture", HALF_A_PICTURE, "invalid_output", 200, True, "its usage"),
    Fault("other_format", GIF, "invalid_output", 200, True, "the bound"),
    Fault("a_url", PictureUrl("https://pictures.example/1.png"), "invalid_output", 200, False, "its usage"),
    Fault("html_with_200", HTML_PAGE, "server_error", 200, True, "nothing"),
    Fault("empty_object", NOT_AN_ANSWER, "server_error", 200, True, "nothing"),
    Fault("broken_body", BROKEN_JSON, "connection", 200, True, "the bound"),
    Fault("400", HttpError(400), "rejected", 400, False, "nothing"),
    Fault("401", UNAUTHORIZED, "rejected", 401, False, "nothing"),
    Fault("403", HttpError(403), "rejected", 403, False, "nothing"),
    Fault("404", MODEL_NOT_FOUND, "rejected", 404, False, "nothing"),
    Fault("quota", QUOTA_EXHAUSTED, "quota", 429, False, "nothing"),
    Fault("payment_required", HttpError(402), "quota", 402, False, "nothing"),
    Fault("content_filter", MODERATION_BLOCKED, "content_filter", 400, False, "nothing"),
    Fault("content_policy", HttpError(400, code="content_policy_violation"), "content_filter", 400, False, "nothing"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
async def test_a_failure_followed_by_a_good_picture(shop: Shop, fault: Fault, caplog: pytest.LogCaptureFixture) -> None:
    shop.server.script(fault.reaction, Sampled())
    clock = SkippingClock()
    shop.server.when_hanging = lambda: clock.pass_s(PATIENCE_S)

    async with shop.open(clock=clock) as ai:
        if not fault.again:
            with pytest.raises(AIGenerationError):
                await shop.ask(ai, Feature.IMAGE)
            assert len(shop.server.requests) == 1
            return
        result = await shop.ask(ai, Feature.IMAGE)
        rows = await ai.attempts(result.request_id)

    assert [request.api for request in shop.server.requests] == ["images", "images"]
    assert [row.status for row in rows] == [fault.status, "ok"]
    assert_booked(rows[0], fault, IMAGE_PRICE)
    assert (rows[1].cost_usd, rows[1].cost_estimated, rows[1].error) == (IMAGE_PRICE.cost_usd, False, None)
    assert rows[1].image_tokens == IMAGE_PRICE.output_tokens
    assert serving.sums_agree(result, rows)
    assert log_lines(caplog) == []


@pytest.mark.parametrize("fault", FAULTS, ids=str)
async def test_a_permanent_failure(shop: Shop, fault: Fault, caplog: pytest.LogCaptureFixture) -> None:
    shop.server.script(fault.reaction)
    clock = SkippingClock()
    shop.server.when_hanging = lambda: clock.pass_s(PATIENCE_S)

    async with shop.open(clock=clock) as ai:
        with pytest.raises(AIGenerationError) as caught:
            await shop.ask(ai, Feature.IMAGE)
        rows = await ai.attempts(caught.value.request_id)

    assert len(shop.server.requests) == fault.requests
    assert [row.attempt for row in rows] == list(range(1, fault.requests + 1))
    for row in rows:
        assert_booked(row, fault, IMAGE_PRICE)
    assert_told(caught.value, fault, rows, log_lines(caplog))


@pytest.mark.parametrize(
    "body", ["[]", "null", '{"data":null}', '{"created":1,"data":[{"b64_json":5}]}', '{"usage":1}']
)
async def test_a_success_that_is_not_an_answer_of_the_api_is_asked_again(shop: Shop, ai: AIService, body: str) -> None:
    shop.server.script(RawBody(body), Sampled())

    rows = (await shop.ask(ai, Feature.IMAGE)).attempts

    status = "invalid_output" if "b64" in body else "server_error"
    assert [(row.status, row.http_status) for row in rows] == [(status, 200), ("ok", 200)]


async def test_retry_after_is_respected_if_it_fits_into_the_deadline(shop: Shop) -> None:
    shop.server.script(HttpError(429, headers={"retry-after": "7"}), Sampled())

    async with shop.open(clock=SkippingClock(), backoff_s=0) as ai:
        first, second = (await shop.ask(ai, Feature.IMAGE)).attempts

    assert first.finished_at is not None
    assert (second.started_at - first.finished_at).total_seconds() == 7


async def test_a_retry_after_beyond_the_deadline_fails_at_once(shop: Shop, ai: AIService) -> None:
    shop.server.script(rate_limited("3600"))

    with pytest.raises(AIGenerationError, match="rate_limited after 1 attempt"):
        await shop.ask(ai, Feature.IMAGE)

    assert len(shop.server.requests) == 1


async def test_a_refused_connection_costs_nothing(shop: Shop) -> None:
    with refusing_url() as base_url:
        async with shop.open(openai_base_url=base_url) as ai:
            with pytest.raises(AIGenerationError) as caught:
                await shop.ask(ai, Feature.IMAGE)
            rows = await ai.attempts(caught.value.request_id)

    assert [row.status for row in rows] == ["connection"] * 3
    assert {(row.input_tokens, row.cost_usd, row.cost_estimated) for row in rows} == {(0, 0, False)}


async def test_a_deadline_ends_a_picture_request_that_hangs(shop: Shop) -> None:
    shop.server.script(Hang())
    clock = StoppedClock()
    shop.server.when_hanging = lambda: clock.pass_s(10)

    async with shop.open(clock=clock, image_timeout_s=60, features={"image": {"deadline_s": 10}}) as ai:
        with pytest.raises(AIGenerationError) as caught:
            await shop.ask(ai, Feature.IMAGE)
        rows = await ai.attempts(caught.value.request_id)

    assert (caught.value.reason, caught.value.retryable) == ("deadline", True)
    assert [(row.status, row.cost_estimated) for row in rows] == [("timeout", True)]


async def test_a_picture_without_usage_costs_its_bound(shop: Shop, ai: AIService) -> None:
    shop.server.script(Picture(tokens=None))

    result = await shop.ask(ai, Feature.IMAGE)

    (row,) = await ai.attempts(result.request_id)
    assert (row.status, row.cost_estimated, row.output_tokens) == ("ok", True, IMAGE_PRICE.max_output_tokens)
    assert row.cost_usd is not None
    assert row.cost_usd > IMAGE_PRICE.cost_usd


@pytest.mark.parametrize("status", [400, 500])
async def test_an_error_carries_neither_key_nor_prompt(shop: Shop, ai: AIService, status: int) -> None:
    shop.server.script(HttpError(status, message=f"Incorrect API key provided: {KEY}. Prompt was: Levain & Fils"))

    with pytest.raises(AIGenerationError) as caught:
        await shop.ask(ai, Feature.IMAGE)

    told = f"{caught.value} {caught.value.to_dict()} {caught.value.attempts}"
    assert KEY not in told
    assert "Levain" not in told
