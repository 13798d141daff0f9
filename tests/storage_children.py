"""Real processes for the tests of storage: forked from a server that has imported everything, so they begin at once."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager, suppress
from dataclasses import replace
from decimal import Decimal
from multiprocessing.connection import Connection
from typing import Any
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncEngine

from models.unaffordable import BudgetShort
from storage import new_migration
from storage.engine import create_engine
from storage.idempotency import Claim, KeyedCall, Mine, claim
from storage.ledger import SqlLedger
from storage.migrate import migrate
from tests.storage_parts import BUSINESS_ID, CAMPAIGN_ID, NOON, answered, sent

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["pytest", __name__, new_migration.__name__])

Job = Callable[[str, Connection], Coroutine[None, None, None]]
"""What a child does on the database of this URL. It says over the connection how far it is."""


class Child:
    """A process at its job."""

    def __init__(self, job: Job, url: str) -> None:
        self._ours, theirs = _PROCESSES.Pipe()
        self._process = _PROCESSES.Process(target=_run, args=(job, url, theirs))
        self._process.start()
        theirs.close()

    # Any: what the jobs say differs.
    def said(self) -> Any:
        """Wait for what it says next."""
        assert self._ours.poll(30), "the child says nothing"
        return self._ours.recv()

    def tell(self, word: object) -> None:
        """Tell it what it waits for."""
        self._ours.send(word)

    def kill(self) -> None:
        """End it as `kill -9` does, and wait until it is gone."""
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.join()

    def close(self) -> None:
        """Wait for its end."""
        self._ours.close()
        self._process.join()
        self._process.close()


@contextmanager
def children(count: int, job: Job, url: str) -> Generator[list[Child]]:
    """Yield so many processes that do this job; they are waited for."""
    found = [Child(job, url) for _ in range(count)]
    try:
        yield found
    finally:
        for child in found:
            child.close()


async def in_a_call(url: str, pipe: Connection) -> None:
    """Be in the middle of a call: a key, a request answered and one under way. Say whose they are."""
    engine = create_engine(url)
    async with SqlLedger(engine) as ledger:
        await _claim(engine, owner=ledger.owner, request_id="r")
        first, second = (
            replace(sent(number, request_id="r"), cost_usd=Decimal("0.5"), input_tokens=900, cost_estimated=True)
            for number in (1, 2)
        )
        await ledger.open(first)
        ledger.settle(answered(first))
        await ledger.open(second)
        await ledger.flush()
        pipe.send(ledger.owner)
        await asyncio.to_thread(pipe.recv)
    await engine.dispose()


async def race_for_a_budget(url: str, pipe: Connection) -> None:
    """Open a request of a cent as often as told, five times at once. Say how often there was room."""
    engine = create_engine(url)
    pipe.send("ready")
    count: int = await asyncio.to_thread(pipe.recv)

    async def one() -> bool:
        try:
            await ledger.open(replace(sent(), campaign_id=CAMPAIGN_ID, cost_usd=Decimal("0.01")))
        except BudgetShort:
            return False
        return True

    async with SqlLedger(engine) as ledger:
        had_room = [await asyncio.gather(*(one() for _ in range(5))) for _ in range(count // 5)]
    await engine.dispose()
    pipe.send(sum(map(sum, had_room)))


async def race_for_a_key(url: str, pipe: Connection) -> None:
    """Claim one key as often as told, several times at once. Say how often it was got."""
    engine = create_engine(url)
    pipe.send("ready")
    count: int = await asyncio.to_thread(pipe.recv)
    claims = [_claim(engine, owner="x", request_id=str(uuid4())) for _ in range(count)]
    answers = await asyncio.gather(*claims)
    await engine.dispose()
    pipe.send(answers.count(Mine()))


async def race_to_migrate(_: str, pipe: Connection) -> None:
    """Migrate each database that is named."""
    pipe.send("ready")
    while url := await asyncio.to_thread(pipe.recv):
        engine = create_engine(url)
        await migrate(engine)
        await engine.dispose()
        pipe.send("migrated")


async def _claim(engine: AsyncEngine, *, owner: str, request_id: str) -> Claim:
    call = KeyedCall(business_id=BUSINESS_ID, key="k", fingerprint="f", request_id=request_id, owner=owner)
    return await claim(engine, call, lease_s=600, now=NOON)


def _run(job: Job, url: str, pipe: Connection) -> None:
    with suppress(EOFError):
        asyncio.run(job(url, pipe))
