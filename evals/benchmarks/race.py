"""Runs three processes on one database that begin at the same moment."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any, TypeVar

PROCESSES = 3
_READY_S = 60
"""Seconds that a process waits for the slowest one to be ready."""

ResultT = TypeVar("ResultT")

# Any: what a coroutine yields and is sent is its loop's business
Part = Callable[[int, Callable[[], object]], Coroutine[Any, Any, list[ResultT]]]
"""The work of one process, by its number from 0; it calls the function when ready, which returns when all are."""


def race(part: Part[ResultT]) -> list[ResultT]:
    """Run `part` in three processes at once; return all results. An error in one of them is raised here."""
    context = get_context("fork")  # everything is imported by now, no part of a service is open
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
    """Return the numbers of the calls, out of `total`, that process `number` makes."""
    return range(number, total, PROCESSES)


def _run(part: Part[ResultT], number: int, barrier: Barrier, sending: "Connection[object, object]") -> None:
    logging.disable()
    sending.send(asyncio.run(part(number, barrier.wait)))
