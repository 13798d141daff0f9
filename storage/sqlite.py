"""SQLite: how connections are set up, and how transactions begin."""

import sqlite3
from contextlib import suppress

import sqlalchemy
from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage.urls import lock_wait_s

BEGIN = "storage_begin"
"""The execution option that holds the statement that begins a transaction."""

_LONGEST_BLOCK_S = 0.02
"""How long the driver itself may wait for a lock: it cannot be cancelled meanwhile."""

_DRIVER: dict[str, float | None] = {"isolation_level": None}
"""The driver does not begin transactions; `_begin` does."""
_WAL = "PRAGMA journal_mode = WAL"
"""Readers and the writer do not block each other. The mode is stored in the file."""
_PRAGMAS = (
    # a commit survives the death of the process; a power cut may lose the last ones
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
)


def sqlite_engine(url: URL) -> AsyncEngine:
    """Return an engine on a file. Its user waits for locks, since that wait can be cancelled."""
    engine = create_async_engine(url, connect_args=_impatient(url), hide_parameters=True)
    _listen(engine.sync_engine)
    return engine


def blocking_engine(url: URL, *, waits: bool) -> Engine:
    """Return a synchronous engine on the same file, for use in threads; `waits`: the driver waits for locks.

    A transaction is one hop to the thread instead of several for each statement, which takes a third of the time.
    """
    driver = _DRIVER if waits else _impatient(url)
    blocking = sqlalchemy.create_engine(url.set(drivername="sqlite"), connect_args=driver, hide_parameters=True)
    _listen(blocking)
    return blocking


def _impatient(url: URL) -> dict[str, float | None]:
    return {**_DRIVER, "timeout": min(lock_wait_s(url), _LONGEST_BLOCK_S)}


def _listen(engine: Engine) -> None:
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)


def _prepare(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    # When two connections open a new file at once, SQLite refuses the second switch without waiting.
    with suppress(sqlite3.OperationalError):
        cursor.execute(_WAL)
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    # A writer takes the lock at the start: after a read, another writer could make the upgrade fail.
    connection.exec_driver_sql(connection.get_execution_options().get(BEGIN, "BEGIN IMMEDIATE"))
