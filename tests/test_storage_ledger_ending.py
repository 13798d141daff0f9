"""The ledger when somebody stops waiting: a caller, the one who closes it, or the loop."""

import asyncio
import logging
from contextlib import ExitStack
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import anyio
import pytest

from storage.errors import StorageError
from storage.ledger import SqlLedger
from tests.storage_parts import answered, database, locked, never, rows_of, sent, writer_held


async def test_a_row_whose_caller_is_cancelled_meanwhile_is_closed_at_no_cost(tmp_path: Path) -> None:
    attempt = replace(sent(), cost_usd=Decimal("0.5"), cost_estimated=True)

    async with database(tmp_path / "x.db") as engine, SqlLedger(engine) as ledger:
        with writer_held(tmp_path / "x.db") as begun:
            call = asyncio.create_task(ledger.open(attempt))
            await asyncio.to_thread(begun.wait)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
        await ledger.flush()

        row = (await rows_of(engine, attempt))[0]
    assert (row.status, row.cost_usd, row.cost_estimated) == ("cancelled", 0, False)


async def test_a_row_whose_caller_is_cancelled_before_its_turn_is_not_written(tmp_path: Path) -> None:
    before, cancelled = sent(), sent()

    async with database(tmp_path / "x.db") as engine, SqlLedger(engine) as ledger:
        with writer_held(tmp_path / "x.db") as begun:
            call = asyncio.create_task(ledger.open(before))
            await asyncio.to_thread(begun.wait)
            with anyio.CancelScope() as scope:
                scope.cancel()
                await ledger.open(cancelled)
        await call
        await ledger.flush()

        assert await rows_of(engine, before) == [before]
        assert await rows_of(engine, cancelled) == []


async def test_a_flush_that_is_given_up_disturbs_nobody(tmp_path: Path) -> None:
    attempt = sent()

    async with database(tmp_path / "x.db") as engine, SqlLedger(engine) as ledger:
        await ledger.open(attempt)
        with writer_held(tmp_path / "x.db"):
            ledger.settle(answered(attempt))
            with anyio.move_on_after(0) as scope:
                await ledger.flush()
        await ledger.flush()

        assert scope.cancelled_caught
        assert await rows_of(engine, attempt) == [answered(attempt)]


async def test_closing_writes_what_was_handed_over(tmp_path: Path) -> None:
    attempt = sent()

    async with database(tmp_path / "x.db") as engine:
        async with SqlLedger(engine) as ledger:
            await ledger.open(attempt)
            ledger.settle(answered(attempt))

        assert await rows_of(engine, attempt) == [answered(attempt)]


async def test_closing_writes_what_waits_behind_a_transaction(tmp_path: Path) -> None:
    before, behind = sent(), sent()

    async with database(tmp_path / "x.db") as engine:
        with ExitStack() as held:
            async with SqlLedger(engine) as ledger:
                await ledger.open(behind)
                begun = held.enter_context(writer_held(tmp_path / "x.db"))
                call = asyncio.create_task(ledger.open(before))
                await asyncio.to_thread(begun.wait)
                ledger.settle(answered(behind))
                asyncio.get_running_loop().call_soon(held.close)

        await call
        assert await rows_of(engine, before) == [before]
        assert await rows_of(engine, behind) == [answered(behind)]


async def test_closing_goes_on_when_the_one_who_closes_is_cancelled(tmp_path: Path) -> None:
    before, behind = sent(), sent()

    async def serve() -> None:
        async with SqlLedger(engine) as ledger:
            await ledger.open(behind)
            begun = held.enter_context(writer_held(tmp_path / "x.db"))
            calls.append(asyncio.create_task(ledger.open(before)))
            await asyncio.to_thread(begun.wait)
            ledger.settle(answered(behind))
            closing.set()

    async with database(tmp_path / "x.db") as engine:
        calls, closing = list[asyncio.Task[None]](), asyncio.Event()
        with ExitStack() as held:
            serving = asyncio.create_task(serve())
            await closing.wait()
            serving.cancel()
            with pytest.raises(asyncio.CancelledError):
                await serving
        writers = [task for task in asyncio.all_tasks() if task.get_name() == "ledger"]
        await asyncio.gather(*calls, *writers)

        assert await rows_of(engine, behind) == [answered(behind)]


async def test_closing_while_the_database_refuses_says_what_is_lost(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    attempt = sent()

    async with database(tmp_path / "x.db", timeout_s=0) as engine:
        with ExitStack() as lock:
            async with SqlLedger(engine, wait=never) as ledger:
                await ledger.open(attempt)
                lock.enter_context(locked(tmp_path / "x.db"))
                ledger.settle(answered(attempt))
                flushing = asyncio.create_task(ledger.flush())
                await asyncio.sleep(0)

        with pytest.raises(StorageError, match="locked"):
            await flushing
        assert await rows_of(engine, attempt) == [attempt]
    assert "1 settlements are lost, their rows stay open: the database refuses: database is locked" in caplog.text


async def test_a_closed_ledger_refuses_rows_and_reports_outcomes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    attempt = sent()

    async with database(tmp_path / "x.db") as engine:
        async with SqlLedger(engine) as ledger:
            await ledger.flush()

        with pytest.raises(StorageError, match="ledger is closed"):
            await ledger.open(attempt)
        ledger.settle(attempt)
        with pytest.raises(StorageError, match="ledger is closed"):
            await ledger.flush()
    assert caplog.record_tuples == [
        (
            "storage.ledger",
            logging.ERROR,
            f"a settlement came after the ledger was closed, the row stays open: {attempt.request_id}",
        )
    ]


async def test_nobody_waits_for_a_ledger_whose_task_is_cancelled_as_the_loop_ends(tmp_path: Path) -> None:
    async with database(tmp_path / "x.db") as engine:
        with pytest.raises(asyncio.CancelledError):
            async with SqlLedger(engine) as ledger:
                with writer_held(tmp_path / "x.db") as begun:
                    call = asyncio.create_task(ledger.open(sent()))
                    await asyncio.to_thread(begun.wait)
                    for task in asyncio.all_tasks():
                        if task.get_name() == "ledger":
                            task.cancel()
                with pytest.raises(StorageError, match="closed"):
                    await call
