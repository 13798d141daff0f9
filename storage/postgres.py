"""PostgreSQL through asyncpg: how its connections are made. Needs the extra `postgres`."""

from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.errors import DatabaseUrlError

_CONNECT_S = 5
_EXTRA = "PostgreSQL needs asyncpg: install the extra, e.g. pip install 'marketing-ai-service[postgres]'"


def postgres_engine(url: URL, *, lock_wait_s: float, connections: int | None = None) -> AsyncEngine:
    """Return an engine on a database; `connections` is the most it opens, None: as many as SQLAlchemy's default.

    Raises:
        DatabaseUrlError: asyncpg is not installed. Later, when a connection is made: the URL says what it can't do.
    """
    driver = {
        "async_creator_fn": _connector(),
        # of connecting; it takes the place of the URL's own, which is of locks
        "timeout": _CONNECT_S,
        "server_settings": {
            "application_name": "ai_service",
            "timezone": "UTC",
            # 0 would mean: for ever
            "lock_timeout": str(max(1, round(lock_wait_s * 1000))),
        },
    }
    pool = {} if connections is None else {"pool_size": connections, "max_overflow": 0}
    return create_async_engine(
        _of_asyncpg(url), connect_args=driver, hide_parameters=True, pool_pre_ping=connections is None, **pool
    )


def _of_asyncpg(url: URL) -> URL:
    """Return the URL in the words of asyncpg, which says `ssl` where PostgreSQL's own tools say `sslmode`."""
    mode = url.query.get("sslmode")
    return url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode}) if mode else url


# Any, here and below: asyncpg brings no types, and SQLAlchemy decides what it is called with.
def _connector() -> Callable[..., Awaitable[Any]]:
    try:
        asyncpg: Any = import_module("asyncpg")
    except ModuleNotFoundError as error:
        raise DatabaseUrlError(_EXTRA) from error

    class Connection(asyncpg.Connection):
        """A connection that is given up at once."""

        async def close(self, *, timeout: float | None = None) -> None:
            # SQLAlchemy sets a timeout where it gives a connection up, when a caller is cancelled: politeness to a
            # server that is silent would cost 2 seconds of what is past a deadline already.
            if timeout is None:
                await asyncpg.Connection.close(self)
            else:
                self.terminate()

    async def connect(*arguments: Any, **settings: Any) -> Any:
        try:
            return await asyncpg.connect(*arguments, **settings, connection_class=Connection)
        except asyncpg.ClientConfigurationError as error:
            raise DatabaseUrlError(f"the database URL can't be used: {error}") from error
        except OSError as error:
            # SQLAlchemy takes only asyncpg's own errors for the database's; a timeout is an OSError too
            raise asyncpg.InterfaceError(f"no connection: {error or 'no answer'}") from error

    return connect
