"""The reviewer's part of `AIService`: saved content is read and its state changed. Other businesses' is not there."""

from uuid import UUID

from pydantic import Field

from ai_service.contexts import load_strategy, missing_content
from ai_service.errors import NotFound
from ai_service.ids import Id, StoredId
from ai_service.runtime import answering
from ai_service.service_part import ServicePart
from models.base import Given
from models.records import SavedContent
from models.strategy import CampaignStrategy
from models.vocabulary import ContentState, Feature
from storage.content import get_content, newest_content, set_state

_MAX_INTEGER = 2**31 - 1
"""The largest number that an INTEGER column of PostgreSQL holds."""


class StrategyReading(Given):
    """Arguments of `get_strategy`."""

    business_id: StoredId
    campaign_id: StoredId


class NewestReading(Given):
    """Arguments of `newest_content`."""

    business_id: StoredId
    campaign_id: StoredId
    day: int = Field(ge=1, le=_MAX_INTEGER)
    feature: Feature


class ContentReading(Given):
    """Arguments of `get_content`."""

    business_id: StoredId
    content_id: UUID


class StateEdit(ContentReading):
    """Arguments of `set_state`."""

    state: ContentState
    revision: int = Field(ge=1, le=_MAX_INTEGER)


class Reviewing(ServicePart):
    """What a review screen asks of a service."""

    async def get_strategy(self, business_id: Id, campaign_id: Id) -> CampaignStrategy:
        """Return the newest calendar of a campaign. Raises NotFound where there is none."""
        request = self._checked(StrategyReading, business_id=business_id, campaign_id=campaign_id)
        async with answering(self._open):
            return await load_strategy(self._open, request.business_id, request.campaign_id)

    async def get_content(self, business_id: Id, content_id: Id) -> SavedContent:
        """Return saved content, whatever was generated after it. Raises NotFound for another business's."""
        request = self._checked(ContentReading, business_id=business_id, content_id=content_id)
        async with answering(self._open) as engine:
            return _found(await get_content(engine, request.business_id, str(request.content_id)), request)

    async def newest_content(
        self, business_id: Id, campaign_id: Id, day: int, *, feature: Feature | str = Feature.CONTENT
    ) -> SavedContent:
        """Return the newest post of a day, or another feature's work for it. Raises NotFound where there is none."""
        ids = {"business_id": business_id, "campaign_id": campaign_id}
        request = self._checked(NewestReading, **ids, day=day, feature=feature)
        of_day = (request.business_id, request.campaign_id, request.day)
        async with answering(self._open) as engine:
            saved = await newest_content(engine, *of_day, feature=request.feature)
            if saved is None:
                raise await missing_content(self._open, *of_day, request.feature)
        return saved

    async def set_state(
        self, business_id: Id, content_id: Id, state: ContentState | str, revision: int
    ) -> SavedContent:
        """Change the state of saved content; `revision` is the one that was read.

        Raises NotFound for another business's, StaleRevision where somebody else changed it first.
        """
        ids = {"business_id": business_id, "content_id": content_id}
        request = self._checked(StateEdit, **ids, state=state, revision=revision)
        async with answering(self._open) as engine:
            saved = await set_state(
                engine, request.business_id, str(request.content_id), request.state, request.revision
            )
        return _found(saved, request)


def _found(saved: SavedContent | None, request: ContentReading) -> SavedContent:
    if saved is None:
        raise NotFound(
            f"business {request.business_id!r} has no content {str(request.content_id)!r}: "
            "pass the content_id of a result of this business"
        )
    return saved
