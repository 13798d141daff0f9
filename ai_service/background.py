"""Background tasks: work that must finish although the task that started it was cancelled."""

import asyncio
import logging
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

_log = logging.getLogger("ai_service")
_GRACE_S = 5.0
"""Seconds that closing waits. The sweep for dead processes does what is unfinished by then."""


class Background:
    """The background tasks of a service; closing waits for them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    # Any: what a coroutine yields and receives concerns only its loop
    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` in a task of its own. Exceptions are logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def __aenter__(self) -> Self:
        """Return the empty set of tasks."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Wait a few seconds for the running tasks, then cancel them."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_GRACE_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("left to the next sweep: %s", type(error).__name__)
