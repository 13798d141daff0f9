"""Queues SQLite writers within a process, which is cheaper than contending for the file lock."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.failures import DatabaseAway


@dataclass(frozen=True, slots=True)
class Turns:
    """Two locks, so that the ledger, which every call waits for, queues behind at most one session."""

    sessions: asyncio.Lock = field(default_factory=asyncio.Lock)
    file: asyncio.Lock = field(default_factory=asyncio.Lock)


_TURNS: WeakKeyDictionary[Engine, WeakKeyDictionary[asyncio.AbstractEventLoop, Turns]] = WeakKeyDictionary()
"""By engine, and by the event loop that uses it."""


def turns_of(engine: AsyncEngine) -> Turns:
    """Return the locks of the engine's database in the running event loop."""
    by_loop = _TURNS.setdefault(engine.sync_engine, WeakKeyDictionary())
    return by_loop.setdefault(asyncio.get_running_loop(), Turns())


@asynccontextmanager
async def session_turn(engine: AsyncEngine, wait_s: float) -> AsyncGenerator[None]:
    """Hold a session's turn to write.

    Raises:
        DatabaseAway: It did not come within `wait_s` seconds.
    """
    turns = turns_of(engine)
    async with AsyncExitStack() as stack:
        try:
            async with asyncio.timeout(wait_s):
                await stack.enter_async_context(turns.sessions)
                await stack.enter_async_context(turns.file)
        except TimeoutError as error:
            raise DatabaseAway("the database refuses: database is locked by this process") from error
        yield
