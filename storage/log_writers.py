"""The hands that write `ai_logs`, each on a connection of its own."""

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
"""A server that is silent for this long is given up, and asked anew."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a transaction failed."""

    error: Exception
    uncertain: bool
    """Whether it may stand all the same: the connection was lost over its commit."""


class Writer(Protocol):
    """Does work in transactions, one after the other."""

    async def transact(self, work: Work) -> Failure | None:
        """Do `work` in one transaction. None: all of it is durable."""
        ...

    async def close(self) -> None:
        """Close the connection, after what is being written."""
        ...


def writer_on(engine: AsyncEngine) -> Writer:
    """Return the writer for the engine's database."""
    return ThreadWriter(engine) if engine.dialect.name == "sqlite" else LoopWriter(engine)


class ThreadWriter:
    """Writes to SQLite from a thread, so that a transaction is one hop and a locked file blocks no loop."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._shared = engine
        self._engine = blocking_engine(engine.url)
        self._connection: Connection | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")

    async def transact(self, work: Work) -> Failure | None:
        """Do `work` in one transaction. None: all of it is durable."""
        async with turns_of(self._shared).file:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work)

    async def close(self) -> None:
        """Close the file, after what is being written."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown(wait=False)

    def _transact(self, work: Work) -> Failure | None:
        try:
            # kept, since to take it from the pool and give it back takes longer than a small transaction
            self._connection = self._connection or self._engine.connect()
            with self._connection.begin():
                work(self._connection)
        except Exception as error:
            # An edge: whatever escaped would end the ledger's task and leave every call waiting.
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
    """Writes to PostgreSQL from the loop."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = postgres_engine(engine.url, connections=1)

    async def transact(self, work: Work) -> Failure | None:
        """Do `work` in one transaction. None: all of it is durable."""
        committing = False
        try:
            async with asyncio.timeout(_ANSWER_S), self._engine.connect() as connection:
                await connection.run_sync(work)
                committing = True
                await connection.commit()
        except Exception as error:
            # an edge, as above
            return Failure(error, uncertain=committing)
        return None

    async def close(self) -> None:
        """Close the connection."""
        await self._engine.dispose()
