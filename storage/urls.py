"""Which database URLs are taken, and what they say."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.errors import DatabaseUrlError

LOCK_WAIT_S = 5.0
"""How long a lock is waited for, unless the URL says otherwise."""

_SQLITE = {"sqlite", "sqlite+aiosqlite"}
_POSTGRES = {"postgresql", "postgresql+asyncpg", "postgres"}
_OPTIONS = ("timeout", "sslmode", "ssl", "host", "port", "passfile", "target_session_attrs")
"""What may stand behind the `?` of a PostgreSQL URL."""
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_EXAMPLES = "sqlite:///ai_service.db or postgresql://user:password@host/name"


def checked(url: str) -> URL:
    """Return the URL with the driver that is used here, and of a SQLite file the whole path.

    Raises:
        DatabaseUrlError: It is not one of a SQLite file or of PostgreSQL, or the file's folder is missing.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # the text may hold a password, so it is not shown
        raise DatabaseUrlError(f"the database URL can't be read: write e.g. {_EXAMPLES}") from None
    if parsed.drivername in _SQLITE:
        return parsed.set(drivername="sqlite+aiosqlite", database=str(_file(parsed.database)))
    if parsed.drivername in _POSTGRES:
        _check_options(parsed)
        return parsed.set(drivername="postgresql+asyncpg")
    raise DatabaseUrlError(f"no support for {parsed.drivername!r} databases: write e.g. {_EXAMPLES}")


def lock_wait_s(url: URL) -> float:
    """Return how long a lock is waited for.

    Raises:
        DatabaseUrlError: The URL's `timeout` is no number of seconds.
    """
    said = url.query.get("timeout", str(LOCK_WAIT_S))
    try:
        return float(str(said))
    except ValueError:
        raise DatabaseUrlError(f"timeout={said!r} in the database URL is no number of seconds") from None


def _check_options(url: URL) -> None:
    """Refuse what the driver would stumble over at the first connection, or not heed."""
    if url.port is not None and not 0 < url.port < 65536:
        raise DatabaseUrlError(f"port {url.port} in the database URL is none: write one from 1 to 65535")
    for name in url.query:
        if name not in _OPTIONS:
            raise DatabaseUrlError(
                f"the option {name!r} of the database URL is not known: remove it, or use one of {', '.join(_OPTIONS)}"
            )
    for name in ("sslmode", "ssl"):
        said = url.query.get(name)
        if said is not None and said not in _SSL_MODES:
            raise DatabaseUrlError(f"{name}={said!r} in the database URL: write one of {', '.join(_SSL_MODES)}")


def _file(database: str | None) -> Path:
    if not database or database == ":memory:" or database.startswith("file:"):
        raise DatabaseUrlError(
            f"{database!r} is not a file's path: books kept in memory are lost with the process, "
            "write e.g. sqlite:///ai_service.db"
        )
    # absolute, or a later chdir would open another file
    file = Path(database).absolute()
    if not file.parent.is_dir():
        raise DatabaseUrlError(f"the folder of the database {str(file)!r} is missing: create it, or correct the URL")
    return file
