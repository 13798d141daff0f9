"""200 calls from three processes on one database race for a budget of one dollar: it is never overspent.

Without a limit they would cost nearly two and a half dollars. A call costs about half of its upper bound: answers take
between half of the token limit and all of it. Sequential calls then use up what the race left of the dollar.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from ai_service import AIService, AIServiceError, BudgetState, Settings
from evals.benchmarks.audit import billed_usd, rows_in
from evals.benchmarks.caller import BUSINESS_ID, service, settings, write_post
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
            raced = [_race(provider, kind) for _ in range(rounds)]
            figures += score(raced, on=f", {kind}")
            for name in (_WON, _REFUSED):
                counts[f"{kind}_{name}"] = ", ".join(str(one.outcomes[name]) for one in raced)
    return Report(counts=counts, figures=figures)


def score(raced: Sequence[Round], *, on: str) -> list[Figure]:
    """Return the worst figures of some rounds; `on` ends the figures' names."""
    after_race = [float(one.raced_usd / _LIMIT_USD) for one in raced]
    at_the_end = min(float(one.billed_usd / _LIMIT_USD) for one in raced)
    wrong = [one.outcomes.total() - one.outcomes[_WON] - one.outcomes[_REFUSED] for one in raced]
    return [
        _none("overspend", max(max(Decimal(0), one.billed_usd - _LIMIT_USD) for one in raced), on),
        _none("budget less ai_logs", max(abs(one.spent_usd - one.booked_usd) for one in raced), on),
        _none("ai_logs less what was billed", max(abs(one.booked_usd - one.billed_usd) for one in raced), on),
        _none("still reserved at the end", max(abs(one.reserved_usd) for one in raced), on),
        Figure(name=f"calls failed otherwise than for the budget{on}", value=sum(wrong), at_most=0),
        Figure(
            name=f"part of the budget used by the race{on}", value=min(after_race), note=f"most {max(after_race):.2f}"
        ),
        Figure(name=f"part of it used when no call has room{on}", value=at_the_end, at_least=_NEARLY_ALL),
    ]


def _none(name: str, amount_usd: Decimal, on: str) -> Figure:
    return Figure(name=f"{name}{on}", value=float(amount_usd), unit="USD", at_most=0)


def _race(provider: ProviderProcess, kind: Kind) -> Round:
    provider.forget()
    with database(kind) as url:
        limits = settings(provider.base_url(Mode.THINKING), url, max_attempts=1, max_output_tokens=_MAX_OUTPUT_TOKENS)
        planning = provider.base_url(Mode.GOOD)

        async def limit() -> None:
            async with service(limits, calendar_url=planning) as ai:
                await ai.set_budget(_LIMIT_USD, business_id=BUSINESS_ID, period="total")

        async def part(number: int, ready: Callable[[], object]) -> list[str]:
            async with service(limits) as ai:
                ready()
                return await asyncio.gather(*(_call(ai, call) for call in share(_CALLS, number)))

        asyncio.run(limit())
        outcomes = race(part)
        raced_usd = billed_usd(provider.seen())
        budget = asyncio.run(_use_up(limits))
        rows = asyncio.run(rows_in(url))
    return Round(
        outcomes=Counter(outcomes),
        raced_usd=raced_usd,
        billed_usd=billed_usd(provider.seen()),
        booked_usd=sum((row.cost_usd for row in rows), Decimal(0)),
        spent_usd=budget.spent_usd,
        reserved_usd=budget.reserved_usd,
    )


async def _use_up(limits: Settings) -> BudgetState:
    """Make calls one after another until one is refused; return the budget."""
    async with service(limits) as ai:
        for call in range(_CALLS, 2 * _CALLS):
            if await _call(ai, call) != _WON:
                break
        [budget] = await ai.budgets(BUSINESS_ID)
        return budget


async def _call(ai: AIService, number: int) -> str:
    try:
        await write_post(ai, number)
    except AIServiceError as error:
        return error.code
    return _WON
