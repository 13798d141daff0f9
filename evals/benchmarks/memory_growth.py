"""Many calls in one process, successful and failing ones, and its resident memory meanwhile."""

import argparse
import asyncio
import gc
import json
import logging
import re
import sys
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from ai_service import AIGenerationError, AIService
from evals.benchmarks.caller import service, settings, write_post
from evals.benchmarks.plan import Fault, faults_of

AT_ONCE = 20
_SLOW = {Fault.RATE_LIMITED, Fault.HANG}
"""Faults that keep a call waiting, left out because the benchmark would take hours."""


async def growth(faults_url: str, good_url: str, first: int, calls: int) -> tuple[int, int]:
    """Return the resident memory in KiB after the first calls, and after all of them."""
    logging.disable()
    with TemporaryDirectory() as folder:
        limits = settings(faults_url, f"sqlite:///{Path(folder, 'bench.db')}", backoff_s=0)
        async with service(limits, calendar_url=good_url) as ai:
            numbers = (number for number in count() if not _SLOW & set(faults_of(number)))
            await _make(ai, islice(numbers, first))
            before = resident_kib()
            await _make(ai, islice(numbers, calls - first))
            return before, resident_kib()


async def _make(ai: AIService, calls: Iterator[int]) -> None:
    async def one_after_the_other() -> None:
        for call in calls:
            try:
                await write_post(ai, call)
            except AIGenerationError:
                continue  # refused calls must not leak either

    await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE)))


def resident_kib() -> int:
    """Return the process's resident memory after a garbage collection."""
    gc.collect()
    found = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1])


def main() -> None:
    """Measure and write both values to standard output, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faults_url")
    parser.add_argument("good_url")
    parser.add_argument("first", type=int)
    parser.add_argument("calls", type=int)
    arguments = parser.parse_args()
    kib = asyncio.run(growth(arguments.faults_url, arguments.good_url, arguments.first, arguments.calls))
    sys.stdout.write(json.dumps(kib))


if __name__ == "__main__":
    main()
