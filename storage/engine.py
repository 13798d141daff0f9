"""The engine, and the two kinds of session that everything else is given."""

import sqlite3
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import sqlalchemy
from sqlalchemy import URL, Connection, Engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage.errors import DatabaseUrlError, StorageError

_BEGIN = "storage_begin"
_DRIVER = {"isolation_level": None}
"""The driver begins no transactions of its own; `_begin` does."""
_WAL = "PRAGMA journal_mode = WAL"
"""Readers and the writer don't wait for each other. The file remembers it."""
_PRAGMAS = (
    # a commit survives the death of the process; only a power cut may take the last ones
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
)


def create_engine(url: str) -> AsyncEngine:
    """Return an engine on the SQLite file that `url` names, e.g. `sqlite:///ai_service.db`. Nothing is opened yet.

    A locked file is waited for 5 seconds, or as many as the URL says (`?timeout=0.5`).

    Raises:
        DatabaseUrlError: The URL is not one of a SQLite file, or the file's folder is missing.
    """
    engine = create_async_engine(_checked(url), connect_args=_DRIVER, hide_parameters=True)
    _listen(engine.sync_engine)
    return engine


def blocking_engine(engine: AsyncEngine) -> Engine:
    """Return an engine on the same file for a thread of one's own.

    One hop a transaction instead of several a statement: a small transaction takes a third of the time.
    """
    blocking = sqlalchemy.create_engine(engine.url.set(drivername="sqlite"), connect_args=_DRIVER, hide_parameters=True)
    _listen(blocking)
    return blocking


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncGenerator[AsyncSession]:
    """Yield a session that only reads: it sees one moment, waits for nobody and keeps nobody waiting.

    Raises:
        StorageError: The database refuses.
    """
    with refusals():
        async with AsyncSession(engine.execution_options(**{_BEGIN: "BEGIN"})) as session:
            yield session


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncGenerator[AsyncSession]:
    """Yield a session that writes, and commit at the end. Keep it short: there is one writer at a time.

    Raises:
        StorageError: The database refuses. Nothing was written.
    """
    with refusals():
        async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
            yield session


@contextmanager
def refusals() -> Generator[None]:
    """Raise what the database refuses as `StorageError`; mistakes in code pass through."""
    try:
        yield
    except (DBAPIError, PoolTimeout) as error:
        raise StorageError(reason_of(error)) from error


def reason_of(error: Exception) -> str:
    """Return what a refusal says, without the statement."""
    said = error.orig if isinstance(error, StatementError) else error
    return f"the database refuses: {said}"


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        # the text may hold a password, so it is not shown
        raise DatabaseUrlError("the database URL can't be read: write e.g. sqlite:///ai_service.db") from None
    if parsed.drivername not in {"sqlite", "sqlite+aiosqlite"}:
        raise DatabaseUrlError(f"no support for {parsed.drivername!r} databases: write e.g. sqlite:///ai_service.db")
    return parsed.set(drivername="sqlite+aiosqlite", database=str(_file(parsed.database)))


def _file(database: str | None) -> Path:
    if not database or database == ":memory:" or database.startswith("file:"):
        raise DatabaseUrlError(
            f"{database!r} is not a file's path: books kept in memory are lost with the process, "
            "write e.g. sqlite:///ai_service.db"
        )
    # absolute, or a later chdir would open another file
    file = Path(database).absolute()
    if not file.parent.is_dir():
        raise DatabaseUrlError(f"the folder of the database {str(file)!r} is missing: create it, or correct the URL")
    return file


def _listen(engine: Engine) -> None:
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)


def _prepare(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    # While two open a new file at once, SQLite lets one of them switch and refuses the other, without waiting.
    with suppress(sqlite3.OperationalError):
        cursor.execute(_WAL)
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: if it read first, another writer could make its upgrade fail.
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN IMMEDIATE"))
