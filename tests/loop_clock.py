"""The clock of the event loop, put forward by a test: a client's time limit ends without being waited for."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

import pytest

from tests.provider_server import ProviderServer

AnswerT = TypeVar("AnswerT")


async def out_of_time(asking: Coroutine[object, object, AnswerT], server: ProviderServer, *, limit_s: float) -> AnswerT:
    """Return or raise what asking ends with when `limit_s` seconds pass after its request has arrived."""
    task, arrived = asyncio.create_task(asking), len(server.requests)
    await server.wait_for_requests(arrived + 1)
    loop, ahead_s = asyncio.get_running_loop(), 0.0
    real_time = loop.time
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "time", lambda: real_time() + ahead_s)
        while not task.done():
            ahead_s += limit_s
            await asyncio.sleep(0)
    return await task
