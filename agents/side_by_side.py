"""Asks several questions concurrently."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

from agents.lost_parts import LOST, Lost

ResultT = TypeVar("ResultT")


async def side_by_side(questions: Iterable[Awaitable[ResultT]]) -> list[ResultT | Lost]:
    """Return all answers in order, and in the place of a part that is lost its error.

    Any other failure (the database, a mistake in code) cancels the others and is raised as it is.
    """
    tasks = [asyncio.ensure_future(_answer_or_loss(question)) for question in questions]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


async def _answer_or_loss(question: Awaitable[ResultT]) -> ResultT | Lost:
    try:
        return await question
    except LOST as error:
        return error
