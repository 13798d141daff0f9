"""200 calls from three processes on one database race for a budget of one dollar: it is never overspent.

Without a limit they would cost nearly two and a half dollars. A call costs about half of its upper bound: answers take
between half of the token limit and all of it. Sequential calls then use up what the race left of the dollar. The same
with answers under a name that has no price. Then calendars and posts race for a budget with room for a few requests at
once, and for all of them one after the other: each is answered.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from ai_service import AIServiceError, BudgetState, Settings
from evals.benchmarks.audit import billed_usd, rows_in
from evals.benchmarks.caller import BUSINESS_ID, service, settings, write_calendar, write_post
from evals.benchmarks.databases import Kind, database, databases, described
from evals.benchmarks.figures import Counts, Figure, Report
from evals.benchmarks.modes import Mode
from evals.benchmarks.provider_process import ProviderProcess
from evals.benchmarks.race import PROCESSES, race, share

_CALLS = 200
_ROUNDS, _SHORT_ROUNDS = 5, 1
_LIMIT_USD = Decimal(1)
_MAX_OUTPUT_TOKENS = 1_000
_NEARLY_ALL = 0.97
"""Minimum spent when the budget has no room for another call, whose upper bound is about 0.024 USD."""
_SMALL_USD = Decimal("0.3")
"""A request may cost 0.06 USD and a call costs 0.001 to 0.01: four have room at once, all of them in turn."""
_POSTS, _CALENDARS = 27, 3
_WON = "won"
_REFUSED = "BUDGET_EXCEEDED"


class Round(NamedTuple):
    """The result of one race."""

    outcomes: Counter[str]
    """Number of calls by outcome: answered, or the error's code."""
    raced_usd: Decimal
    """Amount billed by the provider at the end of the race."""
    billed_usd: Decimal
    """Amount billed when no call fits into the budget any more, including the calendar's requests."""
    booked_usd: Decimal
    """Amount according to `ai_logs`."""
    spent_usd: Decimal
    """Amount according to the budget."""
    reserved_usd: Decimal
    """Amount still reserved, although no call is running."""


def measure(*, short: bool) -> Report:
    """Race on each kind of database, on a new database each time."""
    here, rounds = databases(), _SHORT_ROUNDS if short else _ROUNDS
    counts: Counts = {**described(here), "calls": _CALLS, "processes": PROCESSES, "rounds": rounds}
    figures: list[Figure] = []
    with ProviderProcess() as provider:
        for kind in here:
            raced = [_race(provider, kind, Mode.THINKING) for _ in range(rounds)]
            figures += score(raced, on=f", {kind}")
            figures += score([_race(provider, kind, Mode.ROUTED)], on=f", served under an unknown name, {kind}")
            figures += score_small(_race_small(provider, kind), on=f", calendars and posts, {kind}")
            for name in (_WON, _REFUSED):
                counts[f"{kind}_{name}"] = ", ".join(str(one.outcomes[name]) for one in raced)
    return Report(counts=counts, figures=figures)


def score(raced: Sequence[Round], *, on: str) -> list[Figure]:
    """Return the worst figures of some rounds; `on` ends the figures' names."""
    after_race = [float(one.raced_usd / _LIMIT_USD) for one in raced]
    at_the_end = min(float(one.billed_usd / _LIMIT_USD) for one in raced)
    wrong = [one.outcomes.total() - one.outcomes[_WON] - one.outcomes[_REFUSED] for one in raced]
    return [
        *_books(raced, limit_usd=_LIMIT_USD, on=on),
        Figure(name=f"calls failed otherwise than for the budget{on}", value=sum(wrong), at_most=0),
        Figure(
            name=f"part of the budget used by the race{on}", value=min(after_race), note=f"most {max(after_race):.2f}"
        ),
        Figure(name=f"part of it used when no call has room{on}", value=at_the_end, at_least=_NEARLY_ALL),
    ]


def score_small(raced: Round, *, on: str) -> list[Figure]:
    """Return the figures of a race for a small budget; `on` ends the figures' names."""
    answered = raced.outcomes[_WON] / raced.outcomes.total()
    return [
        *_books([raced], limit_usd=_SMALL_USD, on=on),
        Figure(name=f"calls answered{on}", value=answered, at_least=1, note=f"{float(raced.billed_usd):.3f} USD"),
    ]


def _books(raced: Sequence[Round], *, limit_usd: Decimal, on: str) -> list[Figure]:
    return [
        _none("overspend", max(max(Decimal(0), one.billed_usd - limit_usd) for one in raced), on),
        _none("budget less ai_logs", max(abs(one.spent_usd - one.booked_usd) for one in raced), on),
        _none("ai_logs less what was billed", max(abs(one.booked_usd - one.billed_usd) for one in raced), on),
        _none("still reserved at the end", max(abs(one.reserved_usd) for one in raced), on),
    ]


def _none(name: str, amount_usd: Decimal, on: str) -> Figure:
    return Figure(name=f"{name}{on}", value=float(amount_usd), unit="USD", at_most=0)


def _race(provider: ProviderProcess, kind: Kind, mode: Mode) -> Round:
    provider.forget()
    with database(kind) as url:
        limits = settings(provider.base_url(mode), url, max_attempts=1, max_output_tokens=_MAX_OUTPUT_TOKENS)

        async def part(number: int, ready: Callable[[], object]) -> list[str]:
            async with service(limits) as ai:
                ready()
                return await asyncio.gather(*(_outcome(write_post(ai, call)) for call in share(_CALLS, number)))

        asyncio.run(_limit(limits, provider.base_url(Mode.GOOD), _LIMIT_USD))
        outcomes = race(part)
        raced_usd = billed_usd(provider.seen())
        budget = asyncio.run(_use_up(limits))
        return _round(outcomes, raced_usd, budget, provider, url)


def _race_small(provider: ProviderProcess, kind: Kind) -> Round:
    provider.forget()
    with database(kind) as url:
        limits = settings(provider.base_url(Mode.SLOW), url, max_attempts=1)

        async def part(number: int, ready: Callable[[], object]) -> list[str]:
            async with service(limits) as ai:
                ready()
                calendars = (write_calendar(ai, call) for call in share(_CALENDARS, number))
                posts = (write_post(ai, call) for call in share(_POSTS, number))
                return await asyncio.gather(*map(_outcome, (*calendars, *posts)))

        asyncio.run(_limit(limits, provider.base_url(Mode.GOOD), _SMALL_USD))
        outcomes = race(part)
        return _round(outcomes, billed_usd(provider.seen()), asyncio.run(_state(limits)), provider, url)


async def _limit(limits: Settings, calendar_url: str, limit_usd: Decimal) -> None:
    async with service(limits, calendar_url=calendar_url) as ai:
        await ai.set_budget(limit_usd, business_id=BUSINESS_ID, period="total")


def _round(
    outcomes: Sequence[str], raced_usd: Decimal, budget: BudgetState, provider: ProviderProcess, url: str
) -> Round:
    rows = asyncio.run(rows_in(url))
    return Round(
        outcomes=Counter(outcomes),
        raced_usd=raced_usd,
        billed_usd=billed_usd(provider.seen()),
        booked_usd=sum((row.cost_usd for row in rows), Decimal(0)),
        spent_usd=budget.spent_usd,
        reserved_usd=budget.reserved_usd,
    )


async def _state(limits: Settings) -> BudgetState:
    async with service(limits) as ai:
        [budget] = await ai.budgets(BUSINESS_ID)
        return budget


async def _use_up(limits: Settings) -> BudgetState:
    """Make calls one after another until one is refused; return the budget."""
    async with service(limits) as ai:
        for call in range(_CALLS, 2 * _CALLS):
            if await _outcome(write_post(ai, call)) != _WON:
                break
        [budget] = await ai.budgets(BUSINESS_ID)
        return budget


async def _outcome(call: Awaitable[object]) -> str:
    try:
        await call
    except AIServiceError as error:
        return error.code
    return _WON
