"""Bringing a database to the tables of this version."""

import asyncio
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.engine import create_engine, reading, refusals
from storage.errors import StorageError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0001"
"""The newest revision in `storage/migrations/versions`. Named here too, since asking Alembic takes 0.3 s."""

VERSION_TABLE = "ai_service_version"
"""Not Alembic's own default, which a host's migrations may use in the same database."""

MIGRATIONS = Path(__file__).parent / "migrations"

_ALEMBIC = threading.Lock()
"""Alembic keeps the running migration in globals, so there is one at a time in a process."""


async def migrate(engine: AsyncEngine) -> None:
    """Bring the database to `HEAD`. Safe from several processes at once; two queries where nothing is to be done.

    Raises:
        StorageError: The database refuses, or a newer version of this package has changed it.
    """
    async with reading(engine) as session:
        connection = await session.connection()
        revision = await connection.run_sync(_revision)
    if revision != HEAD:
        await asyncio.to_thread(_upgrade, engine.url)


def alembic_config(connection: Connection, *, folder: Path = MIGRATIONS) -> "Config":
    """Return the configuration of the migrations in `folder`, to be run on `connection`."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    # `%` is the sign of interpolation there
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()


def _upgrade(url: URL) -> None:
    # A thread with a loop of its own: the caller's loop goes on, and the lock is not bound to any loop.
    with _ALEMBIC, refusals():
        asyncio.run(_upgrade_alone(url))


async def _upgrade_alone(url: URL) -> None:
    from alembic import command
    from alembic.util import CommandError

    engine = create_engine(url.render_as_string(hide_password=False))
    try:
        # One transaction that takes the write lock: a second process waits here, then finds nothing to do.
        async with engine.begin() as connection:
            await connection.run_sync(lambda sync: command.upgrade(alembic_config(sync), "head"))
    except CommandError as error:
        raise StorageError(f"the database has no revision that leads to {HEAD}: {error}") from error
    finally:
        await engine.dispose()
