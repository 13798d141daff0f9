"""Work that must be done although the task it belongs to was cancelled."""

import asyncio
import logging
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

_log = logging.getLogger("ai_service")
_GRACE_S = 5.0
"""How long closing waits; what isn't done by then is left to the sweep that cleans up after dead processes."""


class Background:
    """Tasks of a service's own; closing waits for them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    # Any: what a coroutine yields and is sent is its loop's business
    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do `work` in a task of its own. What it raises is logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def __aenter__(self) -> Self:
        """Begin."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Wait for what is under way, for a few seconds."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_GRACE_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("left to the next sweep: %s", type(error).__name__)
