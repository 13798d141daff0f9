"""The effect of opening a service on the heap of its process."""

import json
import subprocess
import sys
from pathlib import Path

OPEN_TWICE = """
import asyncio, gc, json, os, sys
from ai_service import AIService
from ai_service.settings import Settings

async def counts(file):
    yield gc.get_freeze_count()
    for _ in range(2):
        async with AIService(Settings(model="sandbox", database_url=f"sqlite:///{file}")):
            yield gc.get_freeze_count()

async def main(file):
    return [count async for count in counts(file)]

folder, *hosts = sys.argv[1:]
for number, host in enumerate(hosts):
    if os.fork() == 0:
        exec(host)
        print(json.dumps(asyncio.run(main(f"{folder}/{number}.db"))), flush=True)
        os._exit(0)
    os.wait()
"""


def frozen_when_opened_twice(folder: Path, *hosts: str) -> list[list[int]]:
    """Return the frozen objects before, and while a service is open for the first and the second time, for each host.

    A host is what its process does before. Each has a process of its own.
    """
    done = subprocess.run(
        [sys.executable, "-c", OPEN_TWICE, folder, *hosts], capture_output=True, text=True, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_opening_the_first_service_of_a_process_freezes_the_heap_unless_the_host_manages_it(tmp_path: Path) -> None:
    plain, frozen, off = frozen_when_opened_twice(tmp_path, "", "gc.freeze()", "gc.disable()")

    before, first, second = plain
    assert before == 0
    assert first > 100_000
    assert second <= first
    assert frozen[0] >= frozen[1] >= frozen[2] > 0
    assert off == [0, 0, 0]
