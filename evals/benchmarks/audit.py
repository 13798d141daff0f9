"""Compares `ai_logs` after a benchmark with the requests that the provider saw and billed."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select

from evals.benchmarks.caller import user_of
from evals.benchmarks.figures import Figure
from evals.benchmarks.provider_process import Seen
from storage.engine import create_engine, reading
from storage.tables import AttemptRow, table_of

_INPUT_USD, _OUTPUT_USD = Decimal("1.75") / 1_000_000, Decimal("14") / 1_000_000
"""Prices per token of gpt-5.2, written out here: the ledger takes its own from the price list."""
_ATTEMPTS = table_of(AttemptRow)


class Row(NamedTuple):
    """The checked columns of a row in `ai_logs`."""

    user_id: str | None
    """The user of a numbered call; None if it belongs to the calendar."""
    status: str
    cost_estimated: bool
    cost_usd: Decimal


async def rows_in(database_url: str) -> list[Row]:
    """Return all rows of a database."""
    columns = [_ATTEMPTS.c[name] for name in Row._fields]
    engine = create_engine(database_url)
    try:
        async with reading(engine) as session:
            return [Row(*found) for found in await session.execute(select(*columns))]
    finally:
        await engine.dispose()


def billed_usd(seen: Iterable[Seen]) -> Decimal:
    """Return the amount that the provider bills for these requests."""
    return sum(
        (request.input_tokens * _INPUT_USD + request.output_tokens * _OUTPUT_USD for request in seen), Decimal(0)
    )


def compare(rows: Iterable[Row], seen: Iterable[Seen], *, on: str = "") -> list[Figure]:
    """Return the missing rows and the cost error of the numbered calls; `on` ends the figures' names."""
    booked: defaultdict[str | None, list[Row]] = defaultdict(list)
    for row in rows:
        booked[row.user_id].append(row)
    asked: defaultdict[int, list[Seen]] = defaultdict(list)
    for request in seen:
        if request.call is not None:
            asked[request.call].append(request)
    missing, error_usd, bounds_below = 0, Decimal(0), 0
    for call, requests in asked.items():
        theirs = booked[user_of(call)]
        missing += max(0, len(requests) - len(theirs))
        short_usd = billed_usd(requests) - sum(row.cost_usd for row in theirs)
        if any(row.cost_estimated for row in theirs):
            bounds_below += short_usd > 0
        elif len(requests) <= len(theirs):
            error_usd += abs(short_usd)
    still_open = sum(row.status == "sent" for theirs in booked.values() for row in theirs)
    return [
        Figure(name=f"requests that the provider saw and the ledger did not{on}", value=missing, at_most=0),
        Figure(name=f"cost error of settled rows{on}", value=float(error_usd), unit="USD", at_most=0),
        Figure(name=f"estimated rows below what was billed{on}", value=bounds_below, at_most=0),
        Figure(name=f"rows left open after the restart{on}", value=still_open, at_most=0),
    ]
