"""The engine: how its sessions wait, and what a refusal looks like."""

import asyncio
import socket
import sqlite3
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from storage import sqlite
from storage.engine import create_engine, reading, writing
from storage.failures import DatabaseAway, DatabaseUnfit, DatabaseUrlError, ValueRefused
from storage.ledger import SqlLedger
from storage.tables import BudgetRow, BusinessRow, ContentRow
from tests.storage_homes import Home, SqliteHome, connection_to, engine_on
from tests.storage_parts import LOCKED, a_few_turns, on_engine, sent

pytest_plugins = ["tests.storage_fixtures"]


def business(name: str = "Levain") -> BusinessRow:
    return BusinessRow(id=name, name=name, context={})


def budget(limit_usd: Decimal) -> BudgetRow:
    return BudgetRow(
        business_id="Levain",
        scope="business",
        scope_id="Levain",
        period="total",
        limit_usd=limit_usd,
        month="",
        spent_usd=Decimal(0),
        reserved_usd=Decimal(0),
    )


async def add_business(engine: AsyncEngine, name: str = "Levain") -> None:
    async with writing(engine) as session:
        session.add(business(name))


@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 1), ("foreign_keys", 1)])
async def test_prepares_each_connection_to_a_file(sqlite_home: Home, pragma: str, value: object) -> None:
    async with engine_on(sqlite_home) as engine, reading(engine) as session:
        assert await session.scalar(text(f"PRAGMA {pragma}")) == value


async def test_writers_of_a_file_that_read_first_wait_for_each_other(sqlite_home: Home) -> None:
    async def rename_after_reading(letter: str) -> None:
        async with writing(engine) as session:
            row = await session.get_one(BusinessRow, "Levain")
            row.name += letter

    async with engine_on(sqlite_home) as engine:
        async with writing(engine) as session:
            session.add(business())

        await asyncio.gather(*map(rename_after_reading, "abcdef"))

        async with reading(engine) as session:
            row = await session.get_one(BusinessRow, "Levain")
        assert sorted(row.name.removeprefix("Levain")) == list("abcdef")


async def test_a_reader_neither_waits_for_a_writer_nor_sees_what_is_not_committed(home: Home) -> None:
    async with engine_on(home, timeout_s=0) as engine, writing(engine) as writer:
        writer.add(business())
        await writer.flush()

        async with reading(engine) as reader:
            assert await reader.get(BusinessRow, "Levain") is None


async def test_writes_nothing_when_something_is_raised(home: Home) -> None:
    async with engine_on(home) as engine:
        with pytest.raises(LookupError):
            async with writing(engine) as session:
                session.add(business())
                await session.flush()
                raise LookupError

        async with reading(engine) as session:
            assert await session.get(BusinessRow, "Levain") is None


async def test_a_lock_is_waited_for(home: Home) -> None:
    async with engine_on(home) as engine:
        async with home.locked():
            write = asyncio.create_task(add_business(engine))
            await a_few_turns()
            assert not write.done()
        await write

        async with reading(engine) as session:
            assert await session.get(BusinessRow, "Levain") is not None


async def test_a_file_that_is_locked_for_longer_is_asked_for_again(
    sqlite_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_LONGEST_BLOCK_S", 0)
    begun = list[object]()

    async with engine_on(sqlite_home) as engine:
        async with sqlite_home.locked():
            with on_engine("begin", begun.append):
                write = asyncio.create_task(add_business(engine))
                while len(begun) < 2:
                    await asyncio.sleep(0)
        await write


async def test_a_lock_that_lasts_is_a_storage_error(home: Home) -> None:
    async with engine_on(home, timeout_s=0.01) as engine, home.locked():
        with pytest.raises(DatabaseAway, match=LOCKED):
            await add_business(engine)


async def test_who_waits_for_a_lock_can_be_cancelled_at_once(home: Home) -> None:
    async with engine_on(home, timeout_s=60) as engine:
        await add_business(engine, "before")
        async with home.locked():
            write = asyncio.create_task(add_business(engine))
            await a_few_turns()
            write.cancel()

            with pytest.raises(asyncio.CancelledError):
                await write


async def test_a_turn_at_a_file_that_does_not_come_in_time_is_a_storage_error(sqlite_home: Home) -> None:
    async with engine_on(sqlite_home, timeout_s=0.01) as engine, writing(engine):
        with pytest.raises(DatabaseAway, match="locked by this process"):
            await add_business(engine)


async def test_a_ledger_has_one_session_at_most_before_it(sqlite_home: Home) -> None:
    order: list[str] = []

    async def add(name: str) -> None:
        await add_business(engine, name)
        order.append(name)

    async with engine_on(sqlite_home) as engine, SqlLedger(engine) as ledger:
        async with writing(engine):
            sessions = [asyncio.create_task(add(name)) for name in "abc"]
            await a_few_turns()
            row = asyncio.create_task(ledger.open(sent()))
            row.add_done_callback(lambda _: order.append("ledger"))
            await a_few_turns()
        await asyncio.gather(*sessions, row)

    assert order.index("ledger") <= 1


async def test_a_new_file_that_is_locked_is_a_storage_error(sqlite_home: Home) -> None:
    async with sqlite_home.empty() as url:
        engine = create_engine(f"{url}?timeout=0")
        async with SqliteHome(Path(str(engine.url.database))).locked():
            with pytest.raises(DatabaseAway, match="locked"):
                await add_business(engine)
        await engine.dispose()


async def test_a_missing_table_is_an_error_that_does_not_pass(home: Home) -> None:
    async with engine_on(home) as engine:
        with pytest.raises(DatabaseUnfit, match=r"nowhere.*; run `ai-service migrate` with this version"):
            async with reading(engine) as session:
                await session.execute(text("SELECT * FROM nowhere"))


async def test_a_server_that_is_not_there_is_an_error_that_passes() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    engine = create_engine(f"postgresql://127.0.0.1:{port}/x")

    with pytest.raises(DatabaseAway, match="the database refuses: no connection: "):
        async with reading(engine) as session:
            await session.execute(text("SELECT 1"))
    await engine.dispose()


async def test_an_answer_of_a_server_that_was_restarted_comes_over_a_new_connection(postgres_home: Home) -> None:
    async with engine_on(postgres_home) as engine:
        async with reading(engine) as session:
            process = await session.scalar(text("SELECT pg_backend_pid()"))
        async with connection_to(postgres_home.url) as connection:
            await connection.fetch("SELECT pg_terminate_backend($1, 5000)", process)

        async with reading(engine) as session:
            assert await session.scalar(text("SELECT pg_backend_pid()")) != process


def test_a_missing_driver_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)

    with pytest.raises(
        DatabaseUrlError, match=r"install the extra, e\.g\. pip install 'marketing-ai-service\[postgres\]'"
    ):
        create_engine("postgresql://h/d")


async def test_a_url_that_asks_for_what_is_not_there_is_told_apart_from_a_server_that_is_away() -> None:
    engine = create_engine("postgresql://h/d?target_session_attrs=maybe")

    with pytest.raises(DatabaseUrlError, match=r"the driver rejects the database URL: .*maybe"):
        await add_business(engine)
    await engine.dispose()


def test_the_ssl_mode_of_a_url_is_said_in_the_words_of_the_driver() -> None:
    engine = create_engine("postgresql://h/d?sslmode=require")

    assert dict(engine.url.query) == {"ssl": "require"}


async def test_an_error_shows_no_values_of_the_statement(home: Home) -> None:
    async with engine_on(home) as engine:
        async with writing(engine) as session:
            session.add(business("Hotel Geheim"))

        with pytest.raises(DatabaseUnfit) as raised:
            async with writing(engine) as session:
                session.add(business("Hotel Geheim"))

    assert "Geheim" not in f"{raised.value} {raised.value.__cause__}"


@pytest.mark.parametrize("value", ["Geheim \0", "Geheim \ud800"])
async def test_a_value_that_no_column_takes_is_an_error_that_does_not_show_it(postgres_home: Home, value: str) -> None:
    async with engine_on(postgres_home) as engine:
        with pytest.raises(ValueRefused, match=r"^the database refuses: a value that does not fit its column$"):
            async with writing(engine) as session:
                session.add(business(value))


async def test_a_number_that_is_too_large_is_a_value_that_is_refused(home: Home) -> None:
    async with engine_on(home) as engine:
        with pytest.raises(ValueRefused):
            async with writing(engine) as session:
                await session.execute(select(ContentRow).where(col(ContentRow.revision) == 10**20))


async def test_an_amount_that_is_too_large_is_a_value_that_is_refused(home: Home) -> None:
    async with engine_on(home) as engine:
        with pytest.raises(ValueRefused):
            async with writing(engine) as session:
                session.add(budget(limit_usd=Decimal(10**8)))


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("nobody@127.0.0.1:{port}/{database}", 'role "nobody" does not exist'),
        ("{user}@127.0.0.1:{port}/nowhere", 'database "nowhere" does not exist'),
    ],
)
async def test_a_login_that_the_server_rejects_does_not_pass(postgres_home: Home, place: str, said: str) -> None:
    url = make_url(postgres_home.url)
    place = place.format(user=url.username, port=url.port, database=url.database)
    engine = create_engine(f"postgresql://{place}")

    with pytest.raises(DatabaseUnfit, match=f"{said}; correct user, password and database in the database URL"):
        async with reading(engine) as session:
            await session.execute(text("SELECT 1"))
    await engine.dispose()


async def test_a_missing_right_does_not_pass(postgres_home: Home) -> None:
    async with engine_on(postgres_home) as engine:
        with pytest.raises(DatabaseUnfit, match="permission denied for table ai_logs; grant the role rights"):
            async with writing(engine) as session:
                # a role of the server's own, which has no rights on any table; gone with the transaction
                await session.execute(text("SET LOCAL ROLE pg_monitor"))
                await session.execute(text("SELECT * FROM ai_logs"))


async def test_a_file_that_holds_no_database_does_not_pass(tmp_path: Path) -> None:
    (tmp_path / "not.db").write_text("this is no database, but long enough to be taken for one" * 20)
    engine = create_engine(f"sqlite:///{tmp_path}/not.db")

    with pytest.raises(DatabaseUnfit, match="file is not a database; name another file in the database URL"):
        await add_business(engine)
    await engine.dispose()


async def test_a_file_that_may_only_be_read_does_not_pass(sqlite_home: Home) -> None:
    def forbid_writing(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA query_only = ON")

    async with engine_on(sqlite_home) as engine:
        with on_engine("connect", forbid_writing):
            with pytest.raises(DatabaseUnfit, match=r"readonly database; .* make the file writable"):
                await add_business(engine)


async def test_a_mistake_in_code_is_not_called_a_refusal(home: Home) -> None:
    async with engine_on(home) as engine:
        with pytest.raises(StatementError, match="no time zone"):
            async with writing(engine) as session:
                session.add(BusinessRow(id="x", name="x", context={}, created_at=datetime(2026, 12, 1)))
