"""From a vendor's HTTP response to the row in `ai_logs`: each token is priced once, at the rate of its kind.

The rates are USD per million tokens, of genai-prices 0.2.3, which took them from the vendors' price lists:
developers.openai.com/api/docs/pricing, platform.claude.com/docs/en/about-claude/pricing, ai.google.dev/pricing.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from agents.messaging import REPLY_QUESTION
from ai_service import Attempt, Feature
from tests import serving
from tests.provider.reactions import Answer, ImageTokens, Picture, Tokens
from tests.provider.received import JsonObject, ReceivedRequest
from tests.provider.sample import sample
from tests.provider.vendors import anthropic_message, gemini_answer
from tests.provider_server import Step
from tests.serving import Shop

server, stored, shop, no_environment = serving.server, serving.stored, serving.shop, serving.no_environment


def told(**fields: Any) -> Callable[[ReceivedRequest], Answer]:
    """Return a valid OpenAI answer; `fields` are those of `Answer`."""
    return lambda request: replace(serving.answered(request), **fields)


def a_reply() -> str:
    """Return a valid answer; the schema sent to other vendors lacks the patterns."""
    return json.dumps(sample(REPLY_QUESTION.agent.output_json_schema()))


async def the_row(shop: Shop, step: Step, *, model: str) -> Attempt:
    """Return the stored row of a reply written by `model`."""
    shop.server.script(step)
    async with shop.open(model=model) as ai:
        result = await shop.ask(ai, Feature.MESSAGING)
        [row] = await ai.attempts(result.request_id)
    return row


async def the_row_of_a_picture(shop: Shop, tokens: ImageTokens | None, *, model: str) -> Attempt:
    shop.server.script(Picture(tokens=tokens))
    async with shop.open(image_model=model) as ai:
        result = await ai.generate_image(shop.business_id, shop.campaign_id, 3, aspect_ratio="1:1")
        [row] = await ai.attempts(result.request_id)
    return row


@pytest.mark.parametrize("api", ["openai", "openai-chat"])
async def test_openai_counts_cached_and_reasoning_tokens_inside(shop: Shop, api: str) -> None:
    tokens = Tokens(input=1000, cached=400, output=200, reasoning=120)

    row = await the_row(shop, told(tokens=tokens), model=f"{api}:gpt-5.2")

    # gpt-5.2: input 1.75, cached 0.175, output 14
    # (1000 - 400) * 1.75 + 400 * 0.175 + 200 * 14 = 1050 + 70 + 2800 = 3920
    assert row.cost_usd == Decimal("0.003920")
    assert not row.cost_estimated
    assert (row.input_tokens, row.cached_input_tokens, row.cache_write_tokens) == (1000, 400, 0)
    assert (row.output_tokens, row.reasoning_tokens) == (200, 120)


async def test_openai_counts_tokens_written_to_the_cache_inside_too(shop: Shop) -> None:
    tokens = Tokens(input=1000, cached=400, cache_write=100, output=200, reasoning=0)

    row = await the_row(shop, told(tokens=tokens), model="openai:gpt-6-cyber")

    # gpt-6-cyber: input 20, cached 2, written to the cache 25, output 100
    # (1000 - 400 - 100) * 20 + 400 * 2 + 100 * 25 + 200 * 100 = 10000 + 800 + 2500 + 20000 = 33300
    assert row.cost_usd == Decimal("0.033300")
    assert (row.input_tokens, row.cached_input_tokens, row.cache_write_tokens) == (1000, 400, 100)


async def test_anthropic_counts_cached_tokens_beside_the_others(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "test")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", shop.server.base_url.removesuffix("/v1"))
    usage: JsonObject = {
        "input_tokens": 600,
        "cache_read_input_tokens": 300,
        "cache_creation_input_tokens": 100,
        "cache_creation": {"ephemeral_5m_input_tokens": 100, "ephemeral_1h_input_tokens": 0},
        "output_tokens": 200,
    }

    row = await the_row(
        shop,
        lambda _: anthropic_message(a_reply(), model="claude-sonnet-5-5", usage=usage),
        model="anthropic:claude-sonnet-5-5",
    )

    # claude-sonnet-5-5: input 2, read 0.1, written for 5 minutes 2.5, output 10
    # 600 * 2 + 300 * 0.1 + 100 * 2.5 + 200 * 10 = 1200 + 30 + 250 + 2000 = 3480
    assert row.cost_usd == Decimal("0.003480")
    assert not row.cost_estimated
    assert (row.input_tokens, row.cached_input_tokens, row.cache_write_tokens) == (1000, 300, 100)
    assert row.output_tokens == 200


async def test_google_counts_reasoning_tokens_beside_the_others(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_API_KEY", "test")
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", shop.server.base_url.removesuffix("/v1"))
    usage: JsonObject = {
        "promptTokenCount": 1000,
        "cachedContentTokenCount": 400,
        "candidatesTokenCount": 200,
        "thoughtsTokenCount": 300,
        "totalTokenCount": 1500,
    }

    row = await the_row(
        shop,
        lambda _: gemini_answer(a_reply(), model="gemini-2.5-flash", usage=usage),
        model="google:gemini-2.5-flash",
    )

    # gemini-2.5-flash: input 0.3, cached 0.03, output 2.5, thoughts as output
    # (1000 - 400) * 0.3 + 400 * 0.03 + (200 + 300) * 2.5 = 180 + 12 + 1250 = 1442
    assert row.cost_usd == Decimal("0.001442")
    assert not row.cost_estimated
    assert (row.input_tokens, row.cached_input_tokens) == (1000, 400)
    assert (row.output_tokens, row.reasoning_tokens) == (500, 300)


async def test_tokens_of_a_picture_have_a_rate_of_their_own(shop: Shop) -> None:
    tokens = ImageTokens(text_input=50, image_output=1056)

    row = await the_row_of_a_picture(shop, tokens, model="openai:gpt-image-2")

    # gpt-image-2: text input 5, output 30
    # 50 * 5 + 1056 * 30 = 250 + 31680 = 31930
    assert row.cost_usd == Decimal("0.031930")
    assert (row.input_tokens, row.output_tokens, row.image_tokens) == (50, 1056, 1056)


async def test_text_and_pictures_of_one_answer_are_told_apart(shop: Shop) -> None:
    tokens = ImageTokens(text_input=40, image_input=60, image_output=900, text_output=100)

    row = await the_row_of_a_picture(shop, tokens, model="openai:gpt-image-1.5")

    # gpt-image-1.5: text input 5, image input 8, text output 10, image output 32
    # 40 * 5 + 60 * 8 + 100 * 10 + 900 * 32 = 200 + 480 + 1000 + 28800 = 30480
    assert row.cost_usd == Decimal("0.030480")
    assert not row.cost_estimated
    assert (row.input_tokens, row.output_tokens, row.image_tokens) == (100, 1000, 900)


@pytest.mark.parametrize(
    ("tier", "cost"),
    [
        # as above: 3920
        ("default", "0.003920"),
        # flex: input 0.875, cached 0.0875, output 7
        # 600 * 0.875 + 400 * 0.0875 + 200 * 7 = 525 + 35 + 1400 = 1960
        ("flex", "0.001960"),
        # priority: input 3.5, cached 0.35, output 28
        # 600 * 3.5 + 400 * 0.35 + 200 * 28 = 2100 + 140 + 5600 = 7840
        ("priority", "0.007840"),
    ],
)
@pytest.mark.parametrize("api", ["openai", "openai-chat"])
async def test_a_tier_that_the_server_echoes_has_its_own_price(shop: Shop, api: str, tier: str, cost: str) -> None:
    tokens = Tokens(input=1000, cached=400, output=200, reasoning=120)

    row = await the_row(shop, told(tokens=tokens, service_tier=tier), model=f"{api}:gpt-5.2")

    assert row.cost_usd == Decimal(cost)
    assert not row.cost_estimated


@pytest.mark.parametrize(
    ("model", "tier", "cost"),
    [
        # no price is known of this tier: the dearest that is known, priority, 7840 as above
        ("gpt-5.2", "scale", "0.007840"),
        # gpt-5.3 has the prices of gpt-5.2, and none for flex: 3920 as above
        ("gpt-5.3", "flex", "0.003920"),
    ],
)
async def test_the_cost_on_a_tier_of_unknown_price_is_marked_as_estimated(
    shop: Shop, model: str, tier: str, cost: str
) -> None:
    tokens = Tokens(input=1000, cached=400, output=200, reasoning=0)

    row = await the_row(shop, told(tokens=tokens, service_tier=tier), model=f"openai:{model}")

    assert row.cost_usd == Decimal(cost)
    assert row.cost_estimated
    assert (row.input_tokens, row.output_tokens) == (1000, 200)


async def test_a_picture_without_usage_is_bounded_at_the_rate_of_pictures(shop: Shop) -> None:
    row = await the_row_of_a_picture(shop, None, model="openai:gpt-image-1.5")

    # gpt-image-1.5: text input 5, image output 32
    assert row.cost_usd == (row.input_tokens * Decimal(5) + row.output_tokens * Decimal(32)) / 1_000_000
    assert row.cost_estimated
