"""The scenarios of the budget cases, each played on a till of its own."""

from decimal import Decimal
from typing import Any

from aiohttp import web

from ai_service import Brief
from evals.frozen.budget_failures import FAILURES
from evals.frozen.budget_parts import PARTS
from evals.frozen.budget_till import Ended, Scene, Till, Usage, refused, till, usage_for, usage_of
from evals.frozen.loopback import Asked, completion
from evals.frozen.opened import came_of, price_of

_UNTIL = 200
"""Calls at the most until a refusal: 200 answers cost six times the limit already."""


def _limited(factor: str, plus_c: str = "0", *, calls: int, usage: Usage | str | None = "usual") -> Scene:
    """Return the scene of calls one after the other under a budget of `factor` U and `plus_c` c."""

    async def play(till_of: Till) -> Ended:
        if usage != "usual":
            till_of.usage = usage if isinstance(usage, dict) else None
        limit = Decimal(factor) * till_of.bound + Decimal(plus_c) * till_of.cost
        await till_of.limit(limit)
        await till_of.replies(calls, until_refused=plus_c != "0")
        used = any(came.result is not None for came in till_of.came)
        return Ended(till_of, limit, [(used, f"no answer is used: {till_of.came[0]}")])

    return Scene(play)


def _parallel(count: int, share: str) -> Scene:
    """Return the scene of calls at once under a budget of 2 U, where an answer costs a share of U."""

    async def play(till_of: Till) -> Ended:
        till_of.usage = usage_for(till_of.bound * Decimal(share))
        await till_of.limit(2 * till_of.bound)
        await till_of.at_once(count)
        return Ended(till_of, 2 * till_of.bound)

    return Scene(play, {"deadline_s": 45}, real_time=True)


async def _nothing(till_of: Till, limit: str) -> Ended:
    await till_of.limit(Decimal(limit))
    await till_of.reply()
    return Ended(till_of, Decimal(limit))


async def _two_limits(till_of: Till) -> Ended:
    limit = till_of.bound + till_of.cost
    await till_of.limit(100 * till_of.bound)
    await till_of.limit(limit, campaign_id="b")
    await till_of.replies(10)
    refused = [str(came.error) for came in till_of.came if came.error is not None]
    other = await came_of(till_of.ai.suggest_reply("b", "Thanks!", campaign_id="b2"), till_of.server)
    of_campaign = [state.spent_usd for state in await till_of.states() if state.scope == "campaign"]
    ended = Ended(till_of, 100 * till_of.bound)
    ended.right += [
        (other.result is not None, f"the other campaign: {other}"),
        (all("campaign" in text for text in refused) and bool(refused), "the refusal does not name the campaign"),
        (all(spent <= limit for spent in of_campaign), f"the campaign spent {of_campaign}"),
    ]
    return ended


async def _raised(till_of: Till) -> Ended:
    await till_of.limit(Decimal(0))
    first = await till_of.reply()
    await till_of.limit(10 * till_of.bound)
    await till_of.reply()
    return Ended(till_of, 10 * till_of.bound, [(refused(first), f"first {first}")])


async def _lowered(till_of: Till) -> Ended:
    await till_of.limit(10 * till_of.bound)
    await till_of.replies(3)
    await till_of.limit(till_of.cost)
    last = await till_of.reply()
    return Ended(till_of, None, [(refused(last), f"fourth {last}")])


async def _per_call(till_of: Till) -> Ended:
    await till_of.reply(spend_at_most_usd=Decimal("0.000001"))
    second = await came_of(till_of.ai.suggest_reply("b", "Thanks!", campaign_id="b"), till_of.server)
    return Ended(till_of, None, [(second.result is not None, f"the next call {second}")])


async def _per_call_second(till_of: Till) -> Ended:
    limit = till_of.bound + till_of.cost / 2

    async def answer(asked: Asked) -> web.StreamResponse:
        if len(till_of.server.asked) > 1:
            return await till_of.good(asked)
        till_of.charged += till_of.cost
        return completion("no", model="writer-1", usage=till_of.usage)

    till_of.server.set(answer)
    await till_of.reply(spend_at_most_usd=limit)
    return Ended(till_of, limit)


def _unpriced(model: str) -> Scene:
    async def play(till_of: Till) -> Ended:
        till_of.usage, till_of.model = usage_of(1000, 3000), model
        await till_of.limit(Decimal(1))
        await till_of.replies(_UNTIL, until_refused=True)
        return Ended(till_of, Decimal(1), [(refused(till_of.came[-1]), f"never refused: {till_of.came[-1]}")])

    return Scene(play)


async def _unknown(till_of: Till) -> Ended:
    till_of.model = "nobody-9b"
    came = await till_of.reply()
    row = (await till_of.rows())[0]
    priced = (came.result.cost_usd if came.result else 0, row.cost_usd)
    booked = (row.input_tokens, row.output_tokens)
    return Ended(till_of, None, [(priced == (None, None), f"cost {priced}"), (booked == (900, 120), f"{booked}")])


def _one(usage: Usage, cost: Decimal, **fields: int) -> Scene:
    """Return the scene of one answer whose row must hold these figures."""

    async def play(till_of: Till) -> Ended:
        till_of.usage = usage
        await till_of.reply()
        row = (await till_of.rows())[0]
        held = {name: getattr(row, name) for name in fields}
        return Ended(
            till_of, None, [(row.cost_usd == cost, f"cost {row.cost_usd}, not {cost}"), (held == fields, f"{held}")]
        )

    return Scene(play)


_BOUND = ("generate_content.spend_at_most_usd",)
_CACHED: Usage = {"prompt_tokens": 5, "completion_tokens": 120, "prompt_tokens_details": {"cached_tokens": 880}}
_FAIR: Usage = {"prompt_tokens": 900, "completion_tokens": 120, "prompt_tokens_details": {"cached_tokens": 800}}
_THOUGHT: Usage = {
    "prompt_tokens": 900,
    "completion_tokens": 500,
    "completion_tokens_details": {"reasoning_tokens": 380},
}
_ABSURD: Usage = {"prompt_tokens": 2**62, "completion_tokens": 2**62}

SCENES: dict[str, Scene] = {
    **FAILURES,
    **PARTS,
    "sequence": _limited("1", "5", calls=40),
    "parallel_wait": _parallel(20, "0.04"),
    "parallel_short": _parallel(60, "0.045"),
    "zero": Scene(lambda till_of: _nothing(till_of, "0")),
    "dust": Scene(lambda till_of: _nothing(till_of, "0.000001")),
    "two_limits": Scene(_two_limits),
    "raised": Scene(_raised),
    "lowered": Scene(_lowered),
    "per_call": Scene(_per_call, needs=_BOUND),
    "per_call_second": Scene(_per_call_second, needs=_BOUND),
    "unpriced_name": _unpriced("eu-west/anything-7b"),
    "unpriced_blank": _unpriced(""),
    "unknown_price": Scene(_unknown, {"model": "openai-chat:nobody-9"}),
    "cached_beside": _limited("3.1", calls=10, usage=_CACHED),
    "cached_fair": _one(_FAIR, price_of("writer-1", 900, 120, cached=800), input_tokens=900, cached_input_tokens=800),
    "reasoning_once": _one(_THOUGHT, price_of("writer-1", 900, 500), output_tokens=500, reasoning_tokens=380),
    "negative": _limited("2.1", calls=5, usage=usage_of(-900, -120)),
    "zeros": _limited("2", calls=5, usage=usage_of(0, 0)),
    "absurd": _limited("2", calls=5, usage=_ABSURD),
    "missing": _limited("4.1", calls=10, usage=None),
}
"""How each scenario is played; where other calls or processes are waited for, on the real clock."""


async def play(name: str, brief: Brief, bound: Decimal) -> tuple[Ended, Any]:
    """Play a scenario; return what is judged, with the rows and budgets at its end."""
    scene = SCENES[name]
    async with till(brief, bound, real_time=scene.real_time, **scene.settings) as till_of:
        ended = await scene.play(till_of)
        return ended, (await till_of.rows(), await till_of.states())
