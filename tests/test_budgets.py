"""Budgets of calls: each request reserves its own upper bound before it is sent and is charged its cost after it."""

import asyncio
import re
from decimal import Decimal

import pytest

from ai_service import AIGenerationError, AIService, AIServiceError, BudgetExceeded, Feature, InvalidRequest
from tests import serving
from tests.clocks import StoppedClock
from tests.provider.reactions import UNAUTHORIZED, Answer, Hang, Held, Tokens
from tests.serving import POST, WRONG, Shop, planned
from tests.storage_parts import a_few_turns

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop, ai = serving.shop, serving.ai

POST_COST = Decimal("0.000392")
"""100 input tokens, 40 of them cached, and 20 output tokens of gpt-5.2."""
CALENDAR_COST = 6 * POST_COST
ONE = CALENDAR_COST + Decimal("0.08")
"""Has room for one request at a time: its upper bound is 0.06 to 0.075 USD."""


async def test_a_budget_starts_with_the_amount_spent_and_counts_each_call(shop: Shop, ai: AIService) -> None:
    shop.server.script(Answer(POST))
    await ai.set_budget(Decimal(5), business_id=shop.business_id)

    await shop.ask(ai)

    [state] = await ai.budgets(shop.business_id)
    assert state.spent_usd == CALENDAR_COST + POST_COST
    assert state.reserved_usd == 0
    assert state.left_usd == 5 - state.spent_usd


@pytest.mark.parametrize("feature", list(Feature))
async def test_a_request_whose_upper_bound_exceeds_the_budget_is_not_sent(
    shop: Shop, ai: AIService, feature: Feature
) -> None:
    await ai.set_budget(CALENDAR_COST + Decimal("0.01"), campaign_id=shop.campaign_id, period="total")

    with pytest.raises(
        BudgetExceeded, match=r"the total budget of campaign '.*' has 0\.01.*: raise the budget"
    ) as raised:
        await shop.ask(ai, feature)

    assert shop.server.requests == []
    assert (raised.value.attempts, raised.value.cost_usd) == ([], 0)


async def test_a_calendar_needs_room_for_one_request_at_a_time(shop: Shop, ai: AIService) -> None:
    shop.server.script(planned)
    await ai.set_budget(ONE, business_id=shop.business_id)

    await shop.ask(ai, Feature.STRATEGY)

    [state] = await ai.budgets(shop.business_id)
    assert (state.spent_usd, state.reserved_usd) == (2 * CALENDAR_COST, 0)


async def test_what_was_spent_before_a_budget_ran_out_is_on_the_books(shop: Shop, ai: AIService) -> None:
    shop.server.script(Answer(WRONG, tokens=Tokens(output=3_000)))
    await ai.set_budget(ONE, business_id=shop.business_id)

    with pytest.raises(BudgetExceeded) as raised:
        await shop.ask(ai)

    error, cost = raised.value, POST_COST + 2_980 * Decimal(14) / 1_000_000
    assert [row.status for row in error.attempts] == ["invalid_output"]
    assert error.to_dict() == {
        "code": "BUDGET_EXCEEDED",
        "message": str(error),
        "retryable": False,
        "attempts": 1,
        "input_tokens": 100,
        "output_tokens": 3_000,
        "cost_usd": str(error.cost_usd),
        "request_id": error.request_id,
    }
    [state] = await ai.budgets(shop.business_id)
    assert (error.cost_usd, state.spent_usd, state.reserved_usd) == (cost, CALENDAR_COST + cost, 0)


async def test_who_has_no_room_waits_for_the_others_and_holds_nothing(shop: Shop, ai: AIService) -> None:
    answer = asyncio.Event()
    shop.server.script(Held(Answer(POST), until=answer), Answer(POST))
    await ai.set_budget(ONE, business_id=shop.business_id)

    first = asyncio.ensure_future(shop.ask(ai))
    await shop.server.wait_for_requests(1)
    [held] = await ai.budgets(shop.business_id)
    waiting = asyncio.ensure_future(shop.ask(ai))
    await a_few_turns()
    [state] = await ai.budgets(shop.business_id)
    answer.set()
    await asyncio.gather(first, waiting)

    assert state == held
    assert len(shop.server.requests) == 2


async def test_what_another_process_releases_is_noticed(shop: Shop, ai: AIService) -> None:
    answer = asyncio.Event()
    shop.server.script(Held(Answer(POST), until=answer), Answer(POST))
    await ai.set_budget(ONE, business_id=shop.business_id)

    async with shop.open() as other:
        first = asyncio.ensure_future(shop.ask(other))
        await shop.server.wait_for_requests(1)
        waiting = asyncio.ensure_future(shop.ask(ai))
        await a_few_turns()
        answer.set()
        await asyncio.gather(first, waiting)

    assert len(shop.server.requests) == 2


async def test_who_has_no_room_until_its_deadline_is_told_that_others_hold_it(shop: Shop) -> None:
    shop.server.script(Hang())
    clock = StoppedClock()
    async with shop.open(clock=clock, request_timeout_s=100, deadline_s=20) as ai:
        await ai.set_budget(ONE, business_id=shop.business_id)
        first = asyncio.ensure_future(shop.ask(ai))
        await shop.server.wait_for_requests(1)
        waiting = asyncio.ensure_future(shop.ask(ai))
        await clock.wait_for_limit(18.5)
        clock.pass_s(19)
        with pytest.raises(BudgetExceeded, match="other requests hold a part of it, try again later"):
            await waiting
        first.cancel()
        await asyncio.wait({first})

    assert len(shop.server.requests) == 1


async def test_a_refused_request_releases_its_reservation(shop: Shop, ai: AIService) -> None:
    shop.server.script(UNAUTHORIZED)
    await ai.set_budget(Decimal(5), business_id=shop.business_id)

    with pytest.raises(AIGenerationError):
        await shop.ask(ai)

    [state] = await ai.budgets(shop.business_id)
    assert (state.spent_usd, state.reserved_usd) == (CALENDAR_COST, 0)


async def test_a_cancelled_call_books_its_upper_bound(shop: Shop) -> None:
    shop.server.script(Hang())
    async with shop.open() as ai:
        await ai.set_budget(Decimal(5), business_id=shop.business_id)
        asking = asyncio.ensure_future(shop.ask(ai))
        await shop.server.wait_for_requests(1)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    async with shop.open() as ai:
        [state] = await ai.budgets(shop.business_id)
        [row] = [row for row in await ai.attempts(limit=100) if row.feature is Feature.CONTENT]
    assert row.status == "cancelled"
    assert row.cost_usd is not None
    assert (state.spent_usd, state.reserved_usd) == (CALENDAR_COST + row.cost_usd, 0)


async def test_an_unknown_price_is_refused_if_there_is_a_budget(shop: Shop) -> None:
    async with shop.open(model="openai:gpt-99") as ai:
        await ai.set_budget(Decimal(5), business_id=shop.business_id)
        with pytest.raises(BudgetExceeded, match="AI_SERVICE_UNKNOWN_PRICE_USD_PER_MTOK"):
            await shop.ask(ai)

    assert shop.server.requests == []


async def test_an_unknown_price_is_charged_at_the_ceiling(shop: Shop) -> None:
    shop.server.script(Answer(POST, model="gpt-99"))
    async with shop.open(model="openai:gpt-99", unknown_price_usd_per_mtok=Decimal(10)) as ai:
        await ai.set_budget(Decimal(5), business_id=shop.business_id)
        result = await shop.ask(ai)
        [state] = await ai.budgets(shop.business_id)

    assert result.cost_usd is None
    assert state.spent_usd - CALENDAR_COST == 120 * Decimal(10) / 1_000_000


def mistold(**tokens: int) -> Answer:
    return Answer(POST, tokens=Tokens(**{"cached": 0, "reasoning": 0, **tokens}))


@pytest.mark.filterwarnings("ignore:Failed to extract usage")
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(mistold(input=10, cached=3_900, output=3_000), id="cached beside the input"),
        pytest.param(mistold(input=10, cached=8, cache_write=3, output=3_000), id="cache beside the input"),
        pytest.param(mistold(input=2**63), id="beyond any column"),
        pytest.param(mistold(input=100, output=2**31), id="beyond any model"),
        pytest.param(mistold(input=-5, output=100), id="negative input"),
        pytest.param(mistold(input=100, output=-1), id="negative output"),
        pytest.param(mistold(input=0, output=0), id="nothing"),
        pytest.param(Answer(POST, tokens=None), id="no usage"),
        pytest.param(Answer(POST, tokens=None, model="router-eu/writer-large"), id="no usage of an unknown name"),
    ],
)
async def test_usage_that_cannot_be_is_charged_what_was_reserved(shop: Shop, ai: AIService, answer: Answer) -> None:
    shop.server.script(Held(answer, until=(told := asyncio.Event())))
    await ai.set_budget(Decimal(5), business_id=shop.business_id)

    asking = asyncio.ensure_future(shop.ask(ai))
    await shop.server.wait_for_requests(1)
    [held] = await ai.budgets(shop.business_id)
    told.set()
    result = await asking

    [row], [state] = result.attempts, await ai.budgets(shop.business_id)
    assert (row.cost_usd, row.cost_estimated) == (held.reserved_usd, True)
    assert (state.spent_usd, state.reserved_usd) == (CALENDAR_COST + held.reserved_usd, 0)


@pytest.mark.parametrize("name", ["router-eu/writer-large", "qwen-3-coder-480b"])
async def test_a_name_without_a_price_is_charged_as_the_model_asked_for(shop: Shop, ai: AIService, name: str) -> None:
    shop.server.script(Answer(POST, model=name))
    await ai.set_budget(Decimal(5), business_id=shop.business_id)

    result = await shop.ask(ai)

    [row], [state] = result.attempts, await ai.budgets(shop.business_id)
    assert (row.cost_usd, row.cost_estimated) == (POST_COST, True)
    assert state.spent_usd == CALENDAR_COST + POST_COST


async def test_the_side_that_usage_leaves_out_is_charged_at_its_bound(shop: Shop, ai: AIService) -> None:
    shop.server.script(mistold(input=900, output=0))

    [row] = (await shop.ask(ai)).attempts

    assert (row.input_tokens, row.output_tokens, row.cost_estimated) == (900, 4_000, True)
    assert row.cost_usd == (900 * Decimal("1.75") + 4_000 * 14) / 1_000_000


async def test_racing_calls_never_overspend(shop: Shop, ai: AIService) -> None:
    shop.server.script(Answer(POST))
    await ai.set_budget(Decimal(0), business_id=shop.business_id)
    with pytest.raises(BudgetExceeded) as refusal:
        await shop.ask(ai)
    (bound,) = re.findall(r"may cost ([\d.]+)", str(refusal.value))
    limit = CALENDAR_COST + Decimal(bound) + 5 * POST_COST
    await ai.set_budget(limit, business_id=shop.business_id)

    ended = await asyncio.gather(*(shop.ask(ai) for _ in range(16)), return_exceptions=True)

    refused = [error for error in ended if isinstance(error, BudgetExceeded)]
    [state] = await ai.budgets(shop.business_id)
    assert 0 < len(refused) < 16
    assert len(shop.server.requests) == 16 - len(refused)
    assert state.spent_usd == CALENDAR_COST + len(shop.server.requests) * POST_COST <= limit
    assert state.reserved_usd == 0


@pytest.mark.parametrize(
    ("business_id", "campaign_id"),
    [(None, None), ("x y", None)],
    ids=["none", "no id"],
)
async def test_a_budget_is_of_a_business_or_its_campaign(
    ai: AIService, business_id: str | None, campaign_id: str | None
) -> None:
    with pytest.raises(InvalidRequest):
        await ai.set_budget(Decimal(1), business_id=business_id, campaign_id=campaign_id)


async def test_a_removed_budget_has_no_effect(shop: Shop, ai: AIService) -> None:
    shop.server.script(Answer(POST))
    await ai.set_budget(Decimal(0), business_id=shop.business_id)
    with pytest.raises(AIServiceError):
        await shop.ask(ai)

    await ai.set_budget(None, business_id=shop.business_id)
    result = await shop.ask(ai)

    assert result.output.caption
    assert await ai.budgets(shop.business_id) == []


@pytest.mark.parametrize("feature", list(Feature))
async def test_a_host_bounds_one_call_of_each_feature(shop: Shop, ai: AIService, feature: Feature) -> None:
    bounded = (
        r"spend_at_most_usd of this call has 0\.01 of 0\.01 USD left, and the next request may cost 0\.\d+: pass more"
    )
    with pytest.raises(BudgetExceeded, match=bounded):
        await shop.ask(ai, feature, spend_at_most_usd=Decimal("0.01"))

    assert shop.server.requests == []


async def test_the_questions_of_a_bounded_call_wait_for_each_other(shop: Shop, ai: AIService) -> None:
    shop.server.script(planned)

    result = await shop.ask(ai, Feature.STRATEGY, spend_at_most_usd=Decimal("0.08"))

    assert result.cost_usd == CALENDAR_COST


async def test_a_bounded_call_stops_where_what_it_spent_leaves_no_room(shop: Shop, ai: AIService) -> None:
    shop.server.script(Answer(WRONG, tokens=Tokens(output=3_000)))

    with pytest.raises(BudgetExceeded, match="spend_at_most_usd") as raised:
        await shop.ask(ai, spend_at_most_usd=Decimal("0.08"))

    assert [row.status for row in raised.value.attempts] == ["invalid_output"]
    assert raised.value.cost_usd == POST_COST + 2_980 * Decimal(14) / 1_000_000
    assert not raised.value.retryable


async def test_an_unknown_price_is_refused_under_a_bound_too(shop: Shop) -> None:
    async with shop.open(model="openai:gpt-99") as ai:
        with pytest.raises(
            BudgetExceeded, match="spend_at_most_usd is given, and the price of the model is unknown: set"
        ):
            await shop.ask(ai, spend_at_most_usd=Decimal(5))

    assert shop.server.requests == []


async def test_a_bound_changes_nothing_of_what_is_asked(shop: Shop, ai: AIService) -> None:
    shop.server.script(Answer(POST))

    first = await shop.ask(ai, idempotency_key="k", spend_at_most_usd=Decimal(1))
    again = await shop.ask(ai, idempotency_key="k", spend_at_most_usd=Decimal(2))

    assert again.request_id == first.request_id
    assert len(shop.server.requests) == 1
    assert "spend_at_most" not in str(shop.server.requests[0].document)
