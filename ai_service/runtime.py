"""The open parts of a service: database, ledger and models."""

from __future__ import annotations  # some types are imported for type checkers alone

from asyncio import AbstractEventLoop
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncEngine

from ai_service.background import Background
from ai_service.settings import Settings
from ai_service.storage_errors import storage_errors
from deps.clock import Clock
from deps.protocols import ContextSource
from storage.failures import DatabaseAway
from storage.ledger import SqlLedger
from storage.refusals import refusal_behind

if TYPE_CHECKING:  # `ai_service.opening` imports them, once somebody opens a service
    from ai_service.model_chains import ModelChains


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """The open parts of one service."""

    settings: Settings
    engine: AsyncEngine
    ledger: SqlLedger
    contexts: ContextSource
    models: ModelChains
    background: Background
    clock: Clock
    loop: AbstractEventLoop
    """The event loop that it was opened in, and is used in alone."""


@asynccontextmanager
async def answering(runtime: Runtime) -> AsyncGenerator[AsyncEngine]:
    """Yield the engine for at most as long as a call may take; raise an error of storage as the package's own."""
    with storage_errors():
        try:
            async with runtime.clock.timeout(runtime.settings.deadline_s):
                yield runtime.engine
        except TimeoutError as error:
            raise refusal_behind(error) or DatabaseAway("the database gives no answer") from error


async def flushed(runtime: Runtime) -> AsyncEngine:
    """Return the engine once every settlement so far is durable; otherwise as `answering`."""
    async with answering(runtime) as engine:
        await runtime.ledger.flush()
    return engine
