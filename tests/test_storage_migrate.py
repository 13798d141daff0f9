"""Migrations: from nothing to the tables of this version, whoever else is at it."""

import asyncio
import shutil
import subprocess
import sys
from contextlib import AsyncExitStack
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Integer, Table, text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.columns import UsdAmount
from storage.engine import create_engine, reading, writing
from storage.failures import NotMigrated, StorageError
from storage.log_rows import INSERT, opening
from storage.migrate import HEAD, MIGRATIONS, VERSION_TABLE, alembic_config, check_migrated, migrate, prepare
from storage.new_migration import draft
from storage.tables import BusinessRow, Row
from tests.storage_children import children, race_to_migrate
from tests.storage_homes import Home, SqliteHome, engine_on
from tests.storage_parts import sent

pytest_plugins = ["tests.storage_fixtures"]

ROOT = Path(__file__).parent.parent


async def revision_of(engine: AsyncEngine) -> str | None:
    async with reading(engine) as session:
        return await session.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))


async def set_revision(engine: AsyncEngine, revision: str) -> None:
    async with writing(engine) as session:
        await session.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '{revision}'"))


def test_head_is_the_newest_revision() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


async def test_a_migrated_database_has_the_tables_that_the_code_has(home: Home) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        return compare_metadata(context, Row.metadata)

    async with engine_on(home) as engine, engine.connect() as connection:
        found = await connection.run_sync(differences)

    assert found == []


async def test_migrating_again_keeps_the_rows(home: Home) -> None:
    async with engine_on(home) as engine:
        async with writing(engine) as session:
            session.add(BusinessRow(id="x", name="Levain", context={}))

        await migrate(engine)

        async with reading(engine) as session:
            assert (await session.get_one(BusinessRow, "x")).name == "Levain"


AT_HEAD = f"""
import asyncio, sys
from {create_engine.__module__} import create_engine
from {migrate.__module__} import migrate

async def main():
    engine = create_engine(sys.argv[1])
    await migrate(engine)
    await engine.dispose()

asyncio.run(main())
print("alembic" in sys.modules)
"""


def test_alembic_is_not_imported_where_there_is_nothing_to_do(sqlite_home: Home) -> None:
    child = [sys.executable, "-c", AT_HEAD, sqlite_home.url]

    answer = subprocess.run(child, cwd=ROOT, capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "False"


async def test_two_processes_migrate_a_new_database_at_once(home: Home) -> None:
    with children(2, race_to_migrate, home.url) as racers:
        assert [racer.said() for racer in racers] == ["ready"] * 2

        for _ in range(2):
            async with home.empty() as url:
                for racer in racers:
                    racer.tell(url)

                assert [racer.said() for racer in racers] == ["migrated"] * 2


async def test_two_databases_are_migrated_at_once_in_one_process(home: Home) -> None:
    async with AsyncExitStack() as stack:
        engines = [create_engine(await stack.enter_async_context(home.empty())) for _ in range(2)]

        await asyncio.gather(*map(migrate, [*engines, *engines]))

        assert [await revision_of(engine) for engine in engines] == [HEAD] * 2
        for engine in engines:
            await engine.dispose()


async def test_refuses_a_database_that_a_newer_version_has_changed(home: Home) -> None:
    async with engine_on(home) as engine:
        await set_revision(engine, "9999")
        try:
            with pytest.raises(StorageError, match=f"no revision that leads to {HEAD}: .*'9999'"):
                await migrate(engine)
        finally:
            await set_revision(engine, HEAD)


async def test_a_file_is_migrated_before_its_first_use(sqlite_home: Home) -> None:
    async with sqlite_home.empty() as url:
        engine = create_engine(url)

        await prepare(engine)

        assert await revision_of(engine) == HEAD
        await engine.dispose()


async def test_a_server_is_migrated_by_command_alone(postgres_home: Home) -> None:
    async with postgres_home.empty() as url:
        engine = create_engine(url)

        with pytest.raises(NotMigrated, match="the database has no tables yet: run `ai-service migrate`"):
            await prepare(engine)
        await migrate(engine)
        await prepare(engine)
        await engine.dispose()


async def test_a_database_at_another_revision_is_not_worked_with(home: Home) -> None:
    async with engine_on(home) as engine:
        await set_revision(engine, "0000")
        try:
            with pytest.raises(NotMigrated, match=f"is at revision '0000', not at '{HEAD}': run `ai-service migrate`"):
                await check_migrated(engine)
        finally:
            await set_revision(engine, HEAD)


async def test_a_locked_file_is_a_storage_error_and_can_be_migrated_later(sqlite_home: Home) -> None:
    async with sqlite_home.empty() as url:
        engine = create_engine(f"{url}?timeout=0")

        async with SqliteHome(Path(str(engine.url.database))).locked():
            with pytest.raises(StorageError, match="locked"):
                await migrate(engine)
        await migrate(engine)

        assert await revision_of(engine) == HEAD
        await engine.dispose()


async def test_drafts_the_next_migration_in_plain_types(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "50%(off)s"
    shutil.copytree(MIGRATIONS, folder)
    extra = Table("extras", Row.metadata, Column("id", Integer, primary_key=True), Column("left_usd", UsdAmount))

    try:
        await draft("add extras", folder=folder)
    finally:
        Row.metadata.remove(extra)

    drafted = (folder / "versions" / f"{int(HEAD) + 1:04}_add_extras.py").read_text()
    assert f"down_revision = {HEAD!r}" in drafted
    assert "sa.Column('left_usd', sa.BigInteger(), nullable=True)" in drafted
    assert "done" in capsys.readouterr().out


async def test_what_calls_of_the_first_version_held_is_booked_at_what_their_requests_cost(home: Home) -> None:
    def to_first(connection: Connection) -> None:
        command.upgrade(alembic_config(connection), "0001")

    async with home.empty() as url:
        engine = create_engine(url)
        async with writing(engine) as session:
            await (await session.connection()).run_sync(to_first)
        async with writing(engine) as session:
            await session.execute(text("INSERT INTO ai_budgets VALUES ('business', 'b', 'total', 900, '', 100, 500)"))
            held = "('r', 'business', 'b', 'total', '', 500, 'o', '2026-12-01 00:00:00+00')"
            await session.execute(text(f"INSERT INTO ai_reservations VALUES {held}"))
            for attempt, cost in ((1, 7), (2, 20)):
                row = opening(replace(sent(attempt, request_id="r"), cost_usd=Decimal(cost).scaleb(-12)), owner="o")
                await session.execute(INSERT, [row])

        await migrate(engine)

        async with reading(engine) as session:
            found = (await session.execute(text("SELECT spent_usd, reserved_usd FROM ai_budgets"))).all()
        assert [tuple(row) for row in found] == [(127, 0)]
        await engine.dispose()
