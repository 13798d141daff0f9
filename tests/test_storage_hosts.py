"""A database that a host uses too: its tables stay as they are, and ours can have a schema of their own."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from models.records import Removal
from storage.engine import create_engine, reading, writing
from storage.failures import DatabaseUnfit, NotMigrated
from storage.ledger import SqlLedger
from storage.migrate import VERSION_TABLE, check_migrated, migrate
from storage.owners import close_lost
from storage.retention import delete_before
from storage.tables import Row
from tests.storage_children import children, race_to_migrate
from tests.storage_homes import Home, create_database, drop_database
from tests.storage_parts import NOON, answered, rows_of, sent

pytest_plugins = ["tests.storage_fixtures"]

OURS = {*Row.metadata.tables, VERSION_TABLE}
HOSTS = ("businesses", "campaigns", "content", "owners", "budgets", "reservations", "idempotency", "alembic_version")


@asynccontextmanager
async def engine_of(url: str) -> AsyncGenerator[AsyncEngine]:
    engine = create_engine(url)
    yield engine
    await engine.dispose()


@asynccontextmanager
async def schemas() -> AsyncGenerator[str]:
    """Yield the URL of an empty database on the server, with `?schema=` at its end."""
    url = await create_database()
    yield f"{url}?schema="
    await drop_database(url)


async def names_in(engine: AsyncEngine, schema: str | None = None) -> set[str]:
    """Return the tables, indexes and constraints of a schema; None: of the first one."""

    def ask(connection: Connection) -> set[str]:
        seen = inspect(connection)
        tables = seen.get_table_names(schema=schema)
        indexes = [index["name"] for table in tables for index in seen.get_indexes(table, schema=schema)]
        keys = [seen.get_pk_constraint(table, schema=schema)["name"] for table in tables]
        return {*tables, *(str(name) for name in (*indexes, *keys) if name is not None)}

    async with engine.connect() as connection:
        return await connection.run_sync(ask)


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_table_begins_with_ai(name: str) -> None:
    assert name.startswith("ai_")


def test_indexes_and_constraints_are_named_after_their_table() -> None:
    named = [
        (table.name, str(part.name))
        for table in Row.metadata.tables.values()
        for part in (*table.indexes, *table.constraints)
    ]

    assert [(table, name) for table, name in named if not name[3:].startswith(table)] == []


async def test_a_host_with_tables_of_the_same_words_notices_nothing(home: Home) -> None:
    async with home.empty() as url, engine_of(url) as engine:
        async with writing(engine) as session:
            for table in HOSTS:
                await session.execute(text(f"CREATE TABLE {table} (version_num VARCHAR(40))"))
                await session.execute(text(f"CREATE INDEX ix_{table}_newest ON {table} (version_num)"))
                await session.execute(text(f"INSERT INTO {table} VALUES ('the host''s')"))

        await migrate(engine)
        await check_migrated(engine)
        async with SqlLedger(engine) as ledger:
            attempt = sent()
            await ledger.open(attempt)
            ledger.settle(answered(attempt))
        assert await delete_before(engine, before=NOON.replace(year=2030)) == Removal(attempts=1, content=0)

        async with reading(engine) as session:
            for table in HOSTS:
                assert [*await session.scalars(text(f"SELECT * FROM {table}"))] == ["the host's"]
        hosts = {*HOSTS, *(f"ix_{table}_newest" for table in HOSTS)}
        assert all("ai_" in name for name in await names_in(engine) - hosts)


async def test_a_table_of_ours_that_another_program_has_is_said_with_the_way_out(home: Home) -> None:
    async with home.empty() as url, engine_of(url) as engine:
        async with writing(engine) as session:
            await session.execute(text("CREATE TABLE ai_logs (id INTEGER)"))

        with pytest.raises(DatabaseUnfit, match=r"ai_logs.* already exists; .*use a schema \(\?schema=…\)"):
            await migrate(engine)

        assert await names_in(engine) == {"ai_logs"}


@pytest.mark.usefixtures("postgres_home")
async def test_a_schema_is_created_and_holds_all_that_is_ours() -> None:
    async with schemas() as url, engine_of(f"{url}Marketing_2") as engine:
        with pytest.raises(NotMigrated, match="has no tables yet"):
            await check_migrated(engine)
        await migrate(engine)
        await migrate(engine)
        await check_migrated(engine)

        attempt = sent()
        async with SqlLedger(engine) as ledger:
            await ledger.open(attempt)
            ledger.settle(answered(attempt))
        assert await rows_of(engine, attempt) == [answered(attempt)]
        assert await names_in(engine, "public") == set()
        assert await names_in(engine, "Marketing_2") >= OURS


@pytest.mark.usefixtures("postgres_home")
async def test_two_schemas_of_one_database_know_nothing_of_each_other() -> None:
    async with schemas() as url, engine_of(f"{url}one") as one, engine_of(f"{url}other") as other:
        await asyncio.gather(migrate(one), migrate(other))
        attempt = sent()

        async with SqlLedger(one) as ledger:
            await ledger.open(attempt)
            async with SqlLedger(other), other.begin() as connection:
                await connection.run_sync(close_lost, [ledger.owner])
            assert await rows_of(one, attempt) == [attempt]
            assert await rows_of(other, attempt) == []


@pytest.mark.usefixtures("postgres_home")
async def test_two_processes_migrate_a_new_schema_at_once() -> None:
    async with schemas() as url:
        with children(2, race_to_migrate, url) as racers:
            assert [racer.said() for racer in racers] == ["ready"] * 2
            for schema in ("one", "other"):
                for racer in racers:
                    racer.tell(url + schema)

                assert [racer.said() for racer in racers] == ["migrated"] * 2


@pytest.mark.usefixtures("postgres_home")
async def test_a_schema_that_may_not_be_created_is_said_with_the_way_out() -> None:
    async with schemas() as url, engine_of(f"{url}pg_ours") as engine:
        with pytest.raises(DatabaseUnfit, match=r"unacceptable schema name"):
            await migrate(engine)
