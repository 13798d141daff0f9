"""Transactions that wait while the database is away, for as long as their caller does."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncEngine

from storage.engine import read, write
from storage.failures import DatabaseAway
from storage.file_threads import ResultT, Work
from storage.refusals import growing_waits, no_answer_for

Wait = Callable[[float], Awaitable[None]]
"""Waits for so many seconds."""


async def persist(engine: AsyncEngine, work: Work[ResultT], *, wait: Wait = asyncio.sleep) -> ResultT:
    """Run `work` in a writing transaction and return its result once it is durable.

    While the database is locked, full or unreachable, it retries after growing waits until the caller is cancelled.
    Set a deadline; `refusal_behind` of the resulting error tells what the database said.

    Raises:
        StorageError: A retry would not help: a value, the rights or the tables are at fault.
    """
    return await _until_accepted(write, engine, work, wait)


async def fetch(engine: AsyncEngine, work: Work[ResultT], *, wait: Wait = asyncio.sleep) -> ResultT:
    """Run `work` in a reading transaction and return its result; otherwise as `persist`."""
    return await _until_accepted(read, engine, work, wait)


async def _until_accepted(
    transact: Callable[[AsyncEngine, Work[ResultT]], Awaitable[ResultT]],
    engine: AsyncEngine,
    work: Work[ResultT],
    wait: Wait,
) -> ResultT:
    refusal, waits, began = None, growing_waits(), time.monotonic()
    try:
        while True:
            try:
                return await transact(engine, work)
            except DatabaseAway as error:
                refusal = error
            await wait(next(waits))
    except asyncio.CancelledError as cancelled:
        cancelled.__cause__ = refusal or no_answer_for(time.monotonic() - began)
        raise
