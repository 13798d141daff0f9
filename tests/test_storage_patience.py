"""Work that is tried again while the database refuses, for as long as its caller waits."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import Connection, text

from storage.engine import reading
from storage.failures import StorageError
from storage.patience import fetch, persist
from storage.refusals import refusal_behind
from storage.tables import BusinessRow, table_of, utc_now
from tests.storage_homes import Home, engine_on

pytest_plugins = ["tests.storage_fixtures"]

BUSINESSES = table_of(BusinessRow)
NOW = utc_now()


def add_business(connection: Connection) -> str:
    connection.execute(
        BUSINESSES.insert().values(id="Levain", name="Levain", context={}, created_at=NOW, updated_at=NOW)
    )
    return "added"


async def test_what_is_persisted_is_durable_and_returned(home: Home) -> None:
    async with engine_on(home) as engine:
        assert await persist(engine, add_business) == "added"

        async with reading(engine) as session:
            assert await session.get(BusinessRow, "Levain") is not None


async def test_what_is_fetched_is_returned(home: Home) -> None:
    async with engine_on(home) as engine:
        assert await fetch(engine, lambda connection: connection.scalar(text("SELECT 1"))) == 1


async def test_is_tried_again_after_growing_waits(home: Home) -> None:
    waits, lock = list[float](), AsyncExitStack()

    async def wait(wait_s: float) -> None:
        waits.append(wait_s)
        if len(waits) == 3:
            await lock.aclose()

    async with engine_on(home, timeout_s=0) as engine:
        await lock.enter_async_context(home.locked())

        assert await persist(engine, add_business, wait=wait) == "added"
    assert waits == [0.1, 0.2, 0.4]


async def test_who_runs_out_of_time_learns_what_was_refused(home: Home) -> None:
    async with engine_on(home, timeout_s=0) as engine, home.locked():
        with pytest.raises(TimeoutError) as raised:
            async with asyncio.timeout(None) as deadline:

                async def wait(_: float) -> None:
                    deadline.reschedule(0)
                    await asyncio.Event().wait()

                await persist(engine, add_business, wait=wait)

    assert str(refusal_behind(raised.value)).startswith("the database refuses: ")


async def test_what_trying_again_would_not_help_is_raised(home: Home) -> None:
    async with engine_on(home) as engine:
        await persist(engine, add_business)

        with pytest.raises(StorageError, match=r"UNIQUE|unique"):
            await persist(engine, add_business)


async def test_a_mistake_in_code_is_raised(home: Home) -> None:
    def fail(_: Connection) -> None:
        raise LookupError

    async with engine_on(home) as engine:
        with pytest.raises(LookupError):
            await persist(engine, fail)


def test_an_error_that_has_nothing_to_do_with_a_database_has_no_refusal_behind_it() -> None:
    error = TimeoutError()
    error.__cause__ = asyncio.CancelledError()

    assert refusal_behind(error) is None
