"""What the tests of storage share: a migrated SQLite file, a lock on it from outside, attempts."""

import sqlite3
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncEngine

from models.attempt import Attempt
from models.vocabulary import Feature
from storage.books import attempts_of
from storage.engine import create_engine, reading
from storage.migrate import migrate

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
BUSINESS_ID = "7a1de1ff-54f3-4f8b-8f0c-1d9d6f1a0001"
CAMPAIGN_ID = "7a1de1ff-54f3-4f8b-8f0c-1d9d6f1a0002"


@asynccontextmanager
async def database(file: Path, *, timeout_s: float = 5) -> AsyncGenerator[AsyncEngine]:
    """Yield an engine on a file with all tables; `timeout_s` is how long a lock is waited for."""
    engine = create_engine(f"sqlite:///{file}?timeout={timeout_s}")
    try:
        await migrate(engine)
        yield engine
    finally:
        await engine.dispose()


@contextmanager
def locked(file: Path) -> Generator[None]:
    """Keep everybody else from writing to the file."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield


def sent(attempt: int = 1, *, request_id: str | None = None, business_id: str = BUSINESS_ID) -> Attempt:
    """Return an attempt that is about to be sent; without `request_id` it is a new call's."""
    return Attempt(
        request_id=request_id or str(uuid4()),
        question=0,
        attempt=attempt,
        feature=Feature.CONTENT,
        provider="openai",
        model="gpt-5.2",
        started_at=NOON,
        business_id=business_id,
    )


async def rows_of(engine: AsyncEngine, attempt: Attempt) -> list[Attempt]:
    """Return what the file says of the attempt's call."""
    async with reading(engine) as session:
        return await attempts_of(session=session, request_id=attempt.request_id)
