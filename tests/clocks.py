"""Clocks that stand still until a test moves them."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta

from deps.clock import Clock

_BEGINNING = datetime(2026, 12, 1, 9, tzinfo=UTC)


class StoppedClock(Clock):
    """Stands still until time is made to pass; who waits on it goes on when its moment has come."""

    def __init__(self) -> None:
        self._passed_s = 0.0
        self._alarms: dict[object, tuple[float, Callable[[], None]]] = {}

    @property
    def waiting(self) -> int:
        """How many wait on it: sleepers, and blocks with a time limit."""
        return len(self._alarms)

    def now(self) -> datetime:
        return _BEGINNING + timedelta(seconds=self._passed_s)

    def monotonic(self) -> float:
        return self._passed_s

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        with self._alarm(seconds, woken.set):
            await woken.wait()

    @asynccontextmanager
    async def timeout(self, seconds: float) -> AsyncGenerator[object]:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(None) as limit:
            with self._alarm(seconds, lambda: limit.reschedule(loop.time())):
                yield

    def pass_s(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self._passed_s += seconds
        self._ring()

    @contextmanager
    def _alarm(self, seconds: float, ring: Callable[[], None]) -> Generator[None]:
        key = object()
        self._alarms[key] = (self._passed_s + seconds, ring)
        self._ring()
        try:
            yield
        finally:
            self._alarms.pop(key, None)

    def _ring(self) -> None:
        for key, (at_s, ring) in list(self._alarms.items()):
            if at_s <= self._passed_s:
                del self._alarms[key]
                ring()
