"""Which database URLs are accepted, and what their options mean."""

import re
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.failures import DatabaseUrlError

LOCK_WAIT_S = 5.0
"""How long a session waits for a lock, unless the URL says otherwise."""

_SQLITE = {"sqlite", "sqlite+aiosqlite"}
_POSTGRES = {"postgresql", "postgresql+asyncpg", "postgres"}
_SQLITE_OPTIONS = ("timeout",)
_POSTGRES_OPTIONS = (
    *("timeout", "schema", "pooler", "sslmode", "ssl"),
    *("host", "port", "passfile", "target_session_attrs"),
)
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_SCHEMA = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
_POOLERS = ("transaction",)
_EXAMPLES = "sqlite:///ai_service.db or postgresql://user:password@host/name"


def checked(url: str) -> URL:
    """Return the URL with the async driver; the path of a SQLite file becomes absolute.

    Raises:
        DatabaseUrlError: It names neither a SQLite file nor a PostgreSQL database, an option is unknown or has a bad
            value, or the file's folder is missing.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # the text may hold a password, so it is not shown
        raise DatabaseUrlError(f"the database URL is malformed: write e.g. {_EXAMPLES}") from None
    if parsed.drivername in _SQLITE:
        _check_options(parsed, _SQLITE_OPTIONS)
        return parsed.set(drivername="sqlite+aiosqlite", database=str(_file(parsed.database)))
    if parsed.drivername in _POSTGRES:
        _check_options(parsed, _POSTGRES_OPTIONS)
        return parsed.set(drivername="postgresql+asyncpg")
    raise DatabaseUrlError(f"{parsed.drivername!r} databases are not supported: write e.g. {_EXAMPLES}")


def lock_wait_s(url: URL) -> float:
    """Return how many seconds a session waits for a lock.

    Raises:
        DatabaseUrlError: The URL's `timeout` is not a number.
    """
    said = url.query.get("timeout", str(LOCK_WAIT_S))
    try:
        return float(str(said))
    except ValueError:
        raise DatabaseUrlError(f"timeout={said!r} in the database URL is not a number of seconds") from None


def schema_of(url: URL) -> str | None:
    """Return the PostgreSQL schema of the tables; None: the first of the role's search path."""
    said = url.query.get("schema")
    return None if said is None else str(said)


def is_pooled(url: URL) -> bool:
    """Return whether a pooler stands before the server that may serve each transaction on another connection."""
    return "pooler" in url.query


def _check_options(url: URL, options: tuple[str, ...]) -> None:
    """Refuse what the driver would reject at the first connection, or ignore."""
    if url.port is not None and not 0 < url.port < 65536:
        raise DatabaseUrlError(f"port {url.port} in the database URL is out of range: write one from 1 to 65535")
    for name in url.query:
        if name not in options:
            raise DatabaseUrlError(
                f"the option {name!r} of the database URL is unknown for {url.get_backend_name()}: "
                f"remove it, or use one of {', '.join(options)}"
            )
    for name in ("sslmode", "ssl"):
        said = url.query.get(name)
        if said is not None and said not in _SSL_MODES:
            raise DatabaseUrlError(f"{name}={said!r} in the database URL: write one of {', '.join(_SSL_MODES)}")
    pooler = url.query.get("pooler")
    if pooler is not None and pooler not in _POOLERS:
        raise DatabaseUrlError(f"pooler={pooler!r} in the database URL: write pooler=transaction, or remove it")
    schema = schema_of(url)
    if schema is not None and not _SCHEMA.fullmatch(schema):
        raise DatabaseUrlError(
            f"schema={schema!r} in the database URL is not a schema's name: "
            "write 1 to 63 letters, digits and underscores, e.g. schema=marketing"
        )


def _file(database: str | None) -> Path:
    if not database or database == ":memory:" or database.startswith("file:"):
        raise DatabaseUrlError(
            f"{database!r} is not the path of a file: a database in memory is lost with the process, "
            "write e.g. sqlite:///ai_service.db"
        )
    # absolute, or a later chdir would open another file
    file = Path(database).absolute()
    if not file.parent.is_dir():
        raise DatabaseUrlError(f"the folder of the database {str(file)!r} is missing: create it, or correct the URL")
    if file.is_dir():
        raise DatabaseUrlError(f"the database {str(file)!r} is a folder: name a file in the URL")
    return file
