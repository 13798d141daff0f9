"""Opens a service: imports what its calls need, opens the database, the ledger and the model providers."""

import asyncio
from contextlib import AsyncExitStack

from agents import load_agents
from agents.gates import Gates
from agents.places import Places
from agents.price_sources import PriceListError, Prices
from agents.providers import Credentials, Providers
from ai_service.accounts import Account, Accounts
from ai_service.background import Background
from ai_service.errors import ConfigurationError
from ai_service.heap import freeze_once
from ai_service.hosts_contexts import HostsContexts
from ai_service.hosts_credentials import HostsCredentials
from ai_service.model_chains import ModelChains
from ai_service.runtime import Runtime
from ai_service.settings import Settings
from ai_service.storage_errors import storage_errors
from ai_service.tracing import flush_spans
from deps.clock import Clock
from deps.protocols import ContextSource, CredentialSource
from storage.context_source import SqlContextSource
from storage.engine import create_engine
from storage.ledger import SqlLedger
from storage.migrate import prepare


async def open_runtime(
    settings: Settings,
    contexts: ContextSource | None,
    credentials: CredentialSource | None,
    stack: AsyncExitStack,
    *,
    clock: Clock,
) -> Runtime:
    """Open and migrate the database, start the ledger and the providers; `stack` closes everything.

    Raises ConfigurationError for a database that this version cannot use, StorageUnavailable for one that is locked,
    full or unreachable.
    """
    load_agents()
    stack.push_async_callback(flush_spans)  # last: closing the rest ends spans too
    models = await _open_models(settings, credentials, stack, clock=clock)
    await models.check()
    with storage_errors():
        engine = create_engine(settings.database_url)
        stack.push_async_callback(engine.dispose)
        await prepare(engine)
    freeze_once()
    ledger = SqlLedger(
        engine, unknown_price_usd_per_mtok=settings.unknown_price_usd_per_mtok, monotonic=clock.monotonic
    )
    return Runtime(
        settings=settings,
        engine=engine,
        ledger=await stack.enter_async_context(ledger),
        contexts=HostsContexts(contexts) if contexts else SqlContextSource(engine),
        models=models,
        background=await stack.enter_async_context(Background()),
        clock=clock,
        loop=asyncio.get_running_loop(),
    )


async def _open_models(
    settings: Settings, credentials: CredentialSource | None, stack: AsyncExitStack, *, clock: Clock
) -> ModelChains:
    try:
        prices = await stack.enter_async_context(Prices(settings.prices, clock=clock))
    except PriceListError as error:
        raise ConfigurationError(f"AI_SERVICE_PRICES: {error}") from error
    key, base_url, profiles = settings.openai_api_key, settings.openai_base_url, settings.server_profiles
    own = Credentials(openai_api_key=key.get_secret_value() if key else None, openai_base_url=base_url)
    places = Places(settings.max_running, most_waiting=settings.max_queued)

    def new_gates() -> Gates:
        return Gates(places=places, first_wait_s=settings.backoff_s, clock=clock)

    accounts = Accounts(new_gates, openai_base_url=base_url, profiles=profiles)
    return ModelChains(
        settings=settings,
        account=Account(await stack.enter_async_context(Providers(own, profiles)), new_gates()),
        prices=prices,
        credentials=HostsCredentials(credentials) if credentials else None,
        accounts=await stack.enter_async_context(accounts),
    )
