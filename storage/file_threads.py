"""Runs SQLite transactions in threads, so that each is one hop instead of several for each statement."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.sqlite import BEGIN, blocking_engine

ResultT = TypeVar("ResultT")
Work = Callable[[Connection], ResultT]
"""The body of a transaction, run from the start by each try. It must be idempotent: where the connection was lost
during a commit it is run again although the commit may have succeeded."""

_THREADS = 4
"""Transactions at once. In WAL mode neither a writer nor another reader blocks a reader."""


class FileThreads:
    """The threads that use a file, each with a connection of its own. They are started when first needed."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._threads: ThreadPoolExecutor | None = None
        self._own = threading.local()
        self._connections: list[Connection] = []

    async def read(self, work: Work[ResultT]) -> ResultT:
        """Return the result of `work` in a reading transaction."""
        return await self._run(self._read, work)

    async def write(self, work: Work[ResultT]) -> ResultT:
        """Return the result of `work` in a writing transaction, which is durable then.

        A cancelled caller waits for its end, which takes milliseconds, so that the next writer finds the file free.
        """
        written = asyncio.ensure_future(self._run(self._write, work))
        try:
            return await asyncio.shield(written)
        except asyncio.CancelledError:
            await asyncio.wait({written})
            raise

    def close(self, engine: Engine) -> None:
        """Close the connections once their transactions have ended; a later one opens new ones."""
        if self._threads is not None:
            self._threads.shutdown()
            for connection in self._connections:
                connection.close()
                connection.engine.dispose()
            self._threads, self._own, self._connections = None, threading.local(), []

    async def _run(self, transaction: Callable[[Work[ResultT]], ResultT], work: Work[ResultT]) -> ResultT:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="storage")
        return await asyncio.get_running_loop().run_in_executor(self._threads, transaction, work)

    def _read(self, work: Work[ResultT]) -> ResultT:
        connection = self._connection.execution_options(**{BEGIN: "BEGIN"})
        with connection.begin() as transaction:
            result = work(connection)
            transaction.rollback()
            return result

    def _write(self, work: Work[ResultT]) -> ResultT:
        connection = self._connection.execution_options(**{BEGIN: "BEGIN IMMEDIATE"})
        with connection.begin():
            return work(connection)

    @property
    def _connection(self) -> Connection:
        """This thread's connection: to take one from a pool and give it back takes as long as a small transaction."""
        connection: Connection | None = getattr(self._own, "connection", None)
        if connection is None or connection.closed or connection.invalidated:
            connection = self._own.connection = blocking_engine(self._url, waits=False).connect()
            self._connections.append(connection)
        return connection


_OF: WeakKeyDictionary[Engine, FileThreads] = WeakKeyDictionary()


def file_threads_of(engine: AsyncEngine) -> FileThreads:
    """Return the threads that use the engine's file. Disposing the engine closes them."""
    threads = _OF.get(engine.sync_engine)
    if threads is None:
        threads = _OF[engine.sync_engine] = FileThreads(engine.url)
        event.listen(engine.sync_engine, "engine_disposed", threads.close)
    return threads
