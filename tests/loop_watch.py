"""Measures how long an event loop stands still, and how much memory the process takes meanwhile."""

import asyncio
import resource
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

_STEP_S = 0.01
_IN_USE = Path("/proc/self/statm")


@dataclass
class Watch:
    """What was seen."""

    longest_s: float = 0.0
    """The longest time in which nothing else could run."""
    more_bytes: int = 0
    """How much memory was taken beyond that at the beginning."""


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
    began_with = _bytes_in_use()
    while True:
        before = time.thread_time()
        await asyncio.sleep(_STEP_S)
        watch.longest_s = max(watch.longest_s, time.thread_time() - before)
        watch.more_bytes = max(watch.more_bytes, _bytes_in_use() - began_with)


def _bytes_in_use() -> int:
    return int(_IN_USE.read_text().split()[1]) * resource.getpagesize()
