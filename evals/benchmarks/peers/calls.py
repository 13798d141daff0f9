"""The work that each contender is given on standard input, and the outcome it writes to standard output."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

from pydantic import BaseModel


class Work(BaseModel):
    """The calls to make."""

    base_url: str
    concurrency: int
    """Calls at once."""
    timeout_s: float
    """Seconds one HTTP request may take."""
    instructions: str
    """What a system message says, the same for all calls."""
    prompts: dict[int, str]
    """The user message of each call, by its number."""


class Outcome(BaseModel):
    """What became of one call."""

    call: int
    caption: str | None = None
    """The caption of the post; None: the call failed."""
    booked_tokens: int = 0
    """Tokens, input and output, that the caller knows of, of failed requests too."""
    error: str | None = None


class Finished(BaseModel):
    """What became of all calls."""

    outcomes: list[Outcome]
    wall_s: float
    cpu_s: float
    """Of the whole process, while the calls were made."""


Ask = Callable[[Outcome, str], Awaitable[None]]
"""Makes one call with a user message and fills in its outcome."""


async def make_calls(ask: Ask, work: Work) -> Finished:
    """Make all calls, so many at once."""
    waiting = iter(work.prompts.items())
    outcomes: list[Outcome] = []

    async def one_after_the_other() -> None:
        for call, prompt in waiting:
            outcome = Outcome(call=call)
            outcomes.append(outcome)
            await ask(outcome, prompt)

    wall_s, cpu_s = time.perf_counter(), time.process_time()
    await asyncio.gather(*(one_after_the_other() for _ in range(work.concurrency)))
    return Finished(outcomes=outcomes, wall_s=time.perf_counter() - wall_s, cpu_s=time.process_time() - cpu_s)


def run(contender: Callable[[Work], Awaitable[Finished]]) -> None:
    """Be a contender: read the work, do it, write what became of it."""

    async def work() -> Finished:
        return await contender(Work.model_validate_json(sys.stdin.read()))

    sys.stdout.write(asyncio.run(work()).model_dump_json())
