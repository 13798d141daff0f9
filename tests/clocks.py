"""Clocks that stand still until a test moves them."""

import asyncio
import selectors
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from deps.clock import Clock

ResultT = TypeVar("ResultT")

_BEGINNING = datetime(2026, 12, 1, 9, tzinfo=UTC)


@dataclass(eq=False)
class _Alarm:
    at_s: float
    ring: Callable[[], None]
    is_sleep: bool


class StoppedClock(Clock):
    """Stands still until time is made to pass; who waits on it goes on when its moment has come."""

    def __init__(self) -> None:
        self._passed_s = 0.0
        self._alarms: list[_Alarm] = []
        self._changed = asyncio.Condition()

    def now(self) -> datetime:
        return _BEGINNING + timedelta(seconds=self._passed_s)

    def monotonic(self) -> float:
        return self._passed_s

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        with self._alarm(seconds, woken.set, is_sleep=True):
            async with self._changed:
                self._changed.notify_all()
            await woken.wait()

    @asynccontextmanager
    async def timeout(self, seconds: float) -> AsyncGenerator[object]:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(None) as limit:
            with self._alarm(seconds, lambda: limit.reschedule(loop.time()), is_sleep=False):
                async with self._changed:
                    self._changed.notify_all()
                yield

    def pass_s(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self._passed_s += seconds
        self._ring()

    async def wait_for_sleepers(self, count: int) -> None:
        """Wait until so many sleep."""
        async with self._changed:
            await self._changed.wait_for(lambda: sum(alarm.is_sleep for alarm in self._alarms) >= count)

    async def wait_for_limit(self, within_s: float) -> None:
        """Wait until somebody's time is limited to so many seconds."""
        async with self._changed:
            await self._changed.wait_for(lambda: any(alarm.at_s <= self._passed_s + within_s for alarm in self._alarms))

    @contextmanager
    def _alarm(self, seconds: float, ring: Callable[[], None], *, is_sleep: bool) -> Generator[None]:
        alarm = _Alarm(self._passed_s + seconds, ring, is_sleep)
        self._alarms.append(alarm)
        self._ring()
        try:
            yield
        finally:
            if alarm in self._alarms:
                self._alarms.remove(alarm)

    def _ring(self) -> None:
        due = [alarm for alarm in self._alarms if alarm.at_s <= self._passed_s]
        self._alarms = [alarm for alarm in self._alarms if alarm not in due]
        for alarm in due:
            alarm.ring()


class SkippingClock(StoppedClock):
    """Stands still but for who sleeps on it: that time has passed at once."""

    async def sleep(self, seconds: float) -> None:
        self.pass_s(seconds)
        await asyncio.sleep(0)


class LoopClock(Clock):
    """The time of the event loop that runs."""

    def now(self) -> datetime:
        return _BEGINNING + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


class _Idle(selectors.SelectSelector):
    """Waits for nothing: the time until the next event has passed at once."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "all tasks wait, and no time ends it"
        self.now += max(0.0, timeout)
        return super().select(0)


class _IdleLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._idle = _Idle()
        super().__init__(self._idle)

    def time(self) -> float:
        return self._idle.now


# Any: what a coroutine yields and receives concerns only its loop
def in_no_time(work: Coroutine[Any, Any, ResultT]) -> ResultT:
    """Run work on a loop on which time passes only, and at once, while all wait. There is no network on it."""
    with asyncio.Runner(loop_factory=_IdleLoop) as runner:
        return runner.run(work)
