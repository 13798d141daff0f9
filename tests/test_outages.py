"""Outages and rate limits with many calls at once: whatever can be answered within the deadline is answered."""

import asyncio
from collections import Counter
from collections.abc import Callable

import pytest

from ai_service import AIGenerationError, AIResult, AIService, Feature
from models.messaging import ReplySuggestion
from tests import serving
from tests.clocks import SkippingClock, StoppedClock
from tests.provider.reactions import Hang, HttpError, Reaction, Sampled, rate_limited
from tests.provider.received import ReceivedRequest, value_at
from tests.serving import Shop, settled_rows

server, stored, no_environment, shop = serving.server, serving.stored, serving.no_environment, serving.shop

CALLS = 20
DEFAULTS = {"backoff_s": 0.5, "request_timeout_s": 20, "deadline_s": 45}
TOO_LARGE = HttpError(
    429, code="rate_limit_exceeded", message="Request too large on tokens per min: Limit 30000, Requested 41200."
)


async def replies(shop: Shop, ai: AIService, calls: int = CALLS) -> list[AIResult[ReplySuggestion]]:
    asked = (ai.suggest_reply(shop.business_id, f"Vous ouvrez quand ? {number}") for number in range(calls))
    return await asyncio.gather(*asked)


def call_of(request: ReceivedRequest) -> object:
    return str(value_at(request.document, "task"))


@pytest.mark.parametrize("blip_s", [0.5, 1.5, 8, 24])
async def test_after_an_outage_every_call_is_answered_for_the_fewest_requests(shop: Shop, blip_s: float) -> None:
    clock, after = SkippingClock(), list[ReceivedRequest]()

    def react(request: ReceivedRequest) -> Reaction:
        if clock.monotonic() < blip_s:
            return HttpError(503)
        after.append(request)
        return Sampled()

    shop.server.script(react)
    async with shop.open(clock=clock, **DEFAULTS) as ai:
        await replies(shop, ai)

    assert len(after) == CALLS
    probes = len(shop.server.requests) - 2 * CALLS
    assert probes <= 2 + blip_s / 1.5  # waits are jittered by a fourth
    assert clock.monotonic() <= blip_s + 2.5


async def test_a_model_that_hangs_for_a_while_answers_every_call_later(shop: Shop) -> None:
    clock, gone = SkippingClock(), 0

    def react(request: ReceivedRequest) -> Reaction:
        return Hang() if request.number < CALLS else Sampled()

    def all_hang() -> None:
        nonlocal gone
        gone += 1
        if gone == CALLS:
            clock.pass_s(20)

    shop.server.script(react)
    shop.server.when_hanging = all_hang
    async with shop.open(clock=clock, **DEFAULTS) as ai:
        results = await replies(shop, ai)

    assert {tuple(row.status for row in result.attempts) for result in results} == {("timeout", "ok")}


def by_call(*reactions: Reaction) -> Callable[[ReceivedRequest], Reaction]:
    """React to the requests of each call with `reactions` in order; the last one repeats."""
    asked = Counter[object]()

    def react(request: ReceivedRequest) -> Reaction:
        asked[call_of(request)] += 1
        return reactions[min(asked[call_of(request)], len(reactions)) - 1]

    return react


@pytest.mark.parametrize(
    "faults", [[rate_limited(), HttpError(500)], [HttpError(503)] * 2, [HttpError(500)], [rate_limited("1")]], ids=str
)
async def test_faults_that_come_in_a_burst_cost_no_answer(shop: Shop, faults: list[HttpError]) -> None:
    shop.server.script(by_call(*faults, Sampled()))

    async with shop.open(clock=SkippingClock(), **DEFAULTS) as ai:
        results = await replies(shop, ai)

    assert {len(result.attempts) for result in results} <= set(range(1, len(faults) + 2))
    assert len(shop.server.requests) == CALLS * (len(faults) + 1)


async def test_a_429_holds_the_calls_of_its_model_for_its_retry_after(shop: Shop) -> None:
    shop.server.script(rate_limited("7"), Sampled())
    clock = SkippingClock()

    async with shop.open(clock=clock, **DEFAULTS) as ai:
        first, second = (await shop.ask(ai)).attempts

    assert first.finished_at is not None
    assert (second.started_at - first.finished_at).total_seconds() == pytest.approx(7)


async def test_a_call_whose_deadline_comes_before_the_next_probe_ends_at_once_and_says_when(shop: Shop) -> None:
    clock = StoppedClock()
    shop.server.script(rate_limited("30"))
    async with shop.open(clock=clock, **{**DEFAULTS, "deadline_s": 20}) as ai:
        with pytest.raises(AIGenerationError, match="rate_limited after 1 attempt"):
            await shop.ask(ai)
        clock.pass_s(4)

        with pytest.raises(AIGenerationError) as caught:
            await shop.ask(ai)

    error = caught.value
    assert (error.reason, error.retryable, error.retry_after_s, error.attempts) == ("gate_closed", True, 26, [])
    assert error.to_dict()["retry_after_s"] == 26
    assert len(shop.server.requests) == 1


async def test_a_request_that_is_too_large_holds_nobody_and_is_not_asked_again(shop: Shop) -> None:
    shop.server.script(TOO_LARGE, Sampled())

    async with shop.open(clock=StoppedClock(), **DEFAULTS) as ai:
        with pytest.raises(AIGenerationError) as caught:
            await shop.ask(ai)
        result = await shop.ask(ai)

    assert (caught.value.reason, caught.value.retryable, caught.value.retry_after_s) == ("rejected", False, None)
    assert len(result.attempts) == 1


@pytest.mark.parametrize("fault", [HttpError(400), HttpError(401), HttpError(429, code="insufficient_quota")], ids=str)
async def test_what_no_waiting_helps_closes_no_gate(shop: Shop, fault: HttpError) -> None:
    shop.server.script(*[fault] * 5, Sampled())

    async with shop.open(clock=StoppedClock(), **DEFAULTS) as ai:
        for _ in range(5):
            with pytest.raises(AIGenerationError):
                await shop.ask(ai)
        assert len((await shop.ask(ai)).attempts) == 1


async def test_a_call_without_time_for_a_request_says_nothing_of_the_model(shop: Shop) -> None:
    clock = StoppedClock()
    shop.server.script(Hang())
    shop.server.when_hanging = lambda: clock.pass_s(10)

    async with shop.open(clock=clock, **{**DEFAULTS, "deadline_s": 10}) as ai:
        for _ in range(3):
            with pytest.raises(AIGenerationError, match="deadline"):
                await shop.ask(ai)
        shop.server.script(Sampled())
        assert len((await shop.ask(ai)).attempts) == 1


@pytest.mark.parametrize(("dead", "sent"), [(Hang(), 4), (HttpError(503), 3)], ids=str)
async def test_calls_of_a_dead_model_keep_no_call_of_another_waiting(shop: Shop, dead: Reaction, sent: int) -> None:
    models = {"messaging": ["openai:gpt-5.2"], "content": ["openai:gpt-5-mini"]}
    shop.server.script(lambda request: dead if request.model == "gpt-5.2" else Sampled())
    async with shop.open(clock=StoppedClock(), models=models, max_running=4, **DEFAULTS) as ai:
        waiting = [asyncio.ensure_future(replies(shop, ai, 4))]
        await shop.server.wait_for_requests(sent)
        waiting.append(asyncio.ensure_future(replies(shop, ai, 36)))

        for _ in range(3):  # the clock stands still: who had to wait would wait for ever
            await asyncio.gather(*(shop.ask(ai, Feature.CONTENT) for _ in range(3)))

        assert not any(each.done() for each in waiting)  # nobody was refused either
        for each in waiting:
            each.cancel()
        await asyncio.wait(waiting)
        rows = await settled_rows(ai, Feature.MESSAGING)

    assert sent <= len(rows) <= 4 + 4
