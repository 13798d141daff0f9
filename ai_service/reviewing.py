"""The reviewer's part of `AIService`: saved content is listed, read, and its state changed, of one business alone."""

from collections.abc import Mapping

from ai_service.content_arguments import (
    ContentListing,
    ContentReading,
    NewestReading,
    StateEdit,
    StrategyReading,
    TextEdit,
)
from ai_service.contexts import load_business, load_campaign, load_strategy, missing_content
from ai_service.editing import revised
from ai_service.errors import NotFound
from ai_service.ids import Id
from ai_service.runtime import answering
from ai_service.service_part import ServicePart
from models.base import Output
from models.paging import Page
from models.records import ContentChange, SavedContent, SavedEdit
from models.strategy import CampaignStrategy
from models.vocabulary import ContentState, Feature
from storage.content import get_content, list_content, newest_content
from storage.content_changes import content_history, save_edit, set_state


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

    async def list_content(
        self,
        business_id: Id,
        *,
        campaign_id: Id | None = None,
        feature: Feature | str | None = None,
        day: int | None = None,
        state: ContentState | str | None = None,
        after: str | None = None,
        limit: int = 20,
    ) -> Page[SavedContent]:
        """Return a page of what is saved of a business, newest first; `after` is that of the page before.

        What is given narrows it: with campaign, feature and day these are the versions of a day, with a state what
        waits for review. Raises NotFound where there is neither content nor such a business or campaign.
        """
        request = self._checked(
            ContentListing,
            business_id=business_id,
            campaign_id=campaign_id,
            feature=feature,
            day=day,
            state=state,
            after=after,
            limit=limit,
        )
        async with answering(self._open) as engine:
            page = await list_content(
                engine,
                request.business_id,
                campaign_id=request.campaign_id,
                feature=request.feature,
                day=request.day,
                state=request.state,
                after=request.after,
                limit=request.limit,
            )
            if not page.items:
                await self._check_ids(request)
        return page

    async def newest_content(
        self,
        business_id: Id,
        campaign_id: Id,
        day: int,
        *,
        feature: Feature | str = Feature.CONTENT,
        state: ContentState | str | None = None,
    ) -> SavedContent:
        """Return the newest post of a day, or another feature's work for it; with a state the newest that is in it.

        Raises NotFound where there is none.
        """
        ids = {"business_id": business_id, "campaign_id": campaign_id}
        request = self._checked(NewestReading, **ids, day=day, feature=feature, state=state)
        of_day = (request.business_id, request.campaign_id, request.day)
        async with answering(self._open) as engine:
            saved = await newest_content(engine, *of_day, feature=request.feature, state=request.state)
            if saved is None:
                raise await missing_content(self._open, *of_day, request.feature, request.state)
        return saved

    async def set_state(
        self,
        business_id: Id,
        content_id: Id,
        state: ContentState | str,
        revision: int,
        *,
        user_id: str | None = None,
    ) -> SavedContent:
        """Change the state of saved content; `revision` is the one that was read, `user_id` who decides.

        Raises NotFound for another business's, StaleRevision where somebody else changed it first, InvalidRequest
        where the state may not follow on the present one.
        """
        ids = {"business_id": business_id, "content_id": content_id, "user_id": user_id}
        request = self._checked(StateEdit, **ids, state=state, revision=revision)
        this = (request.business_id, str(request.content_id))
        async with answering(self._open) as engine:
            saved = await set_state(engine, *this, request.state, request.revision, user_id=request.user_id)
        return _found(saved, request)

    async def save_edit(
        self,
        business_id: Id,
        content_id: Id,
        output: Output | Mapping[str, object],
        revision: int,
        user_id: str,
    ) -> SavedEdit:
        """Save a person's text for saved content, with all the rules that it breaks as flags; what it says is saved.

        `output` holds the fields that the person changed, or all of them: fields that code sets stay as they are. The
        generated text is kept beside it. What was approved or rejected needs a review again. Raises NotFound for
        another business's, StaleRevision where somebody else changed it first, InvalidRequest for fields that it has
        not and for what is published.
        """
        ids = {"business_id": business_id, "content_id": content_id, "user_id": user_id}
        request = self._checked(TextEdit, **ids, output=output, revision=revision)
        this = (request.business_id, str(request.content_id))
        async with answering(self._open) as engine:
            saved = _found(await get_content(engine, *this), request)
            edited = await revised(self._open, saved, request.output)
            content = await save_edit(
                engine,
                *this,
                edited.output.model_dump(mode="json"),
                request.revision,
                flags=edited.flags,
                user_id=request.user_id,
            )
        return SavedEdit(content=_found(content, request), flags=edited.flags)

    async def content_history(self, business_id: Id, content_id: Id) -> list[ContentChange]:
        """Return who changed saved content when, oldest first. Raises NotFound for another business's."""
        request = self._checked(ContentReading, business_id=business_id, content_id=content_id)
        this = (request.business_id, str(request.content_id))
        async with answering(self._open) as engine:
            _found(await get_content(engine, *this), request)
            return await content_history(engine, *this)

    async def _check_ids(self, request: ContentListing) -> None:
        """Raise NotFound where there is no such business, or it has no such campaign."""
        if request.campaign_id is None:
            await load_business(self._open, request.business_id)
        else:
            await load_campaign(self._open, request.business_id, request.campaign_id)


def _found(saved: SavedContent | None, request: ContentReading) -> SavedContent:
    if saved is None:
        raise NotFound(
            f"business {request.business_id!r} has no content {str(request.content_id)!r}: "
            "pass the content_id of a result of this business"
        )
    return saved
