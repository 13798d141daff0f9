"""A service behind PgBouncer in transaction mode: each transaction may be on another connection of the server."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from ai_service import AIService, ConfigurationError, Settings
from storage.engine import create_engine, reading
from storage.failures import DatabaseUrlError
from storage.ledger import SqlLedger
from storage.log_writers import LoopWriter
from storage.migrate import migrate
from tests.serving import BRIEF
from tests.storage_homes import PostgresHome
from tests.storage_parts import sent
from tests.storage_pooler import PROGRAM, pooler

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="PgBouncer is not installed")
pytest_plugins = ["tests.storage_fixtures"]

CALLS, AT_ONCE = 30, 10


@pytest.fixture
def folder(tmp_path: Path) -> Generator[Path]:
    """A folder that another user may enter: PgBouncer does not run as root."""
    parents = [path for path in (tmp_path, *tmp_path.parents) if path.stat().st_mode & 0o001 == 0]
    modes = {path: path.stat().st_mode for path in parents}
    for path in parents:
        path.chmod(modes[path] | 0o001)
    yield tmp_path
    for path, mode in modes.items():
        path.chmod(mode)


@pytest.fixture
async def pooled(postgres_home: PostgresHome, folder: Path) -> AsyncGenerator[str]:
    """The URL of a migrated database behind a pooler, without options."""
    async with pooler(postgres_home.url, folder) as url:
        yield url


def settings(url: str) -> Settings:
    return Settings(model="sandbox", image_model="sandbox", database_url=url)


async def test_every_call_of_many_at_once_is_answered_and_counted(pooled: str) -> None:
    async with AIService(settings(f"{pooled}?pooler=transaction")) as ai:
        ids = await ai.add_brief(BRIEF)
        await ai.generate_strategy(ids.business_id, ids.campaign_id)
        places = asyncio.Semaphore(AT_ONCE)

        async def post(day: int) -> None:
            async with places:
                await ai.generate_content(ids.business_id, ids.campaign_id, day, idempotency_key=str(day))

        await asyncio.gather(*(post(day + 1) for day in range(CALLS)))
        rows = [row for row in await ai.attempts(limit=1000) if row.feature == "content"]

    assert len(rows) == CALLS
    assert {row.status for row in rows} == {"ok"}


async def test_the_ledger_writes_at_once_from_several_services(pooled: str, caplog: pytest.LogCaptureFixture) -> None:
    engine = create_engine(f"{pooled}?pooler=transaction")

    async def write(ledger: SqlLedger) -> None:
        for _ in range(20):
            row = sent()
            await ledger.open(row)
            ledger.settle(replace(row, status="ok"))

    async with AsyncExitStack() as stack:
        ledgers = [await stack.enter_async_context(SqlLedger(engine)) for _ in range(4)]
        await asyncio.gather(*(write(ledger) for ledger in ledgers for _ in range(5)))
    await engine.dispose()

    assert [record.getMessage() for record in caplog.records] == []


async def test_a_transaction_has_the_settings_of_the_url(pooled: str) -> None:
    engine = create_engine(f"{pooled}?pooler=transaction&timeout=0.5&schema=marketing")
    names = ("lock_timeout", "search_path", "timezone")
    async with reading(engine) as session:
        found = [await session.scalar(text(f"SHOW {name}")) for name in names]
    await engine.dispose()

    assert found == ["500ms", '"marketing"', "UTC"]


async def test_a_statement_of_the_ledger_is_never_without_a_transaction(pooled: str) -> None:
    found: list[str] = []

    def work(connection: Connection) -> None:
        found.append(connection.scalar(text("SELECT current_setting('lock_timeout')")) or "")

    engine = create_engine(f"{pooled}?pooler=transaction&timeout=0.5")
    writer = LoopWriter(engine)
    assert await writer.transact(work, alone=True) is None
    await writer.close()
    await engine.dispose()

    assert found == ["500ms"]


async def test_nothing_is_left_on_the_servers_connections(pooled: str) -> None:
    engine = create_engine(f"{pooled}?pooler=transaction")
    left: list[str] = []
    for _ in range(3):
        async with reading(engine) as session:
            left += await session.scalars(text("SELECT name FROM pg_prepared_statements"))
    await engine.dispose()

    assert left == []


async def test_tables_can_be_migrated_through_it(postgres_home: PostgresHome, folder: Path) -> None:
    async with postgres_home.empty() as empty, pooler(empty, folder) as url:
        engine = create_engine(f"{url}?pooler=transaction")
        await migrate(engine)
        await engine.dispose()
        async with AIService(settings(f"{url}?pooler=transaction")) as ai:
            assert await ai.add_brief(BRIEF)


async def test_a_pooler_that_the_url_does_not_mention_is_named_with_the_way_out(pooled: str) -> None:
    with pytest.raises(ConfigurationError, match="leads to a pooler: add pooler=transaction to it"):
        async with AIService(settings(pooled)):
            pass


def test_another_mode_is_refused() -> None:
    with pytest.raises(DatabaseUrlError, match="pooler='session' in the database URL: write pooler=transaction"):
        create_engine("postgresql://host/name?pooler=session")
