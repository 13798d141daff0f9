"""Bringing a database to the tables of this version."""

import asyncio
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, func, inspect, literal, select, text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.schema import CreateSchema

from storage.engine import create_engine, reading, writing
from storage.failures import NotMigrated
from storage.urls import schema_of

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0001"
"""The newest revision in `storage/migrations/versions`. Named here too, since asking Alembic takes 0.3 s."""

VERSION_TABLE = "ai_service_version"
"""Not Alembic's own default, which a host's migrations may use in the same database."""

MIGRATIONS = Path(__file__).parent / "migrations"

_LOCK = int.from_bytes(b"ai_s")
"""First key of the advisory lock that a migration of PostgreSQL holds, the second is its schema; SQLite's transaction
locks the file."""

_ALEMBIC = threading.Lock()
"""Alembic keeps the running migration in globals, so there is one at a time in a process."""


async def prepare(engine: AsyncEngine) -> None:
    """Migrate a SQLite file, which nobody else looks after; of a server, only check that somebody has.

    Raises:
        NotMigrated: The server's tables are not those of this version.
        StorageError: The database refuses, or a newer version of this package has changed the file.
    """
    if engine.dialect.name == "sqlite":
        await migrate(engine)
    else:
        await check_migrated(engine)


async def check_migrated(engine: AsyncEngine) -> None:
    """Check that the database has the tables of this version.

    Raises:
        NotMigrated: It hasn't.
        StorageError: The database refuses.
    """
    revision = await _revision(engine)
    if revision != HEAD:
        found = "has no tables yet" if revision is None else f"is at revision {revision!r}, not at {HEAD!r}"
        raise NotMigrated(f"the database {found}: run `ai-service migrate` with the version that is to work with it")


async def migrate(engine: AsyncEngine) -> None:
    """Bring the database to `HEAD`. Safe from several processes at once; two queries where nothing is to be done.

    Raises:
        StorageError: The database refuses, or a newer version of this package has changed it.
    """
    if await _revision(engine) != HEAD:
        await asyncio.to_thread(_upgrade, engine.url)


def alembic_config(connection: Connection, *, folder: Path = MIGRATIONS) -> "Config":
    """Return the configuration of the migrations in `folder`, to be run on `connection`."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    # `%` is the sign of interpolation there
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


async def _revision(engine: AsyncEngine) -> str | None:
    """Return the revision that the database is at; None: it has no tables of ours."""

    def ask(connection: Connection) -> str | None:
        if not inspect(connection).has_table(VERSION_TABLE):
            return None
        return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()

    async with reading(engine) as session:
        connection = await session.connection()
        return await connection.run_sync(ask)


def _upgrade(url: URL) -> None:
    # A thread with a loop of its own: the caller's loop goes on, and the lock is not bound to any loop.
    with _ALEMBIC:
        asyncio.run(_upgrade_alone(url))


async def _upgrade_alone(url: URL) -> None:
    from alembic.util import CommandError

    engine = create_engine(url.render_as_string(hide_password=False))
    try:
        # One transaction under a lock: a second process waits for it, then finds nothing to do.
        async with writing(engine) as session:
            connection = await session.connection()
            await connection.run_sync(_run)
    except CommandError as error:
        raise NotMigrated(
            f"the database has no revision that leads to {HEAD}: {error}; install the newer version that changed it"
        ) from error
    finally:
        await engine.dispose()


def _run(connection: Connection) -> None:
    from alembic import command

    if connection.dialect.name == "postgresql":
        _lock(connection, schema_of(connection.engine.url))
    command.upgrade(alembic_config(connection), "head")


def _lock(connection: Connection, schema: str | None) -> None:
    """Wait until no other process migrates this schema, and create it where it is missing."""
    connection.execute(text("SET LOCAL lock_timeout = 0"))
    named = func.current_schema() if schema is None else literal(schema)
    connection.execute(select(func.pg_advisory_xact_lock(_LOCK, func.hashtext(named))))
    # IF NOT EXISTS would ask for the right to create one that is there
    if schema is not None and not inspect(connection).has_schema(schema):
        connection.execute(CreateSchema(schema))
