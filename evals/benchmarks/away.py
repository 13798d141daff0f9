"""A database outage of 5 s under 50 callers: no request is missing from the ledger, and no call fails.

Another process locks the SQLite file; PostgreSQL's connections are cut, and new ones are refused. Each caller starts
its next call as soon as the last one ends; more calls arrive during the outage.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import count
from math import inf
from typing import NamedTuple

from ai_service import AIService, AIServiceError
from evals.benchmarks.audit import Row, compare, rows_in
from evals.benchmarks.caller import service, settings, write_post
from evals.benchmarks.databases import database, databases, described
from evals.benchmarks.figures import Counts, Figure, Report
from evals.benchmarks.modes import Mode
from evals.benchmarks.outage_process import OutageProcess
from evals.benchmarks.provider_process import ProviderProcess

_AT_ONCE = 50
_AWAY_S = 5.0
_OUTAGES, _SHORT_OUTAGES = 3, 1
_AROUND_S = 2.0
"""Seconds of calls before each outage, and after the last one."""
_NEW_EVERY_S = 0.1


class Ended(NamedTuple):
    """How a call ended."""

    at: float
    """Time of the monotonic clock, in seconds."""
    code: str
    """The code of its error; empty if it succeeded."""


class Away(NamedTuple):
    """Start and end of an outage, in seconds of the monotonic clock."""

    since: float
    until: float


class Outcome(NamedTuple):
    """The results of all calls."""

    ended: Sequence[Ended]
    outages: Sequence[Away]


def measure(*, short: bool) -> Report:
    """Measure an outage of each kind of database."""
    here, times = databases(), _SHORT_OUTAGES if short else _OUTAGES
    counts: Counts = {**described(here), "at_once": _AT_ONCE, "away_s": _AWAY_S, "outages": times}
    figures: list[Figure] = []
    logging.disable()
    for kind in here:
        with database(kind) as url, ProviderProcess() as provider:
            with OutageProcess(url) as outage:
                outcome = asyncio.run(_outcome(provider, outage, times))
            rows = asyncio.run(rows_in(url))
            figures += [failed(outcome, on=f", {kind}"), *compare(rows, provider.seen(), on=f", {kind}")]
            counts |= {f"{kind}_{name}": value for name, value in summary(outcome, rows).items()}
    logging.disable(logging.NOTSET)
    return Report(counts=counts, figures=figures)


def failed(outcome: Outcome, *, on: str) -> Figure:
    """Return the number of failed calls; `on` ends the figure's name."""
    failures = sum(bool(end.code) for end in outcome.ended)
    return Figure(name=f"calls failed{on}", value=failures, at_most=0, note=f"of {len(outcome.ended):,}")


def summary(outcome: Outcome, rows: Sequence[Row]) -> Counts:
    """Return the counts. Calls that end during an outage had written their rows before it."""
    answers = [end.at for end in outcome.ended if not end.code]
    first = [min((at for at in answers if at > away.until), default=inf) - away.until for away in outcome.outages]
    return {
        "calls": len(outcome.ended),
        "answers_while_away": sum(away.since < at < away.until for at in answers for away in outcome.outages),
        "errors": _listed(end.code for end in outcome.ended if end.code),
        "rows": _listed(row.status for row in rows),
        "first_answers_after_s": ", ".join(f"{seconds:.2f}" for seconds in first),
    }


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(Counter(names).items())) or "none"


async def _outcome(provider: ProviderProcess, outage: OutageProcess, times: int) -> Outcome:
    limits = settings(provider.base_url(Mode.QUICK_MODEL), outage.url)
    numbers, ended, outages, done = count(), list[Ended](), list[Away](), asyncio.Event()
    async with service(limits, calendar_url=provider.base_url(Mode.GOOD)) as ai:

        async def call() -> None:
            ended.append(await _call(ai, next(numbers)))

        async def one_after_the_other() -> None:
            while not done.is_set():
                await call()

        async with asyncio.TaskGroup() as tasks:
            for _ in range(_AT_ONCE):
                tasks.create_task(one_after_the_other())
            for _ in range(times):
                await asyncio.sleep(_AROUND_S)
                await asyncio.to_thread(outage.away)
                since = time.monotonic()
                while time.monotonic() < since + _AWAY_S:
                    tasks.create_task(call())
                    await asyncio.sleep(_NEW_EVERY_S)
                outages.append(Away(since, time.monotonic()))
                await asyncio.to_thread(outage.back)
            await asyncio.sleep(_AROUND_S)
            done.set()
    return Outcome(ended, outages)


async def _call(ai: AIService, number: int) -> Ended:
    try:
        await write_post(ai, number)
    except AIServiceError as error:
        return Ended(time.monotonic(), error.code)
    return Ended(time.monotonic(), "")
