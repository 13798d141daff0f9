"""The effect of opening a service on the heap of its process."""

import json
import subprocess
import sys
from pathlib import Path

OPEN_TWICE = """
import asyncio, gc, json, sys
from ai_service import AIService
from ai_service.settings import Settings

async def counts():
    yield gc.get_freeze_count()
    for _ in range(2):
        async with AIService(Settings(model="sandbox", database_url=f"sqlite:///{sys.argv[2]}")):
            yield gc.get_freeze_count()

async def main():
    return [count async for count in counts()]

exec(sys.argv[1])
print(json.dumps(asyncio.run(main())))
"""


def frozen_when_opened_twice(file: Path, *, host: str) -> list[int]:
    """Return the number of frozen objects before, and while a service is open for the first and the second time."""
    done = subprocess.run([sys.executable, "-c", OPEN_TWICE, host, file], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_the_heap_is_frozen_when_the_first_service_of_a_process_opens(tmp_path: Path) -> None:
    before, first, second = frozen_when_opened_twice(tmp_path / "a.db", host="")

    assert before == 0
    assert first > 100_000
    assert second <= first


def test_a_host_that_froze_its_heap_itself_is_left_alone(tmp_path: Path) -> None:
    before, first, second = frozen_when_opened_twice(tmp_path / "a.db", host="gc.freeze()")

    assert before >= first >= second > 0


def test_a_host_that_turned_the_collector_off_is_left_alone(tmp_path: Path) -> None:
    assert frozen_when_opened_twice(tmp_path / "a.db", host="gc.disable()") == [0, 0, 0]
