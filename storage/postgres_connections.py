"""Connects to PostgreSQL, directly or through a pooler."""

from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any

from storage.failures import DatabaseUrlError

_EXTRA = "PostgreSQL needs asyncpg: install the extra, e.g. pip install 'marketing-ai-service[postgres]'"
_POOLER = "the database URL leads to a pooler: add pooler=transaction to it"
_OURS = ("schema", "pooler")
"""Options of the URL that SQLAlchemy passes on and the driver does not know."""


# Any, here and below: asyncpg brings no types, and SQLAlchemy decides what it is called with.
def connector(*, pooled: bool) -> Callable[..., Awaitable[Any]]:
    """Return the function that SQLAlchemy calls for each new connection.

    Raises:
        DatabaseUrlError: asyncpg is not installed. When called: the driver or the server rejects the URL.
    """
    try:
        asyncpg: Any = import_module("asyncpg")
    except ModuleNotFoundError as error:
        raise DatabaseUrlError(_EXTRA) from error
    kind = _connection_class(asyncpg, pooled=pooled)

    async def connect(*arguments: Any, **settings: Any) -> Any:
        for option in _OURS:
            settings.pop(option, None)
        try:
            return await asyncpg.connect(*arguments, connection_class=kind, **settings)
        except asyncpg.ClientConfigurationError as error:
            raise DatabaseUrlError(f"the driver rejects the database URL: {error}") from error
        except asyncpg.ProtocolViolationError as error:
            if "startup parameter" in str(error):
                raise DatabaseUrlError(_POOLER) from error
            raise
        except OSError as error:
            # SQLAlchemy wraps only asyncpg's own errors; a timeout is an OSError too
            raise asyncpg.InterfaceError(f"no connection: {error or 'no answer'}") from error

    return connect


def _connection_class(asyncpg: Any, *, pooled: bool) -> type[Any]:
    class Direct(asyncpg.Connection):
        """A connection that closes without waiting for a server that does not answer."""

        async def close(self, *, timeout: float | None = None) -> None:
            # SQLAlchemy passes a timeout when a caller is cancelled: a graceful close would add up to 2 seconds to a
            # deadline that has already passed.
            if timeout is None:
                await asyncpg.Connection.close(self)
            else:
                self.terminate()

    class Pooled(Direct):
        """A connection to a pooler, which keeps the server's connection for a transaction alone."""

        async def set_type_codec(self, *arguments: Any, **settings: Any) -> None:
            # SQLAlchemy calls it for each new connection, and it prepares a statement
            async with self.transaction():
                await asyncpg.Connection.set_type_codec(self, *arguments, **settings)

    return Pooled if pooled else Direct
