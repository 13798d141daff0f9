"""Writers of `ai_logs`, each on a connection of its own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.postgres import postgres_engine
from storage.sqlite import blocking_engine
from storage.turns import turns_of

Work = Callable[[Connection], None]

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

    async def transact(self, work: Work) -> Failure | None:
        """Run `work` in one transaction. None: it is durable."""
        ...

    async def close(self) -> None:
        """Close the connection, after the running transaction."""
        ...


def writer_on(engine: AsyncEngine) -> Writer:
    """Return the writer for the engine's database."""
    return ThreadWriter(engine) if engine.dialect.name == "sqlite" else LoopWriter(engine)


class ThreadWriter:
    """Writes to SQLite from a thread: a transaction is one hop, and a locked file does not block the event loop."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._shared = engine
        self._engine = blocking_engine(engine.url)
        self._connection: Connection | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")

    async def transact(self, work: Work) -> Failure | None:
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

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = postgres_engine(engine.url, connections=1)

    async def transact(self, work: Work) -> Failure | None:
        """Run `work` in one transaction. None: it is durable."""
        committing = False
        try:
            async with asyncio.timeout(_ANSWER_S), self._engine.connect() as connection:
                await connection.run_sync(work)
                committing = True
                await connection.commit()
        except Exception as error:
            # everything, as above
            return Failure(error, uncertain=committing)
        return None

    async def close(self) -> None:
        """Close the connection."""
        await self._engine.dispose()
