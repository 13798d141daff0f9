"""`python -m storage.new_migration "add budgets"` drafts the next migration from what the tables have by now."""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from sqlalchemy import Connection

from storage.engine import create_engine
from storage.migrate import HEAD, MIGRATIONS, alembic_config, migrate


async def draft(message: str, *, folder: Path = MIGRATIONS) -> None:
    """Write the next migration into `folder`; read it through, and raise `HEAD` in `storage.migrate`."""

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


if __name__ == "__main__":
    asyncio.run(draft(sys.argv[1]))
