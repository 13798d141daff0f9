"""Starts and queries the provider's process."""

import json
import subprocess
import sys
from types import TracebackType
from typing import NamedTuple, Self
from urllib.request import Request, urlopen

from evals.benchmarks.modes import Mode


class Seen(NamedTuple):
    """One request, as the provider saw it."""

    call: int | None
    """Number of the call; None if it has none."""
    input_tokens: int
    """Billed tokens; 0 if the request was refused."""
    output_tokens: int
    is_of_use: bool = False
    """Whether the answer was billed and its meaning was certain."""


class ProviderProcess:
    """A provider that runs within the `with` block."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "evals.benchmarks.provider"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self._address = f"http://127.0.0.1:{int(self._process.stdout.readline())}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.communicate()

    def base_url(self, mode: Mode) -> str:
        """Return the address for a mode."""
        return f"{self._address}/{mode}/v1"

    def seen(self) -> list[Seen]:
        """Return every request since `forget`."""
        with urlopen(f"{self._address}/seen") as response:
            return [Seen(*row) for row in json.load(response)]

    def forget(self) -> None:
        """Reset its counts."""
        urlopen(Request(f"{self._address}/seen", method="DELETE")).close()
