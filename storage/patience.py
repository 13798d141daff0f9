"""Sessions that wait while the database refuses, for as long as their caller does."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from storage.engine import reading, writing
from storage.errors import DatabaseAway
from storage.refusals import growing_waits, no_answer_since

ResultT = TypeVar("ResultT")

Wait = Callable[[float], Awaitable[None]]
"""Waits for so many seconds."""

Work = Callable[[AsyncSession], Awaitable[ResultT]]
"""What is done in a session, from the start for each try. Where a connection was lost over the commit it is done again
though it stands: so it must not do harm twice."""


async def persist(engine: AsyncEngine, work: Work[ResultT], *, wait: Wait = asyncio.sleep) -> ResultT:
    """Do `work` in a writing session and return what it returns, durable.

    While the database refuses (locked, full, away) it is tried again, after growing waits, until the caller is
    cancelled: set a deadline, and ask `refusal_behind` of the error that it raises.

    Raises:
        StorageError: A retry would not help: a value, the rights or the tables are at fault.
    """
    return await _until_taken(writing, engine, work, wait)


async def fetch(engine: AsyncEngine, work: Work[ResultT], *, wait: Wait = asyncio.sleep) -> ResultT:
    """Do `work` in a reading session and return what it returns; otherwise as `persist`."""
    return await _until_taken(reading, engine, work, wait)


async def _until_taken(
    session_on: Callable[[AsyncEngine], AbstractAsyncContextManager[AsyncSession]],
    engine: AsyncEngine,
    work: Work[ResultT],
    wait: Wait,
) -> ResultT:
    refusal, waits, began = None, growing_waits(), time.monotonic()
    try:
        while True:
            try:
                async with session_on(engine) as session:
                    return await work(session)
            except DatabaseAway as error:
                refusal = error
            await wait(next(waits))
    except asyncio.CancelledError as cancelled:
        cancelled.__cause__ = refusal or no_answer_since(began)
        raise
