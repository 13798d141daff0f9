"""The databases of the benchmarks: a SQLite file, and a separate database on a PostgreSQL server."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from sqlalchemy import make_url

from evals.benchmarks.figures import Counts
from storage.engine import create_engine
from storage.migrate import migrate

SERVER_URL = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test")
"""The server that the tests also use; databases are created on it and dropped afterwards."""

# Any: asyncpg brings no types.
_asyncpg: Any = import_module("asyncpg")


class Kind(StrEnum):
    """The name of a kind of database."""

    SQLITE = "SQLite"
    POSTGRESQL = "PostgreSQL"


def databases() -> dict[Kind, str]:
    """Return the available kinds, each with its version and settings."""
    here = {Kind.SQLITE: sqlite3.sqlite_version}
    try:
        here[Kind.POSTGRESQL] = asyncio.run(_server())
    except (OSError, _asyncpg.PostgresError):
        pass  # `described` says so
    return here


def described(here: dict[Kind, str]) -> Counts:
    """Return the databases of a report; a kind that is not available is reported as absent."""
    server = make_url(SERVER_URL).render_as_string(hide_password=True)
    absent = f"absent: no server to be used at {server}; set TEST_POSTGRES_URL"
    return {kind.value: here.get(kind, absent) for kind in Kind}


@contextmanager
def database(kind: Kind) -> Generator[str]:
    """Yield the URL of a database with all tables and no rows; it is dropped afterwards."""
    with _sqlite() if kind is Kind.SQLITE else _postgresql() as url:
        asyncio.run(_migrate(url))
        yield url


@contextmanager
def _sqlite() -> Generator[str]:
    with TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder, 'bench.db')}"


@contextmanager
def _postgresql() -> Generator[str]:
    name = f"bench_{uuid4().hex}"
    asyncio.run(_tell(f"CREATE DATABASE {name}"))
    try:
        yield make_url(SERVER_URL).set(database=name).render_as_string(hide_password=False)
    finally:
        asyncio.run(_tell(f"DROP DATABASE {name} WITH (FORCE)"))


async def _migrate(url: str) -> None:
    engine = create_engine(url)
    await migrate(engine)
    await engine.dispose()


async def _server() -> str:
    """Return the server's version, and whether it waits for its disk (`fsync`)."""
    async with _connection() as server:
        settings = {name: await server.fetchval(f"SHOW {name}") for name in ("fsync", "synchronous_commit")}
        version = await server.fetchval("SHOW server_version")
    return ", ".join([version.split()[0], *(f"{name} {setting}" for name, setting in settings.items())])


async def _tell(statement: str) -> None:
    async with _connection() as server:
        await server.execute(statement)


@asynccontextmanager
async def _connection() -> AsyncGenerator[Any]:
    connection = await _asyncpg.connect(SERVER_URL, timeout=5)
    try:
        yield connection
    finally:
        await connection.close()
