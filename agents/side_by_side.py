"""Asks several questions concurrently."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

ResultT = TypeVar("ResultT")


async def side_by_side(questions: Iterable[Awaitable[ResultT]]) -> list[ResultT]:
    """Return all answers in order; the first failure cancels the others and is raised as it is."""
    tasks = [asyncio.ensure_future(question) for question in questions]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
