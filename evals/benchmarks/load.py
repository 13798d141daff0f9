"""A host under load, in a process that may be killed at any moment."""

import asyncio
import logging
from collections.abc import Iterator
from itertools import count
from multiprocessing.synchronize import Event

from evals.benchmarks.caller import service, settings, write_post

AT_ONCE = 20


def call_until_killed(base_url: str, database_url: str, first_call: int, begun: Event) -> None:
    """Make calls in an endless loop, numbered from `first_call`; `begun` is set after the first answer."""
    logging.disable()
    asyncio.run(_call(base_url, database_url, count(first_call), begun))


async def _call(base_url: str, database_url: str, calls: Iterator[int], begun: Event) -> None:
    async def one_after_the_other() -> None:
        for call in calls:
            await write_post(ai, call)
            begun.set()

    async with service(settings(base_url, database_url)) as ai:
        await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE)))
