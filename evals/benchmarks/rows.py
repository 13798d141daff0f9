"""The ledger alone: its throughput of durable rows per second, and how long one call waits for its rows."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from uuid import uuid4

from ai_service import Attempt, Feature
from evals.benchmarks.caller import BUSINESS_ID, CAMPAIGN_ID
from evals.benchmarks.databases import Kind, database, databases, described
from evals.benchmarks.figures import Figure, Report, percentile
from evals.benchmarks.flush import flush_on
from evals.benchmarks.model_answers import text_of
from storage.engine import create_engine
from storage.ledger import SqlLedger

_ROWS, _SHORT_ROWS = 100_000, 10_000
_WRITERS = 1_000
"""Calls that write without a pause: a transaction then contains all waiting rows."""
_CALLS, _SHORT_CALLS = 3_000, 400
_AT_ONCE = 100
_REQUEST_S = (0.5, 1.5)
"""Seconds of the request between a row's opening and its settlement, as with a fast model."""
_REQUEST_ALONE_S = 0.005
"""The same for a single caller: only the ledger is measured, and nothing else runs meanwhile."""
_FIRST_ROWS = 20
"""Rows before the measurement, so that one-time loading and compiling is not measured."""


def measure(*, short: bool) -> Report:
    """Measure each figure on a new database, since earlier writes could still be on their way to the disk."""
    rows, calls = (_SHORT_ROWS, _SHORT_CALLS) if short else (_ROWS, _CALLS)
    here = databases()
    figures: list[Figure] = []
    for kind in here:
        with database(kind) as url:
            waits, flushes = asyncio.run(_alone(url, calls // 10, kind))
        flush_ms = percentile(flushes, 50) if flushes else None
        figures += [*_flush_figures(flush_ms, kind), *_wait_figures(waits, 1, kind, flush_ms)]
        with database(kind) as url:
            figures += _wait_figures(asyncio.run(_together(url, calls)), _AT_ONCE, kind, flush_ms)
        with database(kind) as url:
            figures.append(asyncio.run(_throughput(url, rows, kind)))
    counts = {**described(here), "rows": rows, "writers": _WRITERS, "waits_measured": calls}
    return Report(counts=counts, figures=figures)


@asynccontextmanager
async def _ledger(url: str) -> AsyncGenerator[SqlLedger]:
    """Yield a ledger whose statements are compiled."""
    engine = create_engine(url)
    async with SqlLedger(engine) as ledger:
        for _ in range(_FIRST_ROWS):
            await _row(ledger, request_s=0)
        yield ledger
    await engine.dispose()


async def _throughput(url: str, rows: int, kind: Kind) -> Figure:
    """Open and settle rows as fast as possible; a row counts when its settlement is durable."""
    async with _ledger(url) as ledger:

        async def write() -> None:
            for _ in range(rows // _WRITERS):
                await _row(ledger)

        wall_s, cpu_s = time.perf_counter(), time.process_time()
        await asyncio.gather(*(write() for _ in range(_WRITERS)))
        await ledger.flush()
        wall_s, cpu_s = time.perf_counter() - wall_s, time.process_time() - cpu_s
    return Figure(
        name=f"durable rows per second, {kind}",
        value=rows / wall_s,
        unit="/s",
        at_least=5_000 if kind is Kind.SQLITE else None,
        note=f"opened and settled; {cpu_s / rows * 1e6:.0f} µs of CPU a row",
    )


async def _alone(url: str, calls: int, kind: Kind) -> tuple[list[float], list[float]]:
    """Return the milliseconds that each of successive calls waits for its rows, and a server's flush after each."""
    waits, flushes = list[float](), list[float]()
    async with AsyncExitStack() as stack:
        ledger = await stack.enter_async_context(_ledger(url))
        flush = await stack.enter_async_context(flush_on(url)) if kind is Kind.POSTGRESQL else None
        for _ in range(calls):
            waits.append(await _row(ledger, request_s=_REQUEST_ALONE_S))
            if flush is not None:
                flushes.append(await flush())
    return waits, flushes


async def _together(url: str, calls: int) -> list[float]:
    """Return the milliseconds that each of many calls side by side waits for its rows."""
    random = Random(_AT_ONCE)
    waits: list[float] = []
    async with _ledger(url) as ledger:

        async def one_after_the_other() -> None:
            await asyncio.sleep(random.uniform(0, _REQUEST_S[1]))  # calls don't come in step
            for _ in range(calls // _AT_ONCE):
                waits.append(await _row(ledger, request_s=random.uniform(*_REQUEST_S)))

        await asyncio.gather(*(one_after_the_other() for _ in range(_AT_ONCE)))
    return waits


def _flush_figures(flush_ms: float | None, kind: Kind) -> list[Figure]:
    if flush_ms is None:
        return []
    return [Figure(name=f"two commits of a bare connection, p50, {kind}", value=flush_ms, unit="ms")]


def _wait_figures(waits: list[float], at_once: int, kind: Kind, flush_ms: float | None) -> list[Figure]:
    """Return how long a call waits for its rows; on a server its own two flushes are not the ledger's to shorten."""
    p50, p99 = percentile(waits, 50), percentile(waits, 99)
    where = f"{at_once} at once, {kind}"
    at_most = 1 if flush_ms is None else None
    figures = [
        Figure(name=f"wait of one call for its rows, p50, {where}", value=p50, unit="ms", at_most=at_most),
        Figure(name=f"wait of one call for its rows, p99, {where}", value=p99, unit="ms"),
    ]
    if flush_ms is not None:
        name = f"the same beyond two commits of a bare connection, p50, {where}"
        figures.append(Figure(name=name, value=p50 - flush_ms, unit="ms", at_most=1))
    return figures


async def _row(ledger: SqlLedger, request_s: float | None = None) -> float:
    """Open a row, wait as for a request, settle it; return the milliseconds spent waiting for the ledger.

    Without a request it does not wait for the settlement: the writer's next row does.
    """
    attempt = _attempt()
    began = time.perf_counter()
    await ledger.open(attempt)
    waited_s = time.perf_counter() - began
    if request_s is not None:
        await asyncio.sleep(request_s)
    attempt.status = "ok"
    attempt.raw_output = text_of(None, None)
    attempt.cost_usd, attempt.cost_estimated = Decimal("0.0123"), False
    attempt.finished_at = datetime.now(UTC)
    ledger.settle(attempt)
    if request_s is not None:
        began = time.perf_counter()
        await ledger.flush()
        waited_s += time.perf_counter() - began
    return waited_s * 1000


def _attempt() -> Attempt:
    return Attempt(
        request_id=str(uuid4()),
        question=0,
        attempt=1,
        feature=Feature.CONTENT,
        provider="openai",
        model="gpt-5.2",
        started_at=datetime.now(UTC),
        business_id=BUSINESS_ID,
        campaign_id=CAMPAIGN_ID,
        content_id=str(uuid4()),
        user_id="u_42",
        input_tokens=4_000,
        output_tokens=4_000,
        cost_usd=Decimal("0.063"),
        cost_estimated=True,
        prompt_version="0123456789ab",
        price_version="genai-prices 0",
        trace_id="0" * 32,
        span_id="0" * 16,
    )
