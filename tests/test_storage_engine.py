"""The engine: which URLs it takes, how it waits, and what a refusal looks like."""

import asyncio
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from storage.engine import create_engine, reading, writing
from storage.errors import DatabaseUrlError, StorageError
from storage.migrate import migrate
from storage.tables import BusinessRow
from tests.storage_parts import database, locked


def business(name: str = "Levain") -> BusinessRow:
    return BusinessRow(id=name, name=name, context={})


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true"])
def test_refuses_books_kept_in_memory(url: str) -> None:
    with pytest.raises(DatabaseUrlError, match="lost with the process"):
        create_engine(url)


def test_refuses_other_databases_by_name_without_showing_the_password() -> None:
    with pytest.raises(DatabaseUrlError, match="'mysql'") as raised:
        create_engine("mysql://root:hunter2@localhost/x")

    assert "hunter2" not in str(raised.value)


def test_refuses_an_unreadable_url_without_showing_it() -> None:
    with pytest.raises(DatabaseUrlError, match="can't be read") as raised:
        create_engine("hunter2@localhost")

    assert "hunter2" not in str(raised.value)


def test_refuses_a_file_in_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUrlError, match=r"folder of the database .*missing.*create it"):
        create_engine(f"sqlite:///{tmp_path}/missing/x.db")


async def test_stays_with_its_file_when_the_working_directory_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    engine = create_engine("sqlite:///x.db")
    monkeypatch.chdir(tmp_path / "elsewhere")

    await migrate(engine)
    await engine.dispose()

    assert [file.name for file in tmp_path.rglob("*.db")] == ["x.db"]
    assert (tmp_path / "x.db").exists()


@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 1), ("foreign_keys", 1)])
async def test_prepares_each_connection(tmp_path: Path, pragma: str, value: object) -> None:
    async with database(tmp_path / "x.db") as engine, reading(engine) as session:
        assert await session.scalar(text(f"PRAGMA {pragma}")) == value


async def test_writers_that_read_first_wait_for_each_other(tmp_path: Path) -> None:
    async def rename_after_reading(letter: str) -> None:
        async with writing(engine) as session:
            row = await session.get_one(BusinessRow, "Levain")
            row.name += letter

    async with database(tmp_path / "x.db") as engine:
        async with writing(engine) as session:
            session.add(business())

        await asyncio.gather(*map(rename_after_reading, "abcdef"))

        async with reading(engine) as session:
            row = await session.get_one(BusinessRow, "Levain")
        assert sorted(row.name.removeprefix("Levain")) == list("abcdef")


async def test_a_reader_neither_waits_for_a_writer_nor_sees_what_is_not_committed(tmp_path: Path) -> None:
    async with database(tmp_path / "x.db", timeout_s=0) as engine, writing(engine) as writer:
        writer.add(business())
        await writer.flush()

        async with reading(engine) as reader:
            assert await reader.get(BusinessRow, "Levain") is None


async def test_writes_nothing_when_something_is_raised(tmp_path: Path) -> None:
    async with database(tmp_path / "x.db") as engine:
        with pytest.raises(LookupError):
            async with writing(engine) as session:
                session.add(business())
                await session.flush()
                raise LookupError

        async with reading(engine) as session:
            assert await session.get(BusinessRow, "Levain") is None


async def test_a_locked_file_is_a_storage_error(tmp_path: Path) -> None:
    async with database(tmp_path / "x.db", timeout_s=0.01) as engine:
        with locked(tmp_path / "x.db"), pytest.raises(StorageError, match="refuses: database is locked"):
            async with writing(engine) as session:
                session.add(business())


async def test_a_new_file_that_is_locked_is_a_storage_error(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/x.db?timeout=0.01")

    with locked(tmp_path / "x.db"), pytest.raises(StorageError, match="locked"):
        async with writing(engine) as session:
            await session.execute(text("SELECT 1"))
    await engine.dispose()


async def test_an_error_shows_no_values_of_the_statement(tmp_path: Path) -> None:
    async with database(tmp_path / "x.db") as engine:
        async with writing(engine) as session:
            session.add(business("Hotel Geheim"))

        with pytest.raises(StorageError) as raised:
            async with writing(engine) as session:
                session.add(business("Hotel Geheim"))

    assert "Geheim" not in f"{raised.value} {raised.value.__cause__}"


async def test_a_mistake_in_code_is_not_called_a_refusal(tmp_path: Path) -> None:
    async with database(tmp_path / "x.db") as engine:
        with pytest.raises(StatementError, match="no time zone"):
            async with writing(engine) as session:
                session.add(BusinessRow(id="x", name="x", context={}, created_at=datetime(2026, 12, 1)))
