"""kill -9 at random moments under load: what the provider saw and billed stands on the books.

Processes on one database follow each other, each killed in its turn; the last one starts and closes as it should.
"""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

from evals.benchmarks.caller import service, settings, user_of
from evals.benchmarks.figures import Figure, Report
from evals.benchmarks.load import AT_ONCE, call_until_killed
from evals.benchmarks.provider import Mode
from evals.benchmarks.provider_process import ProviderProcess, Seen

_KILLS, _SHORT_KILLS = 200, 15
_LONGEST_LIFE_S = 0.6
_EARLY = 10
"""One process of so many is killed while it starts, when it settles what the last one left."""
_CALLS_PER_PROCESS = 100_000
_INPUT_USD, _OUTPUT_USD = Decimal("1.75") / 1_000_000, Decimal("14") / 1_000_000
"""Prices of a token of gpt-5.2, by hand: the ledger's own come from the price list."""


class Row(NamedTuple):
    """What is checked of a row in `ai_logs`."""

    user_id: str
    status: str
    cost_estimated: bool
    cost_usd: Decimal


def measure(*, short: bool) -> Report:
    """Kill processes, then compare the ledger with the provider."""
    kills = _SHORT_KILLS if short else _KILLS
    with TemporaryDirectory() as folder, ProviderProcess() as provider:
        file = Path(folder, "bench.db")
        _kill(kills, provider, f"sqlite:///{file}")
        seen = [request for request in provider.seen() if request.call is not None]
        with closing(sqlite3.connect(file)) as database:
            whole = database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            rows = [
                Row(user, status, bool(estimated), Decimal(cost).scaleb(-12))
                for user, status, estimated, cost in database.execute(
                    "SELECT user_id, status, cost_estimated, cost_usd FROM ai_logs WHERE user_id IS NOT NULL"
                )
            ]
    counts = {"kills": kills, "at_once": AT_ONCE, "requests_seen": len(seen), "rows": len(rows)}
    by_status = Counter(row.status for row in rows)
    statuses = ", ".join(f"{count} {status}" for status, count in sorted(by_status.items()))
    return Report(counts={**counts, "statuses": statuses}, figures=[*compare(rows, seen), _corrupt(whole)])


def compare(rows: Iterable[Row], seen: Iterable[Seen]) -> list[Figure]:
    """Return what the books lack and where they err; each call made one request."""
    booked = {row.user_id: row for row in rows}
    missing, error_usd, bounds_below = 0, Decimal(0), 0
    for request in seen:
        row = booked.get(user_of(request.call or 0))
        billed_usd = request.input_tokens * _INPUT_USD + request.output_tokens * _OUTPUT_USD
        if row is None:
            missing += 1
        elif row.cost_estimated:
            bounds_below += row.cost_usd < billed_usd
        else:
            error_usd += abs(row.cost_usd - billed_usd)
    still_open = sum(row.status == "sent" for row in booked.values())
    return [
        Figure(name="requests that the provider saw and the ledger did not", value=missing, at_most=0),
        Figure(name="cost error of settled rows", value=float(error_usd), unit="USD", at_most=0),
        Figure(name="rows of dead processes below what was billed", value=bounds_below, at_most=0),
        Figure(name="rows left open after the restart", value=still_open, at_most=0),
    ]


def _kill(kills: int, provider: ProviderProcess, database_url: str) -> None:
    asyncio.run(_open_and_close(provider, database_url, plan=True))
    context = get_context("fork")  # all is imported by now, and nothing of the service is left open
    random = Random(0)
    for number in range(kills):
        begun = context.Event()
        arguments = (provider.base_url(Mode.SLOW), database_url, number * _CALLS_PER_PROCESS, begun)
        process = context.Process(target=call_until_killed, args=arguments)
        process.start()
        if number % _EARLY:
            begun.wait(60)
        process.join(random.uniform(0, _LONGEST_LIFE_S))
        process.kill()
        process.join()
    asyncio.run(_open_and_close(provider, database_url))


async def _open_and_close(provider: ProviderProcess, database_url: str, *, plan: bool = False) -> None:
    base_url = provider.base_url(Mode.GOOD)
    async with service(settings(base_url, database_url), calendar_url=base_url if plan else None):
        pass


def _corrupt(whole: bool) -> Figure:
    return Figure(name="databases damaged", value=int(not whole), at_most=0)
