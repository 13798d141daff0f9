"""A server's own flush: how long a bare connection waits for two commits of one row, an INSERT and an UPDATE."""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

# Any: asyncpg brings no types.
_asyncpg: Any = import_module("asyncpg")

_BODY = "x" * 1_000
"""About as long as a row of the ledger."""

Flush = Callable[[], Awaitable[float]]
"""Commits a row twice and returns the milliseconds waited."""


@asynccontextmanager
async def flush_on(url: str) -> AsyncGenerator[Flush]:
    """Yield what flushes a row, on a connection and a table of its own, with prepared statements."""
    connection = await _asyncpg.connect(url, timeout=5)
    await connection.execute("CREATE TABLE flushed (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body TEXT)")
    insert = await connection.prepare("INSERT INTO flushed (body) VALUES ($1) RETURNING id")
    update = await connection.prepare("UPDATE flushed SET body = $2 WHERE id = $1")

    async def flush() -> float:
        began = time.perf_counter()
        number = await insert.fetchval(_BODY)
        await update.fetch(number, _BODY)
        return (time.perf_counter() - began) * 1000

    try:
        yield flush
    finally:
        await connection.close()
