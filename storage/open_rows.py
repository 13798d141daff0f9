"""Which rows of a ledger are open, so that closing it can wait for requests that are being cancelled."""

import asyncio
from collections.abc import Hashable
from contextlib import suppress

from models.attempt import Attempt

_ENDING_S = 0.5
"""Seconds that closing waits."""


class OpenRows:
    """The rows that are written and not settled."""

    def __init__(self) -> None:
        self._open: set[Hashable] = set()
        self._none = asyncio.Event()
        self._none.set()

    def opened(self, attempt: Attempt) -> None:
        """Note a row that is written."""
        self._open.add(_key(attempt))
        self._none.clear()

    def settled(self, attempt: Attempt) -> None:
        """Note that the outcome of a row has arrived."""
        self._open.discard(_key(attempt))
        if not self._open:
            self._none.set()

    async def wait(self) -> None:
        """Wait until no row is open, for a moment at most: a call that nobody cancelled may take long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_ENDING_S):
                await self._none.wait()


def _key(attempt: Attempt) -> Hashable:
    return attempt.request_id, attempt.question, attempt.attempt
