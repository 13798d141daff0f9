"""The ledger when somebody stops waiting: a caller, the one who closes it, or the loop."""

import asyncio
import logging
from contextlib import AsyncExitStack
from dataclasses import replace
from decimal import Decimal

import anyio
import pytest
from sqlalchemy import text

from storage.engine import reading
from storage.failures import StorageError
from storage.ledger import SqlLedger
from tests.storage_homes import Home, engine_on
from tests.storage_parts import LOCKED, answered, rows_of, sent, writer_held

pytest_plugins = ["tests.storage_fixtures"]


async def test_a_row_whose_caller_is_cancelled_meanwhile_is_closed_at_no_cost(home: Home) -> None:
    attempt = replace(sent(), cost_usd=Decimal("0.5"), cost_estimated=True)

    async with engine_on(home) as engine, SqlLedger(engine) as ledger:
        async with writer_held(home) as begun:
            call = asyncio.create_task(ledger.open(attempt))
            await asyncio.to_thread(begun.wait)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
        await ledger.flush()

        row = (await rows_of(engine, attempt))[0]
    assert (row.status, row.cost_usd, row.cost_estimated) == ("cancelled", 0, False)


async def test_a_row_whose_caller_is_cancelled_before_its_turn_is_not_written(home: Home) -> None:
    before, cancelled = sent(), sent()

    async with engine_on(home) as engine, SqlLedger(engine) as ledger:
        async with writer_held(home) as begun:
            call = asyncio.create_task(ledger.open(before))
            await asyncio.to_thread(begun.wait)
            with anyio.CancelScope() as scope:
                scope.cancel()
                await ledger.open(cancelled)
        await call
        await ledger.flush()

        assert await rows_of(engine, before) == [before]
        assert await rows_of(engine, cancelled) == []


async def test_a_row_that_failed_is_not_settled_for_a_caller_who_was_cancelled_meanwhile(home: Home) -> None:
    attempt = sent()

    async with engine_on(home) as engine, SqlLedger(engine) as ledger:
        await ledger.open(attempt)
        async with writer_held(home) as begun:
            again = asyncio.create_task(ledger.open(attempt))
            await asyncio.to_thread(begun.wait)
            again.cancel()
            await asyncio.wait({again})
        await ledger.flush()

        assert await rows_of(engine, attempt) == [attempt]


async def test_who_is_cancelled_as_it_begins_leaves_no_ledger_behind(home: Home) -> None:
    async with engine_on(home) as engine:
        ledger = SqlLedger(engine)
        async with writer_held(home) as begun:
            beginning = asyncio.create_task(ledger.__aenter__())
            await asyncio.to_thread(begun.wait)
            beginning.cancel()
            with pytest.raises(asyncio.CancelledError):
                await beginning
            [writer] = [task for task in asyncio.all_tasks() if task.get_name() == "ledger"]
        await writer

        with pytest.raises(StorageError, match="ledger is closed"):
            await ledger.open(sent())


async def test_a_flush_that_is_given_up_disturbs_nobody(home: Home) -> None:
    attempt = sent()

    async with engine_on(home) as engine, SqlLedger(engine) as ledger:
        await ledger.open(attempt)
        async with writer_held(home):
            ledger.settle(answered(attempt))
            with anyio.move_on_after(0) as scope:
                await ledger.flush()
        await ledger.flush()

        assert scope.cancelled_caught
        assert await rows_of(engine, attempt) == [answered(attempt)]


async def test_closing_writes_what_was_handed_over(home: Home) -> None:
    attempt = sent()

    async with engine_on(home) as engine:
        async with SqlLedger(engine) as ledger:
            await ledger.open(attempt)
            ledger.settle(answered(attempt))

        assert await rows_of(engine, attempt) == [answered(attempt)]


async def test_closing_writes_what_waits_behind_a_transaction(home: Home) -> None:
    before, behind = sent(), sent()

    async with engine_on(home) as engine:
        async with AsyncExitStack() as held:
            async with SqlLedger(engine) as ledger:
                await ledger.open(behind)
                begun = await held.enter_async_context(writer_held(home))
                call = asyncio.create_task(ledger.open(before))
                await asyncio.to_thread(begun.wait)
                ledger.settle(answered(behind))
                release = asyncio.create_task(held.aclose())

        await asyncio.gather(call, release)
        assert [row.status for row in await rows_of(engine, before)] == ["lost"]
        assert await rows_of(engine, behind) == [answered(behind)]


async def test_closing_goes_on_when_the_one_who_closes_is_cancelled(home: Home) -> None:
    before, behind = sent(), sent()

    async def serve() -> None:
        async with SqlLedger(engine) as ledger:
            await ledger.open(behind)
            begun = await held.enter_async_context(writer_held(home))
            calls.append(asyncio.create_task(ledger.open(before)))
            await asyncio.to_thread(begun.wait)
            ledger.settle(answered(behind))
            closing.set()

    async with engine_on(home) as engine:
        calls, closing = list[asyncio.Task[None]](), asyncio.Event()
        async with AsyncExitStack() as held:
            serving = asyncio.create_task(serve())
            await closing.wait()
            serving.cancel()
            with pytest.raises(asyncio.CancelledError):
                await serving
        writers = [task for task in asyncio.all_tasks() if task.get_name() == "ledger"]
        await asyncio.gather(*calls, *writers)

        assert await rows_of(engine, behind) == [answered(behind)]


async def test_closing_while_the_database_refuses_says_what_is_lost(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    attempt, waits = sent(), list[float]()

    async def wait(wait_s: float) -> None:
        waits.append(wait_s)

    async with engine_on(home, timeout_s=0) as engine:
        async with AsyncExitStack() as lock:
            async with SqlLedger(engine, wait=wait) as ledger:
                await ledger.open(attempt)
                await lock.enter_async_context(home.locked())
                for _ in range(2):
                    ledger.settle(answered(attempt))
                flushing = asyncio.create_task(ledger.flush())

        with pytest.raises(StorageError, match=f"^{LOCKED}"):
            await flushing
        assert await rows_of(engine, attempt) == [attempt]
        assert 4 < sum(waits) <= 10

        async with SqlLedger(engine):
            assert [row.status for row in await rows_of(engine, attempt)] == ["lost"]
        async with reading(engine) as session:
            assert await session.scalar(text("SELECT count(*) FROM ai_owners")) == 0
    assert "1 rows stay open until another ledger closes them as lost: the database refuses: " in caplog.text


async def test_closing_waits_for_a_database_that_refuses(home: Home) -> None:
    attempt, waits, lock = sent(), list[float](), AsyncExitStack()

    async def wait(wait_s: float) -> None:
        waits.append(wait_s)
        if len(waits) == 3:
            await lock.aclose()

    async with engine_on(home, timeout_s=0) as engine:
        async with SqlLedger(engine, wait=wait) as ledger:
            await ledger.open(attempt)
            await lock.enter_async_context(home.locked())
            ledger.settle(answered(attempt))

        assert len(waits) == 3
        assert await rows_of(engine, attempt) == [answered(attempt)]


async def test_a_closed_ledger_refuses_rows_and_reports_outcomes(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    attempt = sent()

    async with engine_on(home) as engine:
        async with SqlLedger(engine) as ledger:
            await ledger.flush()

        with pytest.raises(StorageError, match="ledger is closed"):
            await ledger.open(attempt)
        ledger.settle(attempt)
        with pytest.raises(StorageError, match="ledger is closed"):
            await ledger.flush()
    assert caplog.record_tuples == [
        (
            SqlLedger.__module__,
            logging.ERROR,
            f"a settlement came after the ledger was closed, its row stays open: {attempt.request_id}",
        )
    ]


async def test_what_waits_is_written_when_the_tasks_of_a_ledger_are_cancelled_as_the_loop_ends(home: Home) -> None:
    attempt = sent()
    async with engine_on(home) as engine:
        async with SqlLedger(engine) as ledger:
            async with writer_held(home) as begun:
                call = asyncio.create_task(ledger.open(attempt))
                await asyncio.to_thread(begun.wait)
                for task in asyncio.all_tasks():
                    if task.get_name().startswith("ledger"):
                        task.cancel()
            await call

        assert [row.request_id for row in await rows_of(engine, attempt)] == [attempt.request_id]
