"""Migrates a database to the tables of this version."""

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

HEAD = "0003"
"""The newest revision in `storage/migrations/versions`. Repeated here, since importing Alembic takes 0.3 s."""

VERSION_TABLE = "ai_service_version"
"""Not Alembic's default, which a host's own migrations may use in the same database."""

MIGRATIONS = Path(__file__).parent / "migrations"

_LOCK = int.from_bytes(b"ai_s")
"""The first key of the advisory lock that a migration holds on PostgreSQL; the second is the schema."""

_ALEMBIC = threading.Lock()
"""One migration at a time in a process: Alembic keeps the running one in globals."""


async def prepare(engine: AsyncEngine) -> None:
    """Migrate a SQLite file; check that a server is migrated, which is its operator's task.

    Raises:
        NotMigrated: The server's tables are not those of this version, or a newer version has migrated the file.
        StorageError: The database refuses.
    """
    if engine.dialect.name == "sqlite":
        await migrate(engine)
    else:
        await check_migrated(engine)


async def check_migrated(engine: AsyncEngine) -> None:
    """Check that the database has the tables of this version.

    Raises:
        NotMigrated: It does not.
        StorageError: The database refuses.
    """
    revision = await _revision(engine)
    if revision != HEAD:
        found = "has no tables yet" if revision is None else f"is at revision {revision!r}, not at {HEAD!r}"
        raise NotMigrated(f"the database {found}: run `ai-service migrate` with the version that uses it")


async def migrate(engine: AsyncEngine) -> None:
    """Migrate the database to `HEAD`; several processes may do so at once. At `HEAD` it takes two queries.

    Raises:
        NotMigrated: A newer version of this package has migrated it.
        StorageError: The database refuses.
    """
    if await _revision(engine) != HEAD:
        await asyncio.to_thread(_upgrade, engine.url)


def alembic_config(connection: Connection, *, folder: Path = MIGRATIONS) -> "Config":
    """Return Alembic's configuration for the migrations in `folder`, on `connection`."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    # the parser interpolates `%`
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


async def _revision(engine: AsyncEngine) -> str | None:
    """Return the database's revision; None: it is not migrated yet."""

    def ask(connection: Connection) -> str | None:
        if not inspect(connection).has_table(VERSION_TABLE):
            return None
        return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()

    async with reading(engine) as session:
        connection = await session.connection()
        return await connection.run_sync(ask)


def _upgrade(url: URL) -> None:
    # A thread with its own event loop: the caller's loop is not blocked, and the lock is not bound to a loop.
    with _ALEMBIC:
        asyncio.run(_upgrade_alone(url))


async def _upgrade_alone(url: URL) -> None:
    from alembic.util import CommandError

    engine = create_engine(url.render_as_string(hide_password=False))
    try:
        # One transaction under a lock: a second process waits for the lock, then finds nothing to do.
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
    # IF NOT EXISTS requires the right to create schemas even where this one exists
    if schema is not None and not inspect(connection).has_schema(schema):
        connection.execute(CreateSchema(schema))
