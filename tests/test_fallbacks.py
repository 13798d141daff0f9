"""Which model answers: the first, its fallbacks if it fails, and while its gate is closed."""

import pytest

from ai_service import AIGenerationError, Feature
from tests import serving
from tests.clocks import StoppedClock
from tests.provider.reactions import Answer, HttpError, Sampled, rate_limited
from tests.serving import WRONG, Shop

server, stored, no_environment, shop = serving.server, serving.stored, serving.no_environment, serving.shop


async def test_a_fallback_answers_if_the_first_model_fails(shop: Shop) -> None:
    shop.server.script(HttpError(500), Sampled())
    models = {"content": ["openai:gpt-5.2", "openai-chat:gpt-5-mini"]}

    async with shop.open(models=models) as ai:
        result = await shop.ask(ai)

    assert [(request.api, request.model) for request in shop.server.requests] == [
        ("responses", "gpt-5.2"),
        ("chat", "gpt-5-mini"),
    ]
    assert [(row.model, row.status) for row in result.attempts] == [("gpt-5.2", "server_error"), ("gpt-5-mini", "ok")]
    assert result.model == "openai:gpt-5-mini"


async def test_the_last_fallback_serves_all_later_attempts(shop: Shop) -> None:
    shop.server.script(HttpError(500), Answer(WRONG), Sampled())

    async with shop.open(models={"content": ["openai:gpt-5.2", "openai:gpt-5-mini"]}) as ai:
        await shop.ask(ai)

    assert [request.model for request in shop.server.requests] == ["gpt-5.2", "gpt-5-mini", "gpt-5-mini"]


async def test_a_fallback_draws_if_the_first_image_model_fails(shop: Shop) -> None:
    shop.server.script(HttpError(503), Sampled())

    async with shop.open(models={"image": ["openai:gpt-image-2", "openai:gpt-image-1.5"]}) as ai:
        await ai.generate_image(shop.business_id, shop.campaign_id, 3, aspect_ratio="1:1")

    assert [request.model for request in shop.server.requests] == ["gpt-image-2", "gpt-image-1.5"]


ACCOUNT_REFUSED = [
    HttpError(401),
    HttpError(403),
    HttpError(404, code="model_not_found"),
    HttpError(429, code="insufficient_quota"),
]
MODELS = {
    "content": ["openai:gpt-5.2", "openai:gpt-5-mini"],
    "image": ["openai:gpt-image-2", "openai:gpt-image-2-mini"],
}


@pytest.mark.parametrize("refused", ACCOUNT_REFUSED, ids=lambda error: f"{error.status}")
@pytest.mark.parametrize("feature", [Feature.CONTENT, Feature.IMAGE])
async def test_a_fallback_answers_if_the_account_may_not_use_the_first_model(
    shop: Shop, feature: Feature, refused: HttpError
) -> None:
    shop.server.script(refused, Sampled())

    async with shop.open(models=MODELS) as ai:
        result = await shop.ask(ai, feature)

    assert [row.model for row in result.attempts] == [name.removeprefix("openai:") for name in MODELS[feature.value]]


@pytest.mark.parametrize("feature", [Feature.CONTENT, Feature.IMAGE])
async def test_an_account_that_may_use_no_model_is_not_retried(shop: Shop, feature: Feature) -> None:
    shop.server.script(HttpError(401))

    async with shop.open(models=MODELS) as ai:
        with pytest.raises(AIGenerationError) as caught:
            await shop.ask(ai, feature)

    assert (caught.value.reason, len(shop.server.requests)) == ("rejected", 2)


@pytest.mark.parametrize("feature", [Feature.CONTENT, Feature.IMAGE])
async def test_a_refused_request_is_not_sent_to_a_fallback(shop: Shop, feature: Feature) -> None:
    shop.server.script(HttpError(400))

    async with shop.open(models=MODELS) as ai:
        with pytest.raises(AIGenerationError, match="rejected"):
            await shop.ask(ai, feature)

    assert len(shop.server.requests) == 1


async def test_a_fallback_serves_while_the_first_model_is_out_and_one_call_probes(shop: Shop) -> None:
    clock = StoppedClock()
    shop.server.script(lambda request: HttpError(503) if request.model == "gpt-5.2" else Sampled())

    async with shop.open(clock=clock, backoff_s=0.5, models=MODELS) as ai:
        for _ in range(4):
            await shop.ask(ai)
        clock.pass_s(0.5)
        probed = await shop.ask(ai)
        shop.server.script(Sampled())
        clock.pass_s(2)
        back = [await shop.ask(ai) for _ in range(2)]

    assert [request.model for request in shop.server.requests[:6]] == [
        *("gpt-5.2", "gpt-5-mini"),
        *("gpt-5.2", "gpt-5-mini"),
        *("gpt-5-mini", "gpt-5-mini"),
    ]
    assert [row.model for row in probed.attempts] == ["gpt-5.2", "gpt-5-mini"]
    assert {result.model for result in back} == {"openai:gpt-5.2"}


async def test_a_model_that_limits_its_rate_is_not_waited_for_where_a_fallback_serves(shop: Shop) -> None:
    shop.server.script(lambda request: rate_limited("30") if request.model == "gpt-5.2" else Sampled())

    async with shop.open(clock=StoppedClock(), models=MODELS) as ai:
        first, second = await shop.ask(ai), await shop.ask(ai)

    assert [row.model for row in first.attempts] == ["gpt-5.2", "gpt-5-mini"]
    assert [row.model for row in second.attempts] == ["gpt-5-mini"]


async def test_with_all_models_out_a_call_is_sent_to_none(shop: Shop) -> None:
    shop.server.script(rate_limited("30"))

    async with shop.open(clock=StoppedClock(), models=MODELS, deadline_s=20) as ai:
        with pytest.raises(AIGenerationError, match="rate_limited after 2"):
            await shop.ask(ai)
        with pytest.raises(AIGenerationError) as caught:
            await shop.ask(ai)

    assert len(shop.server.requests) == 2
    assert (caught.value.reason, caught.value.retryable, caught.value.attempts) == ("gate_closed", True, [])
    assert (caught.value.retry_after_s, caught.value.cost_usd) == (30, 0)
