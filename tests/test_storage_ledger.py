"""The ledger: what is durable when, in how few transactions, and what a refusing database does to it."""

import asyncio
import logging
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import fields, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import anyio
import pytest
from sqlalchemy import Engine, event, text

from deps.protocols import Ledger
from models.attempt import Attempt
from models.vocabulary import Feature
from storage.attempts import MAX_CHARS
from storage.engine import reading
from storage.errors import StorageError
from storage.ledger import SqlLedger
from storage.tables import AttemptRow
from tests.storage_parts import BUSINESS_ID, CAMPAIGN_ID, NOON, database, locked, rows_of, sent

ROOT = Path(__file__).parent.parent


def answered(attempt: Attempt) -> Attempt:
    """Return the attempt with its outcome."""
    return replace(
        attempt,
        status="ok",
        http_status=200,
        input_tokens=1200,
        output_tokens=340,
        cost_usd=Decimal("0.004200000001"),
        finished_at=NOON + timedelta(seconds=2),
    )


@contextmanager
def on_engine(name: str, listener: Callable[..., None]) -> Generator[None]:
    """Call `listener` on each event of this name on any engine, before the engine's own listeners."""
    event.listen(Engine, name, listener)
    try:
        yield
    finally:
        event.remove(Engine, name, listener)


async def never(_: float) -> None:
    await asyncio.Event().wait()


def test_the_table_has_the_fields_of_an_attempt() -> None:
    columns = {column.name for column in AttemptRow.metadata.tables["ai_logs"].columns}

    assert columns == {field.name for field in fields(Attempt)} | {"id", "owner"}


async def test_every_field_of_an_attempt_comes_back(tmp_path: Path) -> None:
    attempt = Attempt(
        request_id="r",
        question=1,
        attempt=2,
        feature=Feature.IMAGE,
        provider="openai",
        model="gpt-image-2",
        started_at=NOON,
        business_id=BUSINESS_ID,
        campaign_id=CAMPAIGN_ID,
        content_id="c",
        user_id="ü_42",
        customer_id="k",
        idempotency_key="i",
        status="invalid_output",
        http_status=200,
        input_tokens=1,
        cached_input_tokens=2,
        cache_write_tokens=3,
        output_tokens=4,
        reasoning_tokens=5,
        image_tokens=6,
        cost_usd=Decimal("1.5"),
        cost_estimated=True,
        latency_ms=12.5,
        error="caption: too long",
        raw_output='{"caption": "…"}',
        repairs=["closed a bracket"],
        input_warnings=["look-alike letters"],
        prompt_version="p1",
        price_version="g1",
        rule_pack_version="r1",
        trace_id="0" * 32,
        span_id="1" * 16,
        finished_at=NOON + timedelta(microseconds=1),
    )

    async with database(tmp_path / "x.db") as engine, SqlLedger(engine) as ledger:
        await ledger.open(attempt)

        assert await rows_of(engine, attempt) == [attempt]


async def test_a_row_stands_open_until_its_outcome_is_flushed(tmp_path: Path) -> None:
    attempt = sent()

    async with database(tmp_path / "x.db") as engine, SqlLedger(engine) as ledger:
        books: Ledger = ledger
        await books.open(attempt)
        assert await rows_of(engine, attempt) == [attempt]

        books.settle(answered(attempt))
        await books.flush()
        assert await rows_of(engine, attempt) == [answered(attempt)]


async def test_each_row_names_the_ledger_that_is_to_settle_it(tmp_path: Path) -> None:
    async with database(tmp_path / "x.db") as engine, SqlLedger(engine) as ledger:
        await ledger.open(sent())

        async with reading(engine) as session:
            assert await session.scalar(text("SELECT owner FROM ai_logs")) == ledger.owner


async def test_200_calls_at_once_share_a_transaction(tmp_path: Path) -> None:
    commits: list[object] = []
    attempts = [sent() for _ in range(200)]

    async with database(tmp_path / "x.db") as engine, SqlLedger(engine) as ledger:
        with on_engine("commit", commits.append):
            await asyncio.gather(*map(ledger.open, attempts))
            for attempt in attempts:
                ledger.settle(answered(attempt))
            await asyncio.gather(*(ledger.flush() for _ in attempts))

        async with reading(engine) as session:
            settled = await session.scalar(text("SELECT count(*) FROM ai_logs WHERE status = 'ok'"))
    assert settled == 200
    assert len(commits) <= 4


async def test_an_outcome_handed_over_with_its_row_comes_second(tmp_path: Path) -> None:
    attempt = sent()

    async with database(tmp_path / "x.db") as engine, SqlLedger(engine) as ledger:
        opening = asyncio.create_task(ledger.open(attempt))
        await asyncio.sleep(0)
        ledger.settle(replace(attempt, status="timeout"))
        ledger.settle(answered(attempt))
        await opening
        await ledger.flush()

        assert await rows_of(engine, attempt) == [answered(attempt)]


async def test_an_outcome_is_kept_as_it_was_when_handed_over(tmp_path: Path) -> None:
    attempt = sent()

    async with database(tmp_path / "x.db") as engine, SqlLedger(engine) as ledger:
        await ledger.open(attempt)
        attempt.repairs.append("removed a trailing comma")
        ledger.settle(attempt)
        attempt.repairs.append("later")
        attempt.error = "later"
        await ledger.flush()

        row = (await rows_of(engine, attempt))[0]
    assert (row.repairs, row.error) == (["removed a trailing comma"], None)


async def test_cuts_long_texts(tmp_path: Path) -> None:
    attempt = replace(sent(), raw_output="x" * 30_000, error="e" * 600)

    async with database(tmp_path / "x.db") as engine, SqlLedger(engine) as ledger:
        await ledger.open(attempt)

        row = (await rows_of(engine, attempt))[0]
    assert (len(row.raw_output or ""), len(row.error or "")) == (MAX_CHARS["raw_output"], MAX_CHARS["error"])


async def test_stores_an_answer_with_characters_that_no_database_takes(tmp_path: Path) -> None:
    attempt = replace(sent(), raw_output="é \ud83d \0", error="\0")

    async with database(tmp_path / "x.db") as engine, SqlLedger(engine) as ledger:
        await ledger.open(attempt)

        row = (await rows_of(engine, attempt))[0]
    assert (row.raw_output, row.error) == ("é ? \ufffd", "\ufffd")


OPEN_AND_WAIT = """
import asyncio, sys
from pathlib import Path
from storage.ledger import SqlLedger
from tests.storage_parts import database, sent

async def main():
    async with database(Path(sys.argv[1])) as engine, SqlLedger(engine) as ledger:
        await ledger.open(sent(request_id="r"))
        print("open", flush=True)
        sys.stdin.read()

asyncio.run(main())
"""


async def test_an_opened_row_survives_kill_9(tmp_path: Path) -> None:
    child = [sys.executable, "-c", OPEN_AND_WAIT, str(tmp_path / "x.db")]
    async with database(tmp_path / "x.db"):
        pass
    with subprocess.Popen(child, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        process.kill()

    async with database(tmp_path / "x.db") as engine:
        assert [row.status for row in await rows_of(engine, sent(request_id="r"))] == ["sent"]


async def test_a_row_that_cannot_be_written_is_an_error_to_its_caller(tmp_path: Path) -> None:
    async with database(tmp_path / "x.db", timeout_s=0) as engine, SqlLedger(engine) as ledger:
        with locked(tmp_path / "x.db"), pytest.raises(StorageError, match="refuses: database is locked"):
            await ledger.open(sent())

        await ledger.open(sent())


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


async def test_a_refused_outcome_is_written_with_the_next_row(tmp_path: Path) -> None:
    first, second, third = sent(), sent(), sent()

    async with database(tmp_path / "x.db", timeout_s=0) as engine, SqlLedger(engine, wait=never) as ledger:
        await ledger.open(first)
        await ledger.open(second)
        with locked(tmp_path / "x.db"):
            ledger.settle(answered(first))
            with pytest.raises(StorageError):
                await ledger.open(third)
            ledger.settle(answered(second))
            with pytest.raises(StorageError):
                await ledger.open(third)
        await ledger.open(third)
        await ledger.flush()

        assert await rows_of(engine, first) == [answered(first)]
        assert await rows_of(engine, second) == [answered(second)]


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


@contextmanager
def writer_held(file: Path) -> Generator[threading.Event]:
    """Keep the ledger in its transaction until the block ends; the event says that it is there."""
    begun = threading.Event()

    def begin(_: object) -> None:
        begun.set()

    with on_engine("begin", begin), locked(file):
        yield begun


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
