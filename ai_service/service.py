"""`AIService`: the one object a backend awaits."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self, TypeVar

from ai_service import features
from ai_service.bookkeeping import Bookkeeping
from ai_service.errors import ConfigurationError
from ai_service.given_brief import as_brief
from ai_service.health import examined
from ai_service.requests import checked
from ai_service.reviewing import Reviewing
from ai_service.runtime import Runtime, answering
from ai_service.settings import Settings
from ai_service.tenants import Tenants
from deps.clock import CLOCK, Clock
from deps.protocols import ContextSource, CredentialSource
from models.base import Given
from models.brief import Brief
from models.readiness import Readiness
from models.records import BriefIds
from storage.context_source import add_brief

GivenT = TypeVar("GivenT", bound=Given)


class AIService(
    features.strategy.Calendars,
    features.content.Posts,
    features.video.VideoScripts,
    features.messaging.Replies,
    features.image.Images,
    Tenants,
    Reviewing,
    Bookkeeping,
):
    """All AI of a marketing backend: `async with AIService.from_env() as ai: await ai.generate_content(...)`.

    Every generating function returns an `AIResult` whose output is validated and saved as a draft, or raises an
    `AIServiceError`; every request it made is in the ledger either way.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        context_source: ContextSource | None = None,
        credential_source: CredentialSource | None = None,
        clock: Clock = CLOCK,
    ) -> None:
        """Take the settings; nothing is opened before `async with`.

        `context_source` brings businesses and campaigns from the host's own tables instead of the layer's.
        `credential_source` brings the models and keys of businesses that have their own. `clock` is what limits, waits
        and deadlines run on: a test can hold it still.
        """
        self.settings = settings
        self._clock = clock
        self._context_source = context_source
        self._credential_source = credential_source
        self._stack = AsyncExitStack()
        self._runtime: Runtime | None = None

    @classmethod
    def from_env(
        cls,
        *,
        model: str | None = None,
        image_model: str | None = None,
        database_url: str | None = None,
        context_source: ContextSource | None = None,
        credential_source: CredentialSource | None = None,
    ) -> Self:
        """Return a service with the settings of the environment; what is passed here wins over them.

        Raises ConfigurationError where neither a model nor a key is set: a host that lost its key must not save
        what the sandbox writes. With a `credential_source` that is an error of the calls for which it has none either.
        """
        settings = Settings.from_env(model=model, image_model=image_model, database_url=database_url)
        if credential_source is None:
            settings.check_text_models()
        return cls(settings, context_source=context_source, credential_source=credential_source)

    async def __aenter__(self) -> Self:
        """Open database, ledger and models. Raises ConfigurationError or StorageUnavailable."""
        from ai_service.opening import open_runtime  # takes a second, which `import ai_service` does not

        async with AsyncExitStack() as stack:
            self._runtime = await open_runtime(
                self.settings, self._context_source, self._credential_source, stack, clock=self._clock
            )
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Write what the ledger still holds and close everything. Raises ConfigurationError in another event loop."""
        _ = self._open
        self._runtime = None
        await self._stack.aclose()

    async def add_brief(self, brief: Brief | Mapping[str, object]) -> BriefIds:
        """Store a business and its campaign, as a `Brief` or its fields; return their keys. Raises InvalidRequest."""
        asked = as_brief(brief)
        async with answering(self._open) as engine:
            return await add_brief(engine, asked)

    async def ready(self) -> Readiness:
        """Return what works, for a health check: database, migrations, each feature's model and key, prices.

        Sends no request to a provider.
        """
        return await examined(self._open)

    def _checked(self, kind: type[GivenT], **arguments: object) -> GivenT:
        return checked(kind, hosts_ids=self._context_source is not None, **arguments)

    @property
    def _keeps_briefs(self) -> bool:
        return self._context_source is None

    @property
    def _open(self) -> Runtime:
        if self._runtime is None:
            raise ConfigurationError("the service is not open: use it inside `async with AIService.from_env() as ai:`")
        if self._runtime.loop is not asyncio.get_running_loop():
            raise ConfigurationError(
                "the service was opened in another event loop: open one in each loop, or use ai_service.sync"
            )
        return self._runtime
