"""What a call does to its process: how long the event loop stood still, how much memory it took, what it logged."""

import asyncio
import logging
import re
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_BEAT_S = 0.02


@dataclass
class Watch:
    """Measured while a block runs."""

    stopped_s: float = 0.0
    """The longest work of the loop's thread at a stretch, during which nothing else could run."""
    memory_mb: float = 0.0
    """How much more memory was resident at the peak than before; 0 where the system does not tell."""
    _before_mb: float = 0.0
    _excused: bool = False

    @contextmanager
    def excused(self) -> Generator[None]:
        """Leave out a block of the case's own."""
        self._excused = True
        try:
            yield
        finally:
            self._excused, self._before_mb = False, _forget_peak()

    async def beat(self) -> None:
        """Measure the loop until cancelled."""
        last = time.thread_time()
        while True:
            await asyncio.sleep(_BEAT_S)
            now = time.thread_time()
            if not self._excused:
                self.stopped_s = max(self.stopped_s, now - last)
            last = now

    def end(self) -> None:
        """Read the peak."""
        self.memory_mb = max(0.0, _resident("VmHWM") - self._before_mb)


@asynccontextmanager
async def watched() -> AsyncGenerator[Watch]:
    """Measure a block; the beats are real time, whatever clock a service has."""
    watch = Watch()
    with watch.excused():
        heart = asyncio.create_task(watch.beat())
    await asyncio.sleep(0)
    try:
        yield watch
    finally:
        await asyncio.sleep(0)
        heart.cancel()
        watch.end()


@contextmanager
def logged() -> Generator[list[str]]:
    """Collect what is logged, tracebacks with it."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(logging.Formatter().format(record))
    root, ours = logging.getLogger(), logging.getLogger("ai_service")
    level = ours.level
    root.addHandler(handler)
    ours.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        ours.setLevel(level)


def _forget_peak() -> float:
    """Let the peak begin at what is resident now; return that, in MB."""
    try:
        _CLEAR.write_text("5", encoding="ascii")
    except OSError:
        return _resident("VmHWM")
    return _resident("VmRSS")


def _resident(name: str) -> float:
    try:
        found = re.search(rf"{name}:\s+(\d+) kB", _STATUS.read_text(encoding="ascii"))
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0
