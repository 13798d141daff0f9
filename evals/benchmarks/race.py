"""Three processes on one database that begin at the same moment."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any, TypeVar

PROCESSES = 3
_READY_S = 60
"""How long a process waits for the slowest to be ready."""

ResultT = TypeVar("ResultT")

# Any: what a coroutine yields and is sent is its loop's business
Part = Callable[[int, Callable[[], object]], Coroutine[Any, Any, list[ResultT]]]
"""What one process does, by its number from 0; it calls the function when it is ready, which returns when all are."""


def race(part: Part[ResultT]) -> list[ResultT]:
    """Run `part` in three processes at once; return the results of all. An error in one of them is one here."""
    context = get_context("fork")  # all is imported by now, and nothing of a service is open
    barrier = context.Barrier(PROCESSES, timeout=_READY_S)
    ends = [context.Pipe(duplex=False) for _ in range(PROCESSES)]
    processes = [
        context.Process(target=_run, args=(part, number, barrier, sending)) for number, (_, sending) in enumerate(ends)
    ]
    for process in processes:
        process.start()
    for _, sending in ends:
        sending.close()
    results = [result for receiving, _ in ends for result in receiving.recv()]
    for process in processes:
        process.join()
    return results


def share(total: int, number: int) -> range:
    """Return which of `total` calls the process `number` makes."""
    return range(number, total, PROCESSES)


def _run(part: Part[ResultT], number: int, barrier: Barrier, sending: "Connection[object, object]") -> None:
    logging.disable()
    sending.send(asyncio.run(part(number, barrier.wait)))
