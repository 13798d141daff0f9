"""The ledger while the database refuses: rows fail at once, outcomes are kept until they are written."""

import asyncio
import sqlite3
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from storage.errors import StorageError
from storage.ledger import SqlLedger
from tests.storage_parts import a_few_turns, answered, database, locked, on_engine, rows_of, sent


async def test_a_row_that_cannot_be_written_is_an_error_to_its_caller_and_is_not_tried_again(tmp_path: Path) -> None:
    waits: list[float] = []

    async def note(wait_s: float) -> None:
        waits.append(wait_s)

    async with database(tmp_path / "x.db", timeout_s=0) as engine, SqlLedger(engine, wait=note) as ledger:
        with locked(tmp_path / "x.db"), pytest.raises(StorageError, match="refuses: database is locked"):
            await ledger.open(sent())
        await ledger.open(sent())

    assert waits == []


async def test_a_full_disk_is_an_error_to_the_caller(tmp_path: Path) -> None:
    def fill_up(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    async with database(tmp_path / "x.db") as engine, SqlLedger(engine) as ledger:
        with on_engine("connect", fill_up), pytest.raises(StorageError, match="full"):
            await ledger.open(replace(sent(), raw_output="x" * 20_000))


async def test_a_row_written_twice_is_an_error_to_its_caller_alone(tmp_path: Path) -> None:
    twice, once = sent(), sent()

    async with database(tmp_path / "x.db") as engine, SqlLedger(engine) as ledger:
        await ledger.open(twice)
        answers = await asyncio.gather(ledger.open(twice), ledger.open(once), return_exceptions=True)

        assert isinstance(answers[0], StorageError)
        assert answers[1] is None
        assert await rows_of(engine, once) == [once]


async def test_an_outcome_that_no_database_takes_harms_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    odd, even = sent(), sent()

    async with database(tmp_path / "x.db") as engine, SqlLedger(engine) as ledger:
        await ledger.open(odd)
        await ledger.open(even)
        ledger.settle(replace(odd, status="ok", finished_at=datetime(2026, 12, 1)))
        ledger.settle(answered(even))
        await ledger.flush()

        assert [row.status for row in await rows_of(engine, odd)] == ["sent"]
        assert await rows_of(engine, even) == [answered(even)]
    assert "can't be stored, its row stays open" in caplog.text


async def test_a_refused_outcome_is_tried_again_after_growing_waits(tmp_path: Path) -> None:
    waits: list[float] = []
    attempts = [sent(), sent()]

    async def unlock_at_the_eighth(wait_s: float) -> None:
        waits.append(wait_s)
        if len(waits) == 8:
            lock.close()

    async with database(tmp_path / "x.db", timeout_s=0) as engine:
        async with SqlLedger(engine, wait=unlock_at_the_eighth) as ledger:
            for attempt in attempts:
                await ledger.open(attempt)
                with ExitStack() as lock:
                    lock.enter_context(locked(tmp_path / "x.db"))
                    waits.clear()
                    ledger.settle(answered(attempt))
                    await ledger.flush()

                assert waits == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]
                assert await rows_of(engine, attempt) == [answered(attempt)]


async def test_while_a_refused_outcome_waits_only_a_new_row_tries_again(tmp_path: Path) -> None:
    first, second, third = sent(), sent(), sent()
    refused, begun, reminders = asyncio.Event(), list[object](), list[asyncio.Task[object] | None]()

    async def wait(_: float) -> None:
        reminders.append(asyncio.current_task())
        refused.set()
        await asyncio.Event().wait()

    async with database(tmp_path / "x.db", timeout_s=0) as engine, SqlLedger(engine, wait=wait) as ledger:
        await ledger.open(first)
        await ledger.open(second)
        with locked(tmp_path / "x.db"), on_engine("begin", begun.append):
            ledger.settle(answered(first))
            await refused.wait()
            ledger.settle(answered(second))
            await a_few_turns()
            assert len(begun) == 1

            with pytest.raises(StorageError):
                await ledger.open(third)
            assert len(begun) == 2
        await ledger.open(third)
        await ledger.flush()
        await a_few_turns()

        assert await rows_of(engine, first) == [answered(first)]
        assert await rows_of(engine, second) == [answered(second)]
        assert [reminder and reminder.cancelled() for reminder in reminders] == [True]


async def test_an_outcome_refused_while_rows_are_written_one_by_one_is_kept(tmp_path: Path) -> None:
    attempt, begun = sent(), 0

    def lock_at_the_third(_: object) -> None:
        nonlocal begun
        begun += 1
        if begun == 3:
            outsider.execute("BEGIN EXCLUSIVE")

    async def unlock(_: float) -> None:
        outsider.rollback()

    async with database(tmp_path / "x.db", timeout_s=0) as engine, SqlLedger(engine, wait=unlock) as ledger:
        outsider = sqlite3.connect(tmp_path / "x.db", isolation_level=None, check_same_thread=False)
        await ledger.open(attempt)
        with on_engine("begin", lock_at_the_third):
            again = asyncio.create_task(ledger.open(attempt))
            await asyncio.sleep(0)
            ledger.settle(answered(attempt))
            with pytest.raises(StorageError, match="UNIQUE"):
                await again
            await ledger.flush()

        assert await rows_of(engine, attempt) == [answered(attempt)]
        outsider.close()
