"""The two homes of a test's tables: a SQLite file, or a separate database on a PostgreSQL server."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import AsyncGenerator, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, TypeVar
from uuid import uuid4

import pytest
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.engine import create_engine
from storage.migrate import migrate
from storage.tables import Row

SERVER_URL = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test")

# Any: asyncpg brings no types.
asyncpg: Any = import_module("asyncpg")

ResultT = TypeVar("ResultT")


class Home(Protocol):
    """The database of one test."""

    @property
    def url(self) -> str:
        """The URL of a database with all tables and no rows."""
        ...

    def empty(self) -> AbstractAsyncContextManager[str]:
        """Yield the URL of a database without tables."""
        ...

    def locked(self) -> AbstractAsyncContextManager[None]:
        """Prevent all other writes."""
        ...


@asynccontextmanager
async def engine_on(home: Home, *, timeout_s: float = 5) -> AsyncGenerator[AsyncEngine]:
    """Yield an engine; `timeout_s` is how long a lock is waited for."""
    engine = create_engine(f"{home.url}?timeout={timeout_s}")
    try:
        yield engine
    finally:
        await engine.dispose()


@dataclass(frozen=True)
class SqliteHome:
    """A file."""

    file: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.file}"

    @asynccontextmanager
    async def empty(self) -> AsyncGenerator[str]:
        yield f"sqlite:///{self.file.parent}/{uuid4()}.db"

    @asynccontextmanager
    async def locked(self) -> AsyncGenerator[None]:
        with closing(sqlite3.connect(self.file, isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            yield


@dataclass(frozen=True)
class PostgresHome:
    """A database."""

    url: str

    @asynccontextmanager
    async def empty(self) -> AsyncGenerator[str]:
        url = await create_database()
        try:
            yield url
        finally:
            await drop_database(url)

    @asynccontextmanager
    async def locked(self) -> AsyncGenerator[None]:
        tables = ", ".join(Row.metadata.tables)
        async with connection_to(self.url) as connection, connection.transaction():
            await connection.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
            yield


def run(work: Coroutine[None, None, ResultT]) -> ResultT:
    """Run a fixture's coroutine outside the tests' event loop."""
    with asyncio.Runner() as runner:
        return runner.run(work)


@asynccontextmanager
async def connection_to(url: str) -> AsyncGenerator[Any]:
    """Yield a connection of the plain driver."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def create_database() -> str:
    """Create a database on the server, and return its URL."""
    name = f"ai_service_{uuid4().hex}"
    async with connection_to(SERVER_URL) as connection:
        await connection.execute(f"CREATE DATABASE {name}")
    return make_url(SERVER_URL).set(database=name).render_as_string(hide_password=False)


async def drop_database(url: str) -> None:
    """Drop a database of `create_database`, and its connections."""
    async with connection_to(SERVER_URL) as connection:
        await connection.execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


async def migrate_to(url: str) -> str:
    """Create all tables, and return the URL."""
    engine = create_engine(url)
    await migrate(engine)
    await engine.dispose()
    return url


async def delete_rows(url: str) -> None:
    """Delete all rows of a database."""
    async with connection_to(url) as connection:
        await connection.execute("; ".join(f"DELETE FROM {table}" for table in reversed(Row.metadata.sorted_tables)))


def need_server(url: str = SERVER_URL, *, on_ci: bool = os.environ.get("CI") == "true") -> None:
    """Skip the test if no PostgreSQL server answers; on CI, fail."""

    async def ask() -> None:
        async with connection_to(url):
            pass

    try:
        run(ask())
    except (OSError, asyncpg.PostgresError) as error:
        reason = f"no PostgreSQL for tests (set TEST_POSTGRES_URL): {error}"
        pytest.fail(reason) if on_ci else pytest.skip(reason)


def copy_of(template: Path, file: Path) -> SqliteHome:
    """Return a copy of a migrated file."""
    return SqliteHome(Path(shutil.copy(template, file)))
