"""`python -m storage.new_migration "add budgets"` drafts the next migration from the difference to the tables."""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from alembic import command
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

from storage.engine import create_engine
from storage.migrate import HEAD, MIGRATIONS, alembic_config, migrate


async def draft(message: str, *, folder: Path = MIGRATIONS) -> None:
    """Write the next migration into `folder`. Then review it, and raise `HEAD` in `storage.migrate`."""

    def write(connection: Connection) -> None:
        config = alembic_config(connection, folder=folder)
        command.revision(config, message, autogenerate=True, rev_id=f"{int(HEAD) + 1:04}")

    with TemporaryDirectory() as temporary:
        engine = create_engine(f"sqlite:///{temporary}/head.db")
        try:
            await migrate(engine)
            async with engine.connect() as connection:
                await connection.run_sync(write)
        finally:
            await engine.dispose()


def plain_types(kind: str, item: object, _: object) -> str | Literal[False]:
    """Write our column types as their SQL types: a migration must not depend on code that changes later."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


if __name__ == "__main__":  # pragma: no cover - the command's own line
    asyncio.run(draft(sys.argv[1]))
