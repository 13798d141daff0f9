"""The ledger while the database refuses: rows and outcomes wait until they are written."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime

import pytest

from storage import refusals
from storage.failures import DatabaseUnfit
from storage.ledger import SqlLedger
from storage.refusals import refusal_behind
from tests.storage_homes import Home, SqliteHome, engine_on
from tests.storage_parts import answered, on_engine, rows_of, sent, writer_held

pytest_plugins = ["tests.storage_fixtures"]


def opening_after(count: int, lock: AsyncExitStack, waits: list[float]) -> Callable[[float], Awaitable[None]]:
    """Return a wait that takes no time, notes it, and opens the lock at the one of this number."""

    async def wait(wait_s: float) -> None:
        waits.append(wait_s)
        if len(waits) == count:
            await lock.aclose()

    return wait


async def test_a_row_waits_while_the_database_refuses_after_growing_waits(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    attempt, waits, lock = sent(), list[float](), AsyncExitStack()

    async with engine_on(home, timeout_s=0) as engine:
        async with SqlLedger(engine, wait=opening_after(6, lock, waits)) as ledger:
            await lock.enter_async_context(home.locked())
            await ledger.open(attempt)

            assert ledger.refusal is None
            assert waits == [0.1, 0.2, 0.4, 0.8, 1.0, 1.0]
            assert await rows_of(engine, attempt) == [attempt]
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 5
    assert "1 rows and 0 settlements wait for 0.1 s: the database refuses: " in caplog.text
    assert "the database accepts rows again" in caplog.text


async def test_an_outcome_waits_while_the_database_refuses(home: Home) -> None:
    waits, lock = list[float](), AsyncExitStack()

    async with engine_on(home, timeout_s=0) as engine:
        async with SqlLedger(engine, wait=opening_after(2, lock, waits)) as ledger:
            for _ in range(2):
                attempt = sent()
                await ledger.open(attempt)
                await lock.enter_async_context(home.locked())
                ledger.settle(answered(attempt))
                await ledger.flush()

                assert waits == [0.1, 0.2]
                assert await rows_of(engine, attempt) == [answered(attempt)]
                waits.clear()


async def test_what_comes_while_the_database_refuses_is_not_tried_before_its_time(home: Home) -> None:
    begun, refused, go_on = list[object](), asyncio.Event(), asyncio.Event()

    async def wait(_: float) -> None:
        refused.set()
        await go_on.wait()

    async with engine_on(home, timeout_s=0) as engine, SqlLedger(engine, wait=wait) as ledger:
        async with home.locked():
            with on_engine("begin", begun.append):
                calls = [asyncio.create_task(ledger.open(sent()))]
                await refused.wait()
                calls += [asyncio.create_task(ledger.open(sent())) for _ in range(3)]
                await asyncio.sleep(0)
                ledger.settle(sent())
                await asyncio.sleep(0)

            assert len(begun) == 1
            assert not any(call.done() for call in calls)
        go_on.set()
        await asyncio.gather(*calls)


@pytest.mark.parametrize("step", ["open", "flush"])
async def test_a_caller_whose_time_is_up_learns_what_the_database_refused(home: Home, step: str) -> None:
    refused = asyncio.Event()

    async def wait(_: float) -> None:
        refused.set()
        await asyncio.Event().wait()

    async with engine_on(home, timeout_s=0) as engine, SqlLedger(engine, wait=wait) as ledger:
        async with home.locked():
            with pytest.raises(TimeoutError) as raised:
                async with asyncio.timeout(None) as deadline:
                    call = asyncio.create_task(refused.wait())
                    call.add_done_callback(lambda _: deadline.reschedule(0))
                    if step == "open":
                        await ledger.open(sent())
                    else:
                        ledger.settle(sent())
                        await ledger.flush()

            assert str(ledger.refusal) == str(refusal_behind(raised.value))
            assert str(ledger.refusal).startswith("the database refuses: ")


async def test_a_database_that_does_not_answer_is_a_refusal_too(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "SLOW_S", 0)

    async with engine_on(home) as engine, SqlLedger(engine) as ledger:
        async with writer_held(home) as begun:
            call = asyncio.create_task(ledger.open(sent()))
            await asyncio.to_thread(begun.wait)

            assert "no answer of the database in " in str(ledger.refusal)
        await call
        assert ledger.refusal is None


async def test_nothing_is_kept_of_rows_that_nobody_waits_for_any_more(home: Home) -> None:
    refused, go_on = asyncio.Event(), asyncio.Event()

    async def wait(_: float) -> None:
        refused.set()
        await go_on.wait()

    async with engine_on(home, timeout_s=0) as engine, SqlLedger(engine, wait=wait) as ledger:
        async with home.locked():
            given_up = asyncio.create_task(ledger.open(sent(request_id="given up")))
            await refused.wait()
            given_up.cancel()
            call = asyncio.create_task(ledger.open(sent(request_id="r")))
            await asyncio.sleep(0)
        go_on.set()
        await call
        await ledger.flush()

        assert [row.status for row in await rows_of(engine, sent(request_id="r"))] == ["sent"]
        assert await rows_of(engine, sent(request_id="given up")) == []


async def test_a_full_disk_is_waited_for(sqlite_home: SqliteHome) -> None:
    refused = asyncio.Event()

    def fill_up(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    async def wait(_: float) -> None:
        refused.set()
        await asyncio.Event().wait()

    async with engine_on(sqlite_home) as engine:
        with on_engine("connect", fill_up):
            async with SqlLedger(engine, wait=wait) as ledger:
                call = asyncio.create_task(ledger.open(replace(sent(), raw_output="x" * 20_000)))
                await refused.wait()

                assert str(ledger.refusal) == "the database refuses: database or disk is full"
                call.cancel()


async def test_a_row_written_twice_is_an_error_to_its_caller_alone(home: Home) -> None:
    twice, once = sent(), sent()

    async with engine_on(home) as engine, SqlLedger(engine) as ledger:
        await ledger.open(twice)
        answers = await asyncio.gather(ledger.open(twice), ledger.open(once), return_exceptions=True)

        assert isinstance(answers[0], DatabaseUnfit)
        assert answers[1] is None
        assert await rows_of(engine, once) == [once]


async def test_an_outcome_that_no_database_takes_harms_no_other(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    odd, even = sent(), sent()

    async with engine_on(home) as engine, SqlLedger(engine) as ledger:
        await ledger.open(odd)
        await ledger.open(even)
        ledger.settle(replace(odd, status="ok", finished_at=datetime(2026, 12, 1)))
        ledger.settle(answered(even))
        await ledger.flush()

        assert [row.status for row in await rows_of(engine, odd)] == ["sent"]
        assert await rows_of(engine, even) == [answered(even)]
    assert "a write was refused and is not retried: " in caplog.text


@pytest.mark.parametrize("locked_at", [2, 3, 4])
async def test_what_is_refused_while_rows_are_written_one_by_one_is_kept(
    sqlite_home: SqliteHome, locked_at: int
) -> None:
    attempt, late, begun = sent(), sent(), 0
    outsider = sqlite3.connect(sqlite_home.file, isolation_level=None, check_same_thread=False)

    def lock(_: object) -> None:
        nonlocal begun
        begun += 1
        if begun == locked_at:
            outsider.execute("BEGIN EXCLUSIVE")

    async def unlock(_: float) -> None:
        outsider.rollback()

    async with engine_on(sqlite_home, timeout_s=0) as engine, SqlLedger(engine, wait=unlock) as ledger:
        await ledger.open(attempt)
        with on_engine("begin", lock):
            calls = [asyncio.create_task(ledger.open(row)) for row in (attempt, late)]
            await asyncio.sleep(0)
            ledger.settle(answered(attempt))
            answers = await asyncio.gather(*calls, return_exceptions=True)
            await ledger.flush()

        assert [type(answer) for answer in answers] == [DatabaseUnfit, type(None)]
        assert await rows_of(engine, late) == [late]
        assert await rows_of(engine, attempt) == [answered(attempt)]
    outsider.close()
