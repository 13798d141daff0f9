"""Creates engines on PostgreSQL through asyncpg, which the extra `postgres` installs."""

from collections.abc import Callable

from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.postgres_connections import connector
from storage.urls import is_pooled, lock_wait_s, schema_of

_CONNECT_S = 5


def postgres_engine(url: URL, *, connections: int | None = None) -> AsyncEngine:
    """Return an engine that opens at most `connections` connections; None: SQLAlchemy's default.

    Raises:
        DatabaseUrlError: asyncpg is not installed. At the first connection: the driver rejects the URL.
    """
    pool = {} if connections is None else {"pool_size": connections, "max_overflow": 0}
    engine = create_async_engine(
        _for_asyncpg(url),
        # `timeout` replaces the URL's, which is of locks
        connect_args={**_driver(url), "async_creator_fn": connector(pooled=is_pooled(url)), "timeout": _CONNECT_S},
        hide_parameters=True,
        pool_pre_ping=connections is None,
        **pool,
    )
    if is_pooled(url):
        event.listen(engine.sync_engine, "begin", _setter(url))
    return engine


def _driver(url: URL) -> dict[str, object]:
    """Return the arguments of each connection."""
    if not is_pooled(url):
        return {"server_settings": {"application_name": "ai_service", **_settings(url)}}
    return {
        # a statement that is prepared on one connection of the server is unknown on the next one; without a cache,
        # asyncpg gives statements no name, so that none is left there
        "statement_cache_size": 0,
        "prepared_statement_cache_size": 0,
    }


def _settings(url: URL) -> dict[str, str]:
    """Return the server's settings that transactions rely on."""
    settings = {
        "timezone": "UTC",
        # 0 would disable it
        "lock_timeout": str(max(1, round(lock_wait_s(url) * 1000))),
    }
    if (schema := schema_of(url)) is not None:
        # it alone: a table of the same name in `public` is not ours
        settings["search_path"] = f'"{schema}"'
    return settings


def _setter(url: URL) -> Callable[[Connection], None]:
    """Return what sets the settings at the beginning of each transaction: a pooler accepts none with a connection."""
    settings = _settings(url)
    calls = (f"set_config('{name}', ${place}, true)" for place, name in enumerate(settings, start=1))
    statement, values = f"SELECT {', '.join(calls)}", tuple(settings.values())

    def set_locally(connection: Connection) -> None:
        connection.exec_driver_sql(statement, values)

    return set_locally


def _for_asyncpg(url: URL) -> URL:
    """Return the URL with asyncpg's name for `sslmode`."""
    mode = url.query.get("sslmode")
    return url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode}) if mode else url
