"""The time to sum the costs of one business's month out of a million ledger rows."""

import asyncio
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import get_args

from sqlalchemy import make_url

from ai_service import AIService, Attempt, Feature, Settings
from evals.benchmarks.databases import Kind, database
from evals.benchmarks.figures import Figure, Report, middle
from models.records import CostGroup
from storage.engine import create_engine
from storage.ledger import SqlLedger
from storage.tables import AttemptRow

_ROWS, _SHORT_ROWS = 1_000_000, 100_000
_SEEDS = 1_000
"""Rows written through the ledger; the others are copies with different request ids."""
_BUSINESSES = 10
_DAYS = 360
_REPEATS = 15
_GOAL_MS = 50.0
_FROM = datetime(2026, 1, 1, tzinfo=UTC)
_MONTH = timedelta(days=30)
_TABLE = str(AttemptRow.metadata.tables["ai_logs"].name)


def measure(*, short: bool) -> Report:
    """Fill a SQLite file, then query a month of one business by each group."""
    rows = _SHORT_ROWS if short else _ROWS
    with database(Kind.SQLITE) as url:
        asyncio.run(_seed(url))
        _multiply(make_url(url).database or "", times=rows // _SEEDS)
        measured = asyncio.run(_ask(url))
    figures = [
        Figure(
            name=f"a month of one business out of {rows:,} rows, by {group}",
            value=middle(taken_ms[1:]),
            unit="ms",
            at_most=_GOAL_MS,
            note=f"the first time {taken_ms[0]:.0f} ms",
        )
        for group, taken_ms in measured.items()
    ]
    month_rows = rows * _MONTH.days // _DAYS // _BUSINESSES
    return Report(counts={"rows": rows, "rows_of_the_month": month_rows, "repeats": _REPEATS}, figures=figures)


async def _seed(url: str) -> None:
    engine = create_engine(url)
    async with SqlLedger(engine) as ledger:
        for number in range(_SEEDS):
            attempt = _attempt(number)
            await ledger.open(attempt)
            attempt.status, attempt.finished_at = "ok", attempt.started_at
            ledger.settle(attempt)
        await ledger.flush()
    await engine.dispose()


def _attempt(number: int) -> Attempt:
    """Return a row: businesses alternate, and the rows of each are spread over the year."""
    turn = number // _BUSINESSES
    return Attempt(
        request_id=f"request-{number}",
        question=0,
        attempt=1,
        feature=list(Feature)[turn % len(Feature)],
        provider="openai",
        model=f"gpt-{turn % 7}",
        user_id=f"user-{turn % 40}",
        business_id=_business(number),
        campaign_id=f"campaign-{turn % 3}",
        started_at=_FROM + timedelta(days=turn * _DAYS * _BUSINESSES // _SEEDS),
        input_tokens=1_000 + turn,
        output_tokens=300,
        cost_usd=Decimal(turn + 1) / 10_000,
    )


def _business(number: int) -> str:
    return f"b0000000-0000-4000-8000-{number % _BUSINESSES:012}"


def _multiply(file: str, *, times: int) -> None:
    """Copy the seeds until there are `times` as many rows."""
    copied = [name for name in AttemptRow.model_fields if name not in ("id", "request_id")]
    columns = ", ".join(copied)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            f"WITH RECURSIVE copy(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < {times - 1}) "
            f"INSERT INTO {_TABLE} (request_id, {columns}) "
            f"SELECT request_id || '-' || n, {columns} FROM copy, {_TABLE}"
        )


async def _ask(url: str) -> dict[CostGroup, list[float]]:
    """Return the milliseconds of each query, by group."""
    groups: tuple[CostGroup, ...] = get_args(CostGroup)
    taken: dict[CostGroup, list[float]] = {group: [] for group in groups}
    async with AIService(Settings(model="sandbox", database_url=url)) as ai:
        for group in groups:
            for _ in range(_REPEATS):
                began = time.perf_counter()
                lines = await ai.costs(group, business_id=_business(0), since=_FROM + _MONTH, until=_FROM + 2 * _MONTH)
                taken[group].append((time.perf_counter() - began) * 1000)
                assert lines, "the month has rows: a benchmark of nothing would measure nothing"
    return taken
