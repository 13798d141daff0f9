"""Migrates the database of the settings."""

from ai_service.settings import Settings
from ai_service.storage_errors import storage_errors
from storage.engine import create_engine
from storage.migrate import HEAD, migrate


async def migrate_database(url: str | None = None) -> str:
    """Migrate the database at `url`, or else that of the settings, to this version; return its revision.

    Several processes may do so at once. Raises ConfigurationError for a database that this version cannot use,
    StorageUnavailable for one that is locked, full or unreachable.
    """
    with storage_errors():
        engine = create_engine(url or Settings.from_env().database_url)
        try:
            await migrate(engine)
        finally:
            await engine.dispose()
    return HEAD
