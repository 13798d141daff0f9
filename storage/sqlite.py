"""SQLite: how its connections are prepared, and how its transactions begin."""

import sqlite3
from contextlib import suppress

import sqlalchemy
from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage.urls import lock_wait_s

BEGIN = "storage_begin"
"""The execution option that says how a transaction begins."""

_LONGEST_BLOCK_S = 0.02
"""How long the driver may wait for a lock: as long it can't be cancelled."""

_DRIVER = {"isolation_level": None}
"""The driver begins no transactions of its own; `_begin` does."""
_WAL = "PRAGMA journal_mode = WAL"
"""Readers and the writer don't wait for each other. The file remembers it."""
_PRAGMAS = (
    # a commit survives the death of the process; only a power cut may take the last ones
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
)


def sqlite_engine(url: URL) -> AsyncEngine:
    """Return an engine on a file. It leaves waiting for locks to its user, who can be cancelled."""
    driver = {**_DRIVER, "timeout": min(lock_wait_s(url), _LONGEST_BLOCK_S)}
    engine = create_async_engine(url, connect_args=driver, hide_parameters=True)
    _listen(engine.sync_engine)
    return engine


def blocking_engine(url: URL) -> Engine:
    """Return an engine on the same file for a thread of one's own.

    One hop a transaction instead of several a statement: a small transaction takes a third of the time.
    """
    blocking = sqlalchemy.create_engine(url.set(drivername="sqlite"), connect_args=_DRIVER, hide_parameters=True)
    _listen(blocking)
    return blocking


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
    connection.exec_driver_sql(connection.get_execution_options().get(BEGIN, "BEGIN IMMEDIATE"))
