"""Migrations by command, for databases that are not a SQLite file."""

from ai_service.errors import ConfigurationError
from ai_service.runtime import storage_errors
from ai_service.settings import Settings
from storage.engine import create_engine
from storage.errors import DatabaseUrlError
from storage.migrate import HEAD, migrate


async def migrate_database(url: str | None = None) -> str:
    """Bring the database at `url`, by default the settings', to this version; return its revision.

    Safe from several processes at once. Raises ConfigurationError for a URL that can't be used, StorageUnavailable
    where the database refuses.
    """
    try:
        engine = create_engine(url or Settings.from_env().database_url)
    except DatabaseUrlError as error:
        raise ConfigurationError(f"AI_SERVICE_DATABASE_URL: {error}") from error
    try:
        with storage_errors():
            await migrate(engine)
    finally:
        await engine.dispose()
    return HEAD
