"""PostgreSQL through asyncpg: how connections are made. Needs the extra `postgres`."""

from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.failures import DatabaseUrlError
from storage.urls import lock_wait_s

_CONNECT_S = 5
_EXTRA = "PostgreSQL needs asyncpg: install the extra, e.g. pip install 'marketing-ai-service[postgres]'"


def postgres_engine(url: URL, *, connections: int | None = None) -> AsyncEngine:
    """Return an engine that opens at most `connections` connections; None: SQLAlchemy's default.

    Raises:
        DatabaseUrlError: asyncpg is not installed. At the first connection: the driver rejects the URL.
    """
    driver = {
        "async_creator_fn": _connector(),
        # replaces the URL's `timeout`, which is of locks
        "timeout": _CONNECT_S,
        "server_settings": {
            "application_name": "ai_service",
            "timezone": "UTC",
            # 0 would disable it
            "lock_timeout": str(max(1, round(lock_wait_s(url) * 1000))),
        },
    }
    pool = {} if connections is None else {"pool_size": connections, "max_overflow": 0}
    return create_async_engine(
        _for_asyncpg(url), connect_args=driver, hide_parameters=True, pool_pre_ping=connections is None, **pool
    )


def _for_asyncpg(url: URL) -> URL:
    """Return the URL with asyncpg's name for `sslmode`."""
    mode = url.query.get("sslmode")
    return url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode}) if mode else url


# Any, here and below: asyncpg brings no types, and SQLAlchemy decides what it is called with.
def _connector() -> Callable[..., Awaitable[Any]]:
    try:
        asyncpg: Any = import_module("asyncpg")
    except ModuleNotFoundError as error:
        raise DatabaseUrlError(_EXTRA) from error

    class Connection(asyncpg.Connection):
        """A connection that closes without waiting for a server that does not answer."""

        async def close(self, *, timeout: float | None = None) -> None:
            # SQLAlchemy passes a timeout when a caller is cancelled: a graceful close would add up to 2 seconds to a
            # deadline that has already passed.
            if timeout is None:
                await asyncpg.Connection.close(self)
            else:
                self.terminate()

    async def connect(
        *arguments: Any, server_settings: dict[str, str], schema: str | None = None, **settings: Any
    ) -> Any:
        if schema is not None:
            # it alone: a table of the same name in `public` is not ours
            server_settings = {**server_settings, "search_path": f'"{schema}"'}
        try:
            return await asyncpg.connect(
                *arguments, server_settings=server_settings, connection_class=Connection, **settings
            )
        except asyncpg.ClientConfigurationError as error:
            raise DatabaseUrlError(f"the driver rejects the database URL: {error}") from error
        except OSError as error:
            # SQLAlchemy wraps only asyncpg's own errors; a timeout is an OSError too
            raise asyncpg.InterfaceError(f"no connection: {error or 'no answer'}") from error

    return connect
