"""Writers of `ai_logs`, each on a connection of its own."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.postgres import postgres_engine
from storage.sqlite import blocking_engine
from storage.turns import turns_of
from storage.urls import is_pooled

Work = Callable[[Connection], None]

_CONNECTIONS = 4
"""Connections of one ledger to a server, each opened when the ones before it are busy."""
_ALONE, _TOGETHER = "AUTOCOMMIT", "READ COMMITTED"

_ANSWER_S = 10
"""After this much silence of the server the connection is closed, and the transaction retried."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a transaction failed."""

    error: Exception
    uncertain: bool
    """Whether it may have succeeded: the connection was lost during its commit."""


class Writer(Protocol):
    """Runs transactions one after the other."""

    commits_alone: bool
    """Whether one statement by itself is cheaper than a transaction."""

    async def transact(self, work: Work, *, alone: bool = False) -> Failure | None:
        """Run `work` in one transaction; `alone`: it is one statement. None: it is durable."""
        ...

    async def close(self) -> None:
        """Close the connection, after the running transaction."""
        ...


def writers_on(engine: AsyncEngine) -> Sequence[Writer]:
    """Return the writers for the engine's database; a file has one, a server a few that commit side by side."""
    if engine.dialect.name == "sqlite":
        return [ThreadWriter(engine)]
    return [LoopWriter(engine) for _ in range(_CONNECTIONS)]


class ThreadWriter:
    """Writes to SQLite from a thread: a transaction is one hop, and a locked file does not block the event loop."""

    commits_alone = False

    def __init__(self, engine: AsyncEngine) -> None:
        self._shared = engine
        self._engine = blocking_engine(engine.url, waits=True)
        self._connection: Connection | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")

    async def transact(self, work: Work, *, alone: bool = False) -> Failure | None:
        """Run `work` in one transaction. None: it is durable."""
        async with turns_of(self._shared).file:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work)

    async def close(self) -> None:
        """Close the file, after the running transaction."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown(wait=False)

    def _transact(self, work: Work) -> Failure | None:
        try:
            # kept open: a checkout from the pool takes longer than a small transaction
            self._connection = self._connection or self._engine.connect()
            with self._connection.begin():
                work(self._connection)
        except Exception as error:
            # Everything: an exception here would end the ledger's task, and every call would wait for ever.
            self._close()
            return Failure(error, uncertain=False)
        return None

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        with suppress(Exception):
            if connection is not None:
                connection.close()
        self._engine.dispose()


class LoopWriter:
    """Writes to PostgreSQL from the event loop."""

    commits_alone = True

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = postgres_engine(engine.url, connections=1)
        self._is_pooled = is_pooled(engine.url)
        self._connection: AsyncConnection | None = None

    async def transact(self, work: Work, *, alone: bool = False) -> Failure | None:
        """Run `work` in one transaction; `alone`: it is one statement. None: it is durable."""
        committing, alone = False, alone and not self._is_pooled
        try:
            async with asyncio.timeout(_ANSWER_S):
                # kept open: a checkout from the pool takes longer than a small transaction
                connection = self._connection = self._connection or await self._engine.connect()
                # a statement by itself is a transaction, which saves the round trips of BEGIN and COMMIT
                await connection.execution_options(isolation_level=_ALONE if alone else _TOGETHER)
                committing = alone
                await connection.run_sync(work)
                committing = True
                await connection.commit()
        except asyncio.CancelledError:
            await self._disconnect()
            raise
        except Exception as error:
            # everything, as above
            await self._disconnect()
            return Failure(error, uncertain=committing)
        return None

    async def close(self) -> None:
        """Close the connection, after the running transaction."""
        if self._connection is not None:
            await self._connection.close()
        await self._engine.dispose()

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.invalidate()
            await connection.close()
