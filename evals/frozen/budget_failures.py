"""The scenarios of money where something fails: refusals, silence, a killed process, several processes."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from ai_service import AIService
from evals.frozen.budget_till import Ended, Scene, Till, child, refused, usage_for, usage_of
from evals.frozen.loopback import Asked, completion
from evals.frozen.opened import Ticking, price_of, settings_for


async def _hang(till_of: Till) -> web.StreamResponse:
    """Never answer; the clock goes on meanwhile."""
    if isinstance(till_of.clock, Ticking):
        till_of.clock.pass_s(2)
    return await asyncio.get_running_loop().create_future()


def _sends(status: int, body: str = "") -> Callable[[Asked], Any]:
    async def send(asked: Asked) -> web.StreamResponse:
        return web.Response(status=status, text=body, content_type="application/json")

    return send


async def _refusals_free(till_of: Till) -> Ended:
    limit = till_of.bound + till_of.cost / 2
    await till_of.limit(limit)
    till_of.server.set(_sends(503))
    await till_of.replies(10)
    spent = [state.spent_usd for state in await till_of.states()]
    if isinstance(till_of.clock, Ticking):
        till_of.clock.pass_s(40)  # as long as any outage is remembered
    till_of.server.set(till_of.good)
    await till_of.reply()
    return Ended(till_of, limit, [(spent == [0], f"spent {spent} by refusals")])


async def _error_200(till_of: Till) -> Ended:
    limit = till_of.bound + till_of.cost / 2
    await till_of.limit(limit)
    till_of.server.set(_sends(200, '{"error": {"message": "down", "code": 503}}'))
    await till_of.replies(5)
    unasked = [came for came in till_of.came if refused(came)]
    return Ended(till_of, limit, [(not unasked, f"{len(unasked)} BUDGET_EXCEEDED")])


async def _timeouts(till_of: Till) -> Ended:
    await till_of.limit(3 * till_of.bound)

    async def answer(asked: Asked) -> web.StreamResponse:
        return await _hang(till_of)

    till_of.server.set(answer)
    await till_of.replies(2)
    first = till_of.came[0]
    return Ended(till_of, 3 * till_of.bound, [(not refused(first), f"first {first}")])


async def _thrice(till_of: Till) -> Ended:
    till_of.usage = usage_of(900, 2)

    async def answer(asked: Asked) -> web.StreamResponse:
        till_of.charged += till_of.cost
        return completion("no", model="writer-1", usage=till_of.usage)

    till_of.server.set(answer)
    await till_of.limit(10 * till_of.bound)
    came = await till_of.reply()
    told = getattr(came.error, "cost_usd", None)
    return Ended(till_of, 10 * till_of.bound, [(told == came.requests * till_of.cost, f"the error's cost {told}")])


async def _filtered(till_of: Till) -> Ended:
    async def answer(asked: Asked) -> web.StreamResponse:
        return completion(None, finish="content_filter", model="writer-1", usage=usage_of(900, 15))

    till_of.server.set(answer)
    came = await till_of.reply()
    cost = (await till_of.rows())[0].cost_usd
    reason = getattr(came.error, "reason", "")
    return Ended(
        till_of, None, [(cost == price_of("writer-1", 900, 15), f"cost {cost}"), (reason == "content_filter", reason)]
    )


async def _cancelled(till_of: Till) -> Ended:
    limit = till_of.bound + till_of.cost
    await till_of.limit(limit)

    async def answer(asked: Asked) -> web.StreamResponse:
        return await asyncio.get_running_loop().create_future()

    till_of.server.set(answer)
    first = asyncio.create_task(till_of.reply())
    while not (till_of.server.asked or first.done()):
        await asyncio.sleep(0.001)  # until it is sent
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    till_of.server.set(till_of.good)
    await till_of.reply()
    first_row = [(row.status, bool(row.cost_usd), row.cost_estimated) for row in (await till_of.rows())[:1]]
    return Ended(till_of, limit, [(first_row == [("cancelled", True, True)], f"the first row {first_row}")])


async def _killed(till_of: Till) -> Ended:
    limit = till_of.bound + till_of.cost
    await till_of.limit(limit)

    async def answer(asked: Asked) -> web.StreamResponse:
        if len(till_of.server.asked) == 1:
            return await asyncio.get_running_loop().create_future()
        return await till_of.good(asked)

    till_of.server.set(answer)
    process = await child(till_of, 1)
    while not till_of.server.asked and process.returncode is None:
        await asyncio.sleep(0.01)  # until it is sent
    if process.returncode is None:
        process.kill()
    await process.wait()
    await till_of.look()
    async with _later(till_of) as later:
        await later.reply()
        first_row = [(row.status, row.cost_estimated) for row in (await later.rows())[:1]]
        ended = Ended(till_of, limit, [(first_row == [("lost", True)], f"the first row {first_row}")])
        await till_of.look()
    return ended


@asynccontextmanager
async def _later(till_of: Till) -> AsyncGenerator[Till]:
    """Open the same database in another service, ten minutes later."""
    clock = Ticking()
    clock.pass_s(600)
    settings = settings_for(till_of.server, till_of.folder, model="openai-chat:writer-1")
    async with AIService(settings, context_source=till_of.source, clock=clock) as ai:
        later = Till(ai, till_of.server, clock, till_of.bound, till_of.folder, till_of.source)
        yield later
        till_of.came += later.came


async def _processes(till_of: Till) -> Ended:
    till_of.usage = usage_for(till_of.bound / 12)
    await till_of.limit(3 * till_of.bound)
    children = [await child(till_of, 30) for _ in range(3)]
    said = asyncio.gather(*(each.communicate() for each in children))
    while not said.done():
        await till_of.look()
        await asyncio.sleep(0.05)  # look again
    lines = [line for out, _ in await said for line in out.decode().split()]
    others = set(lines) - {"answer", "BUDGET_EXCEEDED"}
    return Ended(
        till_of, 3 * till_of.bound, [(not others, f"{others}"), (len(lines) == 90, f"{len(lines)} said")], lines
    )


async def _idempotent(till_of: Till) -> Ended:
    limit = till_of.bound + till_of.cost
    await till_of.limit(limit)
    for _ in range(3):
        await till_of.reply(idempotency_key="once")
    ids = {came.result.content_id for came in till_of.came if came.result}
    return Ended(till_of, limit, [(len(ids) == 1 and len(till_of.came) == 3, f"{len(ids)} answers")])


FAILURES: dict[str, Scene] = {
    "refusals_free": Scene(_refusals_free, {"deadline_s": 3}),
    "error_200_free": Scene(_error_200),
    "timeouts": Scene(_timeouts, {"request_timeout_s": 1}),
    "invalid_thrice": Scene(_thrice),
    "filter_paid": Scene(_filtered),
    "cancelled": Scene(_cancelled),
    "killed": Scene(_killed, real_time=True),
    "processes": Scene(_processes, real_time=True),
    "idempotent": Scene(_idempotent),
}
