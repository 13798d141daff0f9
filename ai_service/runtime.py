"""The open parts of a service: database, ledger and providers."""

from __future__ import annotations  # what is imported for type checkers alone is named in annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from sqlalchemy.ext.asyncio import AsyncEngine

from ai_service.background import Background
from ai_service.errors import ConfigurationError
from ai_service.heap import freeze_once
from ai_service.settings import Settings
from ai_service.storage_errors import storage_errors
from deps.clock import Clock
from deps.protocols import ContextSource
from models.vocabulary import Feature
from storage.context_source import SqlContextSource
from storage.engine import create_engine
from storage.failures import DatabaseAway
from storage.ledger import SqlLedger
from storage.migrate import prepare
from storage.refusals import refusal_behind

if TYPE_CHECKING:  # imported when a service opens: a host's process starts twice as fast without them
    from pydantic_ai.concurrency import ConcurrencyLimiter
    from pydantic_ai.images import ImageGenerationModel
    from pydantic_ai.models import Model

    from agents.breaker import Breakers
    from agents.chain import Chain
    from agents.price_sources import Prices
    from agents.providers import Providers


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """The open parts of one service."""

    settings: Settings
    engine: AsyncEngine
    ledger: SqlLedger
    providers: Providers
    contexts: ContextSource
    breakers: Breakers
    prices: Prices
    places: ConcurrencyLimiter
    background: Background
    clock: Clock

    @classmethod
    async def open(
        cls, settings: Settings, contexts: ContextSource | None, stack: AsyncExitStack, *, clock: Clock
    ) -> Self:
        """Open and migrate the database and start the ledger; `stack` closes everything.

        Raises ConfigurationError for a database that this version cannot use, StorageUnavailable for one that is
        locked, full or unreachable.
        """
        from pydantic_ai.concurrency import ConcurrencyLimiter

        from agents import load_agents
        from agents.breaker import Breakers
        from agents.price_sources import PriceListError, Prices
        from agents.providers import Credentials, Providers

        load_agents()
        try:
            prices = await stack.enter_async_context(Prices(settings.prices, clock=clock))
        except PriceListError as error:
            raise ConfigurationError(f"AI_SERVICE_PRICES: {error}") from error
        with storage_errors():
            engine = create_engine(settings.database_url)
            stack.push_async_callback(engine.dispose)
            await prepare(engine)
        freeze_once()
        key = settings.openai_api_key
        credentials = Credentials(
            openai_api_key=key.get_secret_value() if key else None, openai_base_url=settings.openai_base_url
        )
        return cls(
            settings=settings,
            engine=engine,
            ledger=await stack.enter_async_context(SqlLedger(engine)),
            providers=await stack.enter_async_context(Providers(credentials)),
            contexts=contexts or SqlContextSource(engine),
            breakers=Breakers(failures=settings.breaker_failures, open_s=settings.breaker_open_s),
            prices=prices,
            places=ConcurrencyLimiter(settings.max_running, max_queued=settings.max_queued, name="ai_service"),
            background=await stack.enter_async_context(Background()),
            clock=clock,
        )

    async def text_models(self, feature: Feature) -> Chain[Model]:
        """Return a text feature's model and its fallbacks. Raises ConfigurationError where one cannot be used."""
        from openai import OpenAIError
        from pydantic_ai.exceptions import UserError

        from agents.chain import Chain

        try:
            models = [await self.providers.text_model(name) for name in self.settings.chain(feature)]
        except (UserError, ValueError, OpenAIError) as error:
            raise ConfigurationError(f"model of {feature}: {error}") from error
        return Chain(tuple(models), self.breakers, self.prices)

    def image_models(self) -> Chain[ImageGenerationModel]:
        """Return the image model and its fallbacks. Raises ConfigurationError where one cannot be used."""
        from openai import OpenAIError
        from pydantic_ai.exceptions import UserError

        from agents.chain import Chain

        try:
            models = [self.providers.image_model(name) for name in self.settings.chain(Feature.IMAGE)]
        except (UserError, ValueError, OpenAIError) as error:
            raise ConfigurationError(f"model of {Feature.IMAGE}: {error}") from error
        return Chain(tuple(models), self.breakers, self.prices)


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
