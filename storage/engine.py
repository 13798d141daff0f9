"""The engine, and the two kinds of session that everything else is given."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from storage.postgres import postgres_engine
from storage.refusals import is_locked, refusals
from storage.sqlite import BEGIN, sqlite_engine
from storage.turns import session_turn
from storage.urls import checked, lock_wait_s

_LOCK_POLL_S = 0.01


def create_engine(url: str) -> AsyncEngine:
    """Return an engine on what `url` names, e.g. `sqlite:///ai_service.db` or `postgresql://user@host/name`.

    Nothing is opened yet. A lock is waited for 5 seconds, or as many as the URL says (`?timeout=0.5`).

    Raises:
        DatabaseUrlError: The URL is not one of a SQLite file or of PostgreSQL, the file's folder is missing, or
            the driver is.
    """
    parsed = checked(url)
    return sqlite_engine(parsed) if parsed.get_backend_name() == "sqlite" else postgres_engine(parsed)


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncGenerator[AsyncSession]:
    """Yield a session that only reads: it sees one moment, waits for nobody and keeps nobody waiting.

    Raises:
        StorageError: The database refuses.
    """
    with refusals():
        async with AsyncSession(engine.execution_options(**_READING[engine.dialect.name])) as session:
            yield session


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncGenerator[AsyncSession]:
    """Yield a session that writes, and commit at the end. Keep it short: SQLite has one writer at a time.

    On PostgreSQL others may change what was read before it is written: decide in the statement that writes.

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
            # a caller who got over a failed flush has had everything undone
            if session.is_active:
                await session.commit()


_READING = {
    "sqlite": {BEGIN: "BEGIN"},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


async def _begin(session: AsyncSession, until: float) -> None:
    """Begin the transaction, on SQLite with the lock. Waited for is here and not in the driver, to be cancellable."""
    while True:
        try:
            await session.connection()
            return
        except DBAPIError as error:
            await session.rollback()
            if not is_locked(error) or time.monotonic() >= until:
                raise
            await asyncio.sleep(_LOCK_POLL_S)
