"""Starts and controls the process that causes a database outage."""

import subprocess
import sys
from types import TracebackType
from typing import Self


class OutageProcess:
    """A database with outages on command, within the `with` block; use `url` instead of the database's own."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "evals.benchmarks.outage", self._database_url]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self._heard()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.communicate()

    def away(self) -> None:
        """Start an outage; it has begun when this returns."""
        self._tell("away")

    def back(self) -> None:
        """End the outage."""
        self._tell("back")

    def _tell(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        if self._heard() != word:
            raise RuntimeError(f"the process that takes the database away did not obey {word!r}")

    def _heard(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()
