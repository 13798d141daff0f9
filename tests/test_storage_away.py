"""PostgreSQL goes away under the ledger and comes back: no row is lost, none is written twice."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage import log_writers
from storage.budgets import budgets, set_budget
from storage.engine import create_engine
from storage.ledger import SqlLedger
from storage.patience import Wait, fetch
from storage.refusals import refusal_behind
from storage.reservations import BudgetKey
from tests.storage_homes import Home
from tests.storage_parts import BUSINESS_ID, answered, never, rows_of, sent
from tests.storage_proxy import Proxy

pytest_plugins = ["tests.storage_fixtures"]


@asynccontextmanager
async def engine_behind(proxy: Proxy) -> AsyncGenerator[AsyncEngine]:
    """Yield an engine on what the proxy stands before; it is there again when the block ends."""
    async with proxy:
        engine = create_engine(proxy.url)
        try:
            yield engine
        finally:
            await engine.dispose()


def coming_back(proxy: Proxy, waits: list[float]) -> Wait:
    """Return a wait that takes no time; the server comes back at the third."""

    async def wait(wait_s: float) -> None:
        waits.append(wait_s)
        if len(waits) == 3:
            await proxy.back()

    return wait


async def test_rows_and_outcomes_wait_until_the_server_is_back(postgres_home: Home) -> None:
    proxy, waits, attempts = Proxy(postgres_home.url), list[float](), [sent() for _ in range(50)]

    async with engine_behind(proxy) as engine, SqlLedger(engine, wait=coming_back(proxy, waits)) as ledger:
        await asyncio.gather(*map(ledger.open, attempts[:25]))
        proxy.away()
        for attempt in attempts[:25]:
            ledger.settle(answered(attempt))
        await asyncio.gather(*map(ledger.open, attempts[25:]), ledger.flush())

        assert len(waits) == 3
        for attempt in attempts[:25]:
            assert await rows_of(engine, attempt) == [answered(attempt)]
        for attempt in attempts[25:]:
            assert await rows_of(engine, attempt) == [attempt]


async def test_a_row_whose_commit_was_not_answered_is_not_written_twice(postgres_home: Home) -> None:
    proxy, attempt, waits = Proxy(postgres_home.url), sent(), list[float]()

    async def wait(wait_s: float) -> None:
        waits.append(wait_s)
        proxy.loses_commits = False

    async with engine_behind(proxy) as engine, SqlLedger(engine, wait=wait) as ledger:
        proxy.loses_commits = True
        await ledger.open(attempt)

        assert waits == [0.1]
        assert await rows_of(engine, attempt) == [attempt]


async def test_a_row_whose_commit_was_not_answered_reserves_once(postgres_home: Home) -> None:
    proxy, attempt = Proxy(postgres_home.url), replace(sent(), cost_usd=Decimal("0.4"))

    async def wait(_: float) -> None:
        proxy.loses_commits = False

    async with engine_behind(proxy) as engine, SqlLedger(engine, wait=wait) as ledger:
        await set_budget(engine, BudgetKey(BUSINESS_ID, "business", BUSINESS_ID, "total"), Decimal(1))
        proxy.loses_commits = True
        await ledger.open(attempt)
        [reserved] = await budgets(engine, BUSINESS_ID)
        ledger.settle(answered(attempt))
        await ledger.flush()
        [booked] = await budgets(engine, BUSINESS_ID)

    assert (reserved.spent_usd, reserved.reserved_usd) == (0, Decimal("0.4"))
    assert (booked.spent_usd, booked.reserved_usd) == (Decimal("0.004200000001"), 0)


async def test_a_row_that_may_stand_is_settled_when_its_caller_gave_up(postgres_home: Home) -> None:
    proxy, attempt = Proxy(postgres_home.url), replace(sent(), cost_usd=Decimal("0.4"))
    refused, go_on = asyncio.Event(), asyncio.Event()

    async def wait(_: float) -> None:
        proxy.loses_commits = False
        refused.set()
        await go_on.wait()

    async with engine_behind(proxy) as engine, SqlLedger(engine, wait=wait) as ledger:
        await set_budget(engine, BudgetKey(BUSINESS_ID, "business", BUSINESS_ID, "total"), Decimal(1))
        proxy.loses_commits = True
        call = asyncio.create_task(ledger.open(attempt))
        await refused.wait()
        call.cancel()
        await asyncio.wait({call})
        go_on.set()
        await ledger.flush()

        [budget] = await budgets(engine, BUSINESS_ID)
        assert (budget.spent_usd, budget.reserved_usd) == (0, 0)
        assert [row.status for row in await rows_of(engine, attempt)] == ["cancelled"]


async def test_a_silent_server_is_given_up_and_asked_anew(postgres_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy, attempt, refusals = Proxy(postgres_home.url), sent(), list[str]()

    async def wait(_: float) -> None:
        refusals.append(str(ledger.refusal))
        monkeypatch.undo()
        proxy.speak()

    async with engine_behind(proxy) as engine, SqlLedger(engine, wait=wait) as ledger:
        monkeypatch.setattr(log_writers, "_ANSWER_S", 0.01)
        proxy.hush()
        await ledger.open(attempt)

        assert refusals == ["the database refuses: no answer"]
        assert await rows_of(engine, attempt) == [attempt]


async def test_a_session_on_a_silent_server_ends_with_its_callers_time(postgres_home: Home) -> None:
    proxy = Proxy(postgres_home.url)

    def ask(connection: Connection) -> None:
        connection.execute(text("SELECT 1"))

    async with engine_behind(proxy) as engine:
        await fetch(engine, ask)
        proxy.hush()
        with pytest.raises(TimeoutError) as raised:
            async with asyncio.timeout(0.15):
                await fetch(engine, ask)

    assert "no answer of the database in 0." in str(refusal_behind(raised.value))


async def test_a_session_finds_out_why_there_is_no_connection(postgres_home: Home) -> None:
    proxy = Proxy(postgres_home.url)

    def ask(connection: Connection) -> None:
        connection.execute(text("SELECT 1"))

    async with engine_behind(proxy) as engine:
        proxy.away()
        with pytest.raises(TimeoutError) as raised:
            async with asyncio.timeout(0.05):
                await fetch(engine, ask, wait=never)

    assert str(refusal_behind(raised.value)).startswith("the database refuses: no connection: ")
