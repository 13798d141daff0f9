"""Transactions that wait while the database is away, for as long as their caller does."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from storage.engine import reading, writing
from storage.failures import DatabaseAway
from storage.refusals import growing_waits, no_answer_since

ResultT = TypeVar("ResultT")

Wait = Callable[[float], Awaitable[None]]
"""Waits for so many seconds."""

Work = Callable[[AsyncSession], Awaitable[ResultT]]
"""The body of a transaction, run from the start by each try. It must be idempotent: where the connection was lost
during a commit it is run again although the commit may have succeeded."""


async def persist(engine: AsyncEngine, work: Work[ResultT], *, wait: Wait = asyncio.sleep) -> ResultT:
    """Run `work` in a writing transaction and return its result once it is durable.

    While the database is locked, full or unreachable, it retries after growing waits until the caller is cancelled.
    Set a deadline; `refusal_behind` of the resulting error tells what the database said.

    Raises:
        StorageError: A retry would not help: a value, the rights or the tables are at fault.
    """
    return await _until_accepted(writing, engine, work, wait)


async def fetch(engine: AsyncEngine, work: Work[ResultT], *, wait: Wait = asyncio.sleep) -> ResultT:
    """Run `work` in a reading transaction and return its result; otherwise as `persist`."""
    return await _until_accepted(reading, engine, work, wait)


async def _until_accepted(
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
