"""Cancelling the task that awaits a call, in each way that hosts use, cancels its request and settles its row."""

import asyncio
from collections.abc import Awaitable, Callable

import anyio
import pytest

from ai_service import AIService, Feature
from tests import serving
from tests.provider.reactions import Drip, Hang, HttpError, Sampled
from tests.serving import PATIENCE_S, Shop

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop, ai = serving.shop, serving.ai

Cancelling = Callable[[Awaitable[object], Awaitable[None]], Awaitable[None]]
"""Awaits the call and cancels it when the second one returns."""


async def by_task(call: Awaitable[object], sent: Awaitable[None]) -> None:
    task = asyncio.ensure_future(call)
    await sent
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def by_asyncio_timeout(call: Awaitable[object], sent: Awaitable[None]) -> None:
    limit = asyncio.timeout(None)

    async def expire() -> None:
        await sent
        limit.reschedule(asyncio.get_running_loop().time())

    expiring = asyncio.create_task(expire())
    with pytest.raises(TimeoutError):
        async with limit:
            await call
    await expiring


async def by_move_on_after(call: Awaitable[object], sent: Awaitable[None]) -> None:
    scope = anyio.move_on_after(10 * PATIENCE_S)

    async def expire() -> None:
        await sent
        scope.deadline = anyio.current_time()

    expiring = asyncio.create_task(expire())
    with scope:
        await call
    await expiring
    assert scope.cancelled_caught


async def by_task_group(call: Awaitable[object], sent: Awaitable[None]) -> None:
    async def run() -> None:
        await call

    async with anyio.create_task_group() as group:
        group.start_soon(run)
        await sent
        group.cancel_scope.cancel()


WAYS: list[Cancelling] = [by_task, by_asyncio_timeout, by_move_on_after, by_task_group]


@pytest.mark.parametrize("feature", list(Feature))
@pytest.mark.parametrize("cancelling", WAYS)
async def test_a_cancelled_call_cancels_its_request_and_settles_its_row(
    shop: Shop, ai: AIService, cancelling: Cancelling, feature: Feature, caplog: pytest.LogCaptureFixture
) -> None:
    shop.server.script(Hang())

    await cancelling(shop.ask(ai, feature), shop.server.wait_for_requests(1))

    async with asyncio.timeout(PATIENCE_S):
        await shop.server.requests[0].client_gone.wait()
    row = (await serving.settled_rows(ai, feature))[-1]
    assert (row.status, row.http_status, row.cost_estimated) == ("cancelled", None, True)
    assert row.input_tokens > 0
    assert row.output_tokens > 0
    assert row.cost_usd is not None
    assert row.cost_usd > 0
    assert len(shop.server.requests) == 1
    assert caplog.records == []


@pytest.mark.parametrize("cancelling", WAYS)
async def test_an_answer_that_is_half_received_is_cancelled_too(
    shop: Shop, ai: AIService, cancelling: Cancelling
) -> None:
    shop.server.script(Drip(Sampled(), pace=asyncio.Event().wait))

    await cancelling(shop.ask(ai), shop.server.wait_for_requests(1))

    async with asyncio.timeout(PATIENCE_S):
        await shop.server.requests[0].client_gone.wait()
    assert [row.status for row in await serving.settled_rows(ai, Feature.CONTENT)] == ["cancelled"]


@pytest.mark.parametrize("cancelling", WAYS)
async def test_all_slices_of_a_calendar_are_cancelled_together(
    shop: Shop, ai: AIService, cancelling: Cancelling
) -> None:
    shop.server.script(serving.planned, Hang())
    before = len(await serving.settled_rows(ai, Feature.STRATEGY))

    await cancelling(shop.ask(ai, Feature.STRATEGY), shop.server.wait_for_requests(6))

    async with asyncio.timeout(PATIENCE_S):
        for request in shop.server.requests[1:]:
            await request.client_gone.wait()
    rows = (await serving.settled_rows(ai, Feature.STRATEGY))[before:]
    assert [row.status for row in rows] == ["ok", *["cancelled"] * 5]


async def test_a_call_cancelled_while_it_waits_to_retry_leaves_its_row_unchanged(shop: Shop) -> None:
    shop.server.script(HttpError(500))

    async with shop.open(backoff_s=1e6, deadline_s=1e9) as ai:
        task = asyncio.ensure_future(shop.ask(ai))
        await shop.server.wait_for_requests(1)
        async with asyncio.timeout(PATIENCE_S):
            while [row.status for row in await serving.settled_rows(ai, Feature.CONTENT)] != ["server_error"]:
                pass
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        rows = await serving.settled_rows(ai, Feature.CONTENT)

    assert [(row.status, row.cost_usd) for row in rows] == [("server_error", 0)]


async def test_a_service_that_closes_during_a_cancelled_call_leaves_no_row_open(shop: Shop) -> None:
    shop.server.script(Hang())

    async with shop.open() as ai:
        task = asyncio.ensure_future(shop.ask(ai))
        await shop.server.wait_for_requests(1)
        task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    async with shop.open() as again:
        (row,) = await serving.settled_rows(again, Feature.CONTENT)
    assert row.status in ("cancelled", "connection")
