"""A call while the database refuses: it fails with the refusal, and sends nothing."""

import asyncio
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ai_service import Feature, StorageUnavailable
from tests import serving
from tests.clocks import StoppedClock
from tests.provider.reactions import Sampled
from tests.serving import Shop
from tests.storage_homes import SqliteHome
from tests.storage_parts import on_engine

server, stored, no_environment, shop = serving.server, serving.stored, serving.no_environment, serving.shop


@pytest.mark.parametrize("feature", list(Feature))
async def test_a_call_that_waits_for_a_locked_database_fails_with_its_refusal_and_sends_nothing(
    shop: Shop, feature: Feature
) -> None:
    shop.server.script(lambda request: serving.planned(request) if feature is Feature.STRATEGY else Sampled())
    clock = StoppedClock()

    async with shop.open(clock=clock) as ai, locked(shop.database) as row_begun:
        asking = asyncio.ensure_future(shop.ask(ai, feature))
        await asyncio.to_thread(row_begun.wait)
        clock.pass_s(300)
        with pytest.raises(StorageUnavailable, match="no answer of the database"):
            await asking

    assert not shop.server.requests


@asynccontextmanager
async def locked(database: Path) -> AsyncGenerator[threading.Event]:
    """Lock the file; the event says that the ledger waits for it with the row of a request."""
    begun = threading.Event()

    def begin(_: object) -> None:
        if threading.current_thread().name.startswith("ledger"):
            begun.set()

    async with SqliteHome(database).locked():
        with on_engine("begin", begin):
            yield begun
