"""The clock of a call: timeouts, waits and deadlines use one object, which a test can control."""

import asyncio
import time
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the present moment, aware."""
    return datetime.now(UTC)


class Clock:
    """The time of this machine."""

    def now(self) -> datetime:
        """Return the present moment, aware."""
        return utc_now()

    def monotonic(self) -> float:
        """Return seconds that never go back; only differences mean something."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    def timeout(self, seconds: float) -> AbstractAsyncContextManager[object]:
        """Return a block that raises TimeoutError when it takes longer."""
        return asyncio.timeout(seconds)


CLOCK = Clock()
"""The clock of all calls that bring no other."""
