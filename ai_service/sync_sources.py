"""What synchronous hosts bring: sources with plain methods, asked in worker threads."""

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from anyio import to_thread

from models.brief import BusinessContext, CampaignContext
from models.credentials import BusinessCredentials
from models.vocabulary import Feature


class ContextSource(Protocol):
    """Where businesses and campaigns come from: `ai_service.ContextSource` with plain methods, called in threads."""

    def get_business(self, business_id: str) -> BusinessContext | None:
        """Return the business with this id; None: there is none."""
        ...

    def get_campaign(self, business_id: str, campaign_id: str) -> CampaignContext | None:
        """Return the campaign with this id; None: there is none, or it is another business's."""
        ...


class CredentialSource(Protocol):
    """Where the keys and models of businesses come from: `ai_service.CredentialSource` with a plain method."""

    def get_credentials(self, business_id: str, feature: Feature) -> BusinessCredentials | None:
        """Return what a business brings for a feature, for one call; None: nothing, the service's own serve."""
        ...


class ContextsInThreads:
    """A synchronous source of contexts, as an asynchronous one."""

    def __init__(self, source: ContextSource) -> None:
        self._source = source

    async def get_business(self, business_id: str) -> BusinessContext | None:
        """Return the business with this id; None: there is none."""
        return await _answer(partial(self._source.get_business, business_id))

    async def get_campaign(self, business_id: str, campaign_id: str) -> CampaignContext | None:
        """Return the campaign with this id; None: there is none, or it is another business's."""
        return await _answer(partial(self._source.get_campaign, business_id, campaign_id))


class CredentialsInThreads:
    """A synchronous source of credentials, as an asynchronous one."""

    def __init__(self, source: CredentialSource) -> None:
        self._source = source

    async def get_credentials(self, business_id: str, feature: Feature) -> BusinessCredentials | None:
        """Return what a business brings for a feature; None: nothing."""
        return await _answer(partial(self._source.get_credentials, business_id, feature))


# Any: a host returns what it likes, which is validated where it is used
async def _answer(ask: Callable[[], Any]) -> Any:
    answer = await to_thread.run_sync(ask)
    return await answer if inspect.isawaitable(answer) else answer  # an asynchronous source is taken as well
