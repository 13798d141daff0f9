"""`kill -9` at random moments under load: the ledger has all that the provider saw and billed.

Processes on one database run one after another, and each is killed; the last one starts and closes normally.
"""

import asyncio
import sqlite3
from collections import Counter
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from evals.benchmarks.audit import compare, rows_in
from evals.benchmarks.caller import service, settings
from evals.benchmarks.figures import Figure, Report
from evals.benchmarks.load import AT_ONCE, call_until_killed
from evals.benchmarks.modes import Mode
from evals.benchmarks.provider_process import ProviderProcess

_KILLS, _SHORT_KILLS = 200, 10
_LONGEST_LIFE_S = 0.6
_EARLY = 10
"""One process in so many is killed while it starts, when it settles the rows that the last one left open."""
_CALLS_PER_PROCESS = 100_000


def measure(*, short: bool) -> Report:
    """Kill processes, then compare the ledger with the provider."""
    kills = _SHORT_KILLS if short else _KILLS
    with TemporaryDirectory() as folder, ProviderProcess() as provider:
        file = Path(folder, "bench.db")
        _kill(kills, provider, f"sqlite:///{file}")
        seen = [request for request in provider.seen() if request.call is not None]
        with closing(sqlite3.connect(file)) as database:
            whole = database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = [row for row in asyncio.run(rows_in(f"sqlite:///{file}")) if row.user_id]
    counts = {"kills": kills, "at_once": AT_ONCE, "requests_seen": len(seen), "rows": len(rows)}
    by_status = Counter(row.status for row in rows)
    statuses = ", ".join(f"{count} {status}" for status, count in sorted(by_status.items()))
    return Report(counts={**counts, "statuses": statuses}, figures=[*compare(rows, seen), _corrupt(whole)])


def _kill(kills: int, provider: ProviderProcess, database_url: str) -> None:
    asyncio.run(_open_and_close(provider, database_url, plan=True))
    context = get_context("fork")  # everything is imported by now, no part of the service is open
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
