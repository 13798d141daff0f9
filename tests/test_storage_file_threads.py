"""SQLite transactions in threads: one hop each, none left behind."""

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from storage.engine import create_engine, read, write
from storage.migrate import migrate


def _threads() -> set[str]:
    return {thread.name for thread in threading.enumerate() if thread.name.startswith("storage")}


async def test_disposing_the_engine_ends_its_threads_and_a_later_read_starts_new_ones(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'books.db'}")

    for _ in range(2):
        assert await read(engine, lambda connection: connection.scalar(text("SELECT 1"))) == 1
        assert _threads()
        await engine.dispose()
        assert not _threads()


async def test_a_cancelled_writer_hands_the_file_on_when_its_transaction_has_ended(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'books.db'}")
    await migrate(engine)
    loop, begun, may_end = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def hold(connection: Connection) -> None:
        connection.execute(text("DELETE FROM ai_budgets"))
        loop.call_soon_threadsafe(begun.set)
        may_end.wait()

    first = asyncio.create_task(write(engine, hold))
    await begun.wait()
    first.cancel()
    second = asyncio.create_task(write(engine, lambda connection: connection.execute(text("DELETE FROM ai_budgets"))))
    await asyncio.sleep(0)
    assert not first.done()
    may_end.set()

    await second
    with pytest.raises(asyncio.CancelledError):
        await first
    await engine.dispose()


async def test_a_mistake_in_the_work_undoes_it_and_leaves_the_file_free(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'books.db'}")
    await migrate(engine)
    row = "INSERT INTO ai_owners VALUES ('o', 'h', 1, 'b', '2026-11-28')"

    def fail(connection: Connection) -> None:
        connection.execute(text(row))
        raise LookupError

    with pytest.raises(LookupError):
        await write(engine, fail)

    assert await read(engine, lambda connection: connection.scalar(text("SELECT count(*) FROM ai_owners"))) == 0
    await write(engine, lambda connection: connection.execute(text(row)))
    await engine.dispose()
