"""Who of one process writes to a SQLite file next: taking turns costs less than waiting for the file's own lock."""

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
    """Two queues, so that the ledger, for which all calls wait, has one session at most before it."""

    sessions: asyncio.Lock = field(default_factory=asyncio.Lock)
    file: asyncio.Lock = field(default_factory=asyncio.Lock)


_TURNS: WeakKeyDictionary[Engine, WeakKeyDictionary[asyncio.AbstractEventLoop, Turns]] = WeakKeyDictionary()
"""Of each engine, and of each loop that it is used in."""


def turns_of(engine: AsyncEngine) -> Turns:
    """Return the turns at the engine's database in the running loop."""
    by_loop = _TURNS.setdefault(engine.sync_engine, WeakKeyDictionary())
    return by_loop.setdefault(asyncio.get_running_loop(), Turns())


@asynccontextmanager
async def session_turn(engine: AsyncEngine, wait_s: float) -> AsyncGenerator[None]:
    """Wait for a session's turn and hold it.

    Raises:
        DatabaseAway: It has not come in time.
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
