"""The scenarios of money where a call has several requests or models, and of a picture."""

import asyncio
from decimal import Decimal
from typing import Any

from aiohttp import web

from ai_service import AIService
from evals.frozen.budget_till import Ended, Scene, Till, bound_of, refused, usage_for
from evals.frozen.loopback import Asked
from evals.frozen.opened import Came, came_of, price_of, settings_for


async def _calendar(till_of: Till, **changes: Any) -> Came:
    till_of.came.append(await came_of(till_of.ai.generate_strategy("b", "b", **changes), till_of.server))
    await till_of.look()
    return till_of.came[-1]


def _days(came: Came) -> set[int]:
    return {day.day for day in came.result.output.calendar if day.theme} if came.result else set()


async def _calendar_small(till_of: Till) -> Ended:
    rows = await bound_of(till_of.source.by_id["b"], lambda measured: measured.ai.generate_strategy("b", "b"))
    bound = max(row.cost_usd or Decimal(0) for row in rows)
    till_of.usage = usage_for(bound / 12)
    await till_of.limit(2 * bound)
    came = await _calendar(till_of)
    return Ended(till_of, 2 * bound, [(len(_days(came)) == 30, f"{len(_days(came))} days")])


async def _calendar_runs_out(till_of: Till) -> Ended:
    rows = await bound_of(till_of.source.by_id["b"], lambda measured: measured.ai.generate_strategy("b", "b"))
    costs = sorted(row.cost_usd or Decimal(0) for row in rows)
    till_of.usage = None
    limit = costs[-1] * Decimal("3.5")
    await till_of.limit(limit)
    first = await _calendar(till_of, idempotency_key="month")
    paid = {day for asked in till_of.server.asked for day in asked.days}
    spent = [state.spent_usd for state in await till_of.states()]
    before = len(till_of.server.asked)
    await till_of.limit(100 * limit)
    second = await _calendar(till_of, idempotency_key="month")
    again = {day for asked in till_of.server.asked[before:] for day in asked.days} & paid
    failed = [failure for failure in getattr(first.result, "failed", [])]
    ended = Ended(till_of, 100 * limit)
    ended.right += [
        (refused(first) or bool(failed), f"first {first}"),
        (all(each <= limit for each in spent), f"spent {spent} of {limit}"),
        (len(_days(second)) == 30, f"second {len(_days(second))} days: {second}"),
        (not again, f"days {sorted(again)} were paid for twice"),
    ]
    return ended


async def _variants(till_of: Till) -> Ended:
    till_of.usage = None
    brief = till_of.source.by_id["b"]
    await till_of.ai.generate_strategy("b", "b")
    rows = await bound_of(brief, _two_posts, models={"strategy": ["sandbox"]})
    costs = [row.cost_usd or Decimal(0) for row in rows if row.feature == "content"]
    limit = costs[0] + max(costs) / 2
    await till_of.limit(limit)
    came = await came_of(till_of.ai.generate_content("b", "b", 1, networks=["instagram", "x"]), till_of.server)
    till_of.came.append(came)
    failed = [str(failure) for failure in getattr(came.result, "failed", [])]
    named = any("x" in failure and "budget" in failure for failure in failed)
    return Ended(till_of, limit, [(named or came.result is None, f"failed {failed}")])


async def _two_posts(measured: Till) -> Any:
    await measured.ai.generate_strategy("b", "b")
    return await measured.ai.generate_content("b", "b", 1, networks=["instagram", "x"])


async def _gate(till_of: Till) -> Ended:
    loop = asyncio.get_running_loop()
    till_of.usage = usage_for(till_of.bound / 25)
    await till_of.limit(2 * till_of.bound)
    began: list[float] = []

    async def answer(asked: Asked) -> web.StreamResponse:
        began.append(loop.time())
        if asked.body["model"] == "writer-1" and loop.time() < began[0] + 3:
            return web.Response(status=503)
        return await till_of.good(asked)

    till_of.server.set(answer)
    settings = settings_for(till_of.server, till_of.folder, model="openai-chat:writer-2")
    async with AIService(settings, context_source=till_of.source) as other:
        many = asyncio.create_task(till_of.at_once(20))
        while not (began or many.done()):
            await asyncio.sleep(0.01)  # until the outage is there
        start = loop.time()
        came = await came_of(other.suggest_reply("b", "Thanks!", campaign_id="b"), till_of.server)
        took_s = loop.time() - start
        await many
    till_of.came.append(came)
    in_time = came.result is not None and took_s < 2
    return Ended(till_of, 2 * till_of.bound, [(in_time, f"the call on B took {took_s:.1f} s: {came}")])


async def _fallback(till_of: Till) -> Ended:
    async def answer(asked: Asked) -> web.StreamResponse:
        if asked.body["model"] == "writer-1":
            return web.Response(status=503)
        till_of.model = "writer-2"
        return await till_of.good(asked)

    till_of.server.set(answer)
    await till_of.limit(10 * till_of.bound)
    came = await till_of.reply()
    costs = [row.cost_usd for row in await till_of.rows()]
    right = bool(costs) and costs[0] == 0 and costs[-1] == price_of("writer-2", 900, 120)
    till_of.charged = price_of("writer-2", 900, 120)
    return Ended(till_of, 10 * till_of.bound, [(right, f"rows cost {costs}: {came}")])


async def _picture(till_of: Till) -> Ended:
    from evals.frozen.picture_cases import plain_answer

    await till_of.ai.generate_strategy("b", "b")
    await till_of.limit(Decimal(10))
    till_of.server.set(plain_answer)
    till_of.came.append(await came_of(till_of.ai.generate_image("b", "b", 1, aspect_ratio="1:1"), till_of.server))
    return Ended(till_of, Decimal(10))


PARTS: dict[str, Scene] = {
    "calendar_small": Scene(_calendar_small, real_time=True),
    "calendar_runs_out": Scene(_calendar_runs_out, real_time=True),
    "variants": Scene(_variants, {"models": {"strategy": ["sandbox"]}}),
    "gate_holds_nothing": Scene(_gate, real_time=True),
    "fallback": Scene(_fallback, {"models": {"messaging": ["openai-chat:writer-1", "openai-chat:writer-2"]}}),
    "picture": Scene(_picture, {"models": {"strategy": ["sandbox"]}}),
}
