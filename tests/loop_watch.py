"""Measures how long an event loop stands still."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

_STEP_S = 0.01


@dataclass
class Watch:
    """What was seen."""

    longest_s: float = 0.0
    """The longest time in which nothing else could run."""


@asynccontextmanager
async def watched_loop() -> AsyncGenerator[Watch]:
    """Yield what a task sees that only wants to run again and again, in the processor's time of this thread.

    The wall clock would count what other processes take.
    """
    watch = Watch()
    task = asyncio.create_task(_look(watch))
    try:
        yield watch
    finally:
        task.cancel()


async def _look(watch: Watch) -> None:
    while True:
        before = time.thread_time()
        await asyncio.sleep(_STEP_S)
        watch.longest_s = max(watch.longest_s, time.thread_time() - before)
