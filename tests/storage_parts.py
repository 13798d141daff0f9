"""What the tests of storage share: attempts, ears on the engine, a hand that holds the ledger."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncEngine

from models.attempt import Attempt
from models.records import SavedContent
from models.vocabulary import ContentState, ContentType, Feature
from storage.reports import attempts
from tests.storage_homes import Home

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
BUSINESS_ID = "7a1de1ff-54f3-4f8b-8f0c-1d9d6f1a0001"
CAMPAIGN_ID = "7a1de1ff-54f3-4f8b-8f0c-1d9d6f1a0002"
LOCKED = "the database refuses: (database is locked|canceling statement due to lock timeout)"


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
    """Return what the books say of the attempt's call."""
    return await attempts(engine, attempt.request_id)


def answered(attempt: Attempt) -> Attempt:
    """Return the attempt with its outcome."""
    return replace(
        attempt,
        status="ok",
        http_status=200,
        input_tokens=1200,
        output_tokens=340,
        cost_usd=Decimal("0.004200000001"),
        finished_at=NOON + timedelta(seconds=2),
    )


def draft(content_id: str, *, request_id: str = "r", business_id: str = BUSINESS_ID) -> SavedContent:
    """Return a post as it is saved first."""
    return SavedContent(
        content_id=content_id,
        business_id=business_id,
        campaign_id=CAMPAIGN_ID,
        feature=Feature.CONTENT,
        day=1,
        content_type=ContentType.REEL,
        state=ContentState.DRAFT,
        revision=1,
        output={"caption": "Où est le pain ? 🥐", "hashtags": ["pain"], "script": None},
        request_id=request_id,
        model="openai:gpt-5.2",
        sandbox=False,
        prompt_version="p1",
        notes=[],
        created_at=NOON,
        updated_at=NOON,
    )


@contextmanager
def on_engine(name: str, listener: Callable[..., None]) -> Generator[None]:
    """Call `listener` on each event of this name on any engine, before the engine's own listeners."""
    event.listen(Engine, name, listener)
    try:
        yield
    finally:
        event.remove(Engine, name, listener)


async def never(_: float) -> None:
    await asyncio.Event().wait()


async def a_few_turns() -> None:
    """Let every task that can go on do so."""
    for _ in range(5):
        await asyncio.sleep(0)


@asynccontextmanager
async def writer_held(home: Home) -> AsyncGenerator[threading.Event]:
    """Keep the ledger in its transaction until the block ends; the event says that it is there."""
    begun = threading.Event()

    def begin(_: object) -> None:
        begun.set()

    async with home.locked():
        with on_engine("begin", begin):
            yield begun
