"""The engine, and its two kinds of session: reading and writing."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from storage.file_threads import ResultT, Work, file_threads_of
from storage.postgres import postgres_engine
from storage.refusals import is_locked, refusals
from storage.sqlite import BEGIN, sqlite_engine
from storage.turns import session_turn
from storage.urls import checked, lock_wait_s

_LOCK_POLL_S = 0.01


def create_engine(url: str) -> AsyncEngine:
    """Return an engine on the database at `url`, e.g. `sqlite:///ai_service.db` or `postgresql://user@host/name`.

    Nothing is opened yet. A session waits 5 seconds for a lock, or as many as the URL says (`?timeout=0.5`).

    Raises:
        DatabaseUrlError: The URL is not usable, the file's folder is missing, or the driver is not installed.
    """
    parsed = checked(url)
    return sqlite_engine(parsed) if parsed.get_backend_name() == "sqlite" else postgres_engine(parsed)


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncGenerator[AsyncSession]:
    """Yield a session that only reads. It sees one snapshot, and neither waits for writers nor blocks them.

    Raises:
        StorageError: The database refuses.
    """
    with refusals():
        async with AsyncSession(engine.execution_options(**_READING[engine.dialect.name])) as session:
            yield session


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncGenerator[AsyncSession]:
    """Yield a session that writes, and commit at the end. Keep it short: SQLite has one writer at a time.

    On PostgreSQL another transaction may change a row after it was read: decide in the statement that writes.

    Raises:
        StorageError: The database refuses. Nothing was written.
    """
    wait_s = lock_wait_s(engine.url)
    until = time.monotonic() + wait_s
    turn = session_turn(engine, wait_s) if engine.dialect.name == "sqlite" else nullcontext()
    with refusals():
        async with turn, AsyncSession(engine, expire_on_commit=False) as session:
            await _begin(session, until)
            yield session
            # where the caller caught a failed flush, everything is rolled back already
            if session.is_active:
                await session.commit()


async def read(engine: AsyncEngine, work: Work[ResultT]) -> ResultT:
    """Return the result of `work` in a transaction that only reads; otherwise as `reading`."""
    if engine.dialect.name == "sqlite":
        with refusals():
            return await file_threads_of(engine).read(work)
    async with reading(engine) as session:
        return await (await session.connection()).run_sync(work)


async def write(engine: AsyncEngine, work: Work[ResultT]) -> ResultT:
    """Return the result of `work` in a transaction that writes, durable; otherwise as `writing`."""
    if engine.dialect.name != "sqlite":
        async with writing(engine) as session:
            return await (await session.connection()).run_sync(work)
    wait_s = lock_wait_s(engine.url)
    until = time.monotonic() + wait_s
    with refusals():
        async with session_turn(engine, wait_s):
            while True:
                try:
                    return await file_threads_of(engine).write(work)
                except DBAPIError as error:
                    if not is_locked(error) or time.monotonic() >= until:
                        raise
                await asyncio.sleep(_LOCK_POLL_S)


_READING = {
    "sqlite": {BEGIN: "BEGIN"},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


async def _begin(session: AsyncSession, until: float) -> None:
    """Begin the transaction, on SQLite with the lock. The wait is here and not in the driver, to be cancellable."""
    while True:
        try:
            await session.connection()
            return
        except DBAPIError as error:
            await session.rollback()
            if not is_locked(error) or time.monotonic() >= until:
                raise
            await asyncio.sleep(_LOCK_POLL_S)
