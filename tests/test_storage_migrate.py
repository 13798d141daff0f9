"""Migrations: from nothing to the tables of this version, whoever else is at it."""

import asyncio
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Integer, Table, text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.columns import UsdAmount
from storage.engine import create_engine, reading, writing
from storage.errors import StorageError
from storage.migrate import HEAD, MIGRATIONS, VERSION_TABLE, migrate
from storage.new_migration import draft
from storage.tables import BusinessRow, Row
from tests.storage_parts import database, locked

ROOT = Path(__file__).parent.parent


async def revision_of(engine: AsyncEngine) -> str | None:
    async with reading(engine) as session:
        return await session.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))


def test_head_is_the_newest_revision() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


async def test_a_migrated_database_has_the_tables_that_the_code_has(tmp_path: Path) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        return compare_metadata(context, Row.metadata)

    async with database(tmp_path / "x.db") as engine, engine.connect() as connection:
        found = await connection.run_sync(differences)

    assert found == []


async def test_migrating_again_keeps_the_rows(tmp_path: Path) -> None:
    async with database(tmp_path / "x.db") as engine:
        async with writing(engine) as session:
            session.add(BusinessRow(id="x", name="Levain", context={}))

        await migrate(engine)

        async with reading(engine) as session:
            assert (await session.get_one(BusinessRow, "x")).name == "Levain"


AT_HEAD = """
import asyncio, sys
from storage.engine import create_engine
from storage.migrate import migrate

async def main():
    engine = create_engine(sys.argv[1])
    await migrate(engine)
    await engine.dispose()

asyncio.run(main())
print("alembic" in sys.modules)
"""


@pytest.mark.parametrize(("migrated", "imported"), [(True, "False"), (False, "True")])
async def test_alembic_is_imported_only_where_there_is_something_to_do(
    tmp_path: Path, migrated: bool, imported: str
) -> None:
    if migrated:
        async with database(tmp_path / "x.db"):
            pass

    child = [sys.executable, "-c", AT_HEAD, f"sqlite:///{tmp_path}/x.db"]
    answer = subprocess.run(child, cwd=ROOT, capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == imported


RACER = """
import asyncio, sys
from alembic import command
from storage.engine import create_engine
from storage.migrate import migrate

async def main(url):
    engine = create_engine(url)
    await migrate(engine)
    await engine.dispose()

print("ready", flush=True)
for url in sys.stdin:
    asyncio.run(main(url.strip()))
    print("migrated", flush=True)
"""


def line_of(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline().strip()


def test_two_processes_migrate_a_new_file_at_once(tmp_path: Path) -> None:
    with ExitStack() as stack:
        racers = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", RACER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
                )
            )
            for _ in range(2)
        ]
        assert [line_of(racer.stdout) for racer in racers] == ["ready", "ready"]

        for number in range(5):
            for racer in racers:
                assert racer.stdin is not None
                racer.stdin.write(f"sqlite:///{tmp_path}/{number}.db\n")
                racer.stdin.flush()

            assert [line_of(racer.stdout) for racer in racers] == ["migrated", "migrated"]


async def test_two_databases_are_migrated_at_once_in_one_process(tmp_path: Path) -> None:
    engines = [create_engine(f"sqlite:///{tmp_path}/{number}.db") for number in range(4)]

    await asyncio.gather(*map(migrate, [*engines, *engines]))

    assert [await revision_of(engine) for engine in engines] == [HEAD] * 4
    for engine in engines:
        await engine.dispose()


async def test_refuses_a_database_that_a_newer_version_has_changed(tmp_path: Path) -> None:
    async with database(tmp_path / "x.db") as engine:
        async with writing(engine) as session:
            await session.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))

        with pytest.raises(StorageError, match=f"no revision that leads to {HEAD}: .*'9999'"):
            await migrate(engine)


async def test_a_locked_file_is_a_storage_error_and_can_be_migrated_later(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/x.db?timeout=0.01")

    with locked(tmp_path / "x.db"), pytest.raises(StorageError, match="locked"):
        await migrate(engine)
    await migrate(engine)

    assert await revision_of(engine) == HEAD
    await engine.dispose()


async def test_drafts_the_next_migration_in_plain_types(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "50%(off)s"
    shutil.copytree(MIGRATIONS, folder)
    extra = Table("budgets", Row.metadata, Column("id", Integer, primary_key=True), Column("left_usd", UsdAmount))

    try:
        await draft("add budgets", folder=folder)
    finally:
        Row.metadata.remove(extra)

    drafted = (folder / "versions" / f"{int(HEAD) + 1:04}_add_budgets.py").read_text()
    assert f"down_revision = {HEAD!r}" in drafted
    assert "sa.Column('left_usd', sa.BigInteger(), nullable=True)" in drafted
    assert "done" in capsys.readouterr().out
