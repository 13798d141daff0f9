"""A host's `ContextSource`: what it returns is validated, and what goes wrong in it is one of the package's errors."""

from typing import TypeVar

from pydantic import ValidationError

from ai_service.errors import ConfigurationError, problems_of
from ai_service.hosts_answers import answer_of
from deps.protocols import ContextSource
from models.base import Given
from models.brief import BusinessContext, CampaignContext

ContextT = TypeVar("ContextT", bound=Given)


class HostsContexts:
    """Asks a host's source.

    A dict of the fields is taken as well. Raises ConfigurationError naming the method that returns or raises what it
    should not, StorageUnavailable where the host's database is away; an AIServiceError passes through.
    """

    def __init__(self, source: ContextSource) -> None:
        self._source = source

    async def get_business(self, business_id: str) -> BusinessContext | None:
        """Return the business with this id; None: there is none."""
        return await self._answer("get_business", BusinessContext, business_id)

    async def get_campaign(self, business_id: str, campaign_id: str) -> CampaignContext | None:
        """Return the campaign with this id; None: there is none, or it is another business's."""
        return await self._answer("get_campaign", CampaignContext, business_id, campaign_id)

    async def _answer(self, name: str, kind: type[ContextT], *ids: str) -> ContextT | None:
        method = f"{name} of your ContextSource"
        try:
            answer = await answer_of(method, lambda: getattr(self._source, name)(*ids))
            return None if answer is None else kind.model_validate(answer)
        except ValidationError as error:
            problems = "; ".join(map(str, problems_of(error)))
            raise ConfigurationError(f"{method} should return a {kind.__name__} or None: {problems}") from error
