"""`AIService`: the one object a backend awaits."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from types import TracebackType
from typing import Self, TypeVar

from ai_service.arguments import ContentReading, StateEdit, StrategyReading
from ai_service.bookkeeping import Bookkeeping
from ai_service.calls import new_call, running
from ai_service.contexts import load_strategy, missing_content
from ai_service.errors import ConfigurationError, NotFound
from ai_service.features import make_image, make_post, make_reply, make_strategy, make_video_script
from ai_service.ids import Id
from ai_service.once import once
from ai_service.requests import (
    AnyRequest,
    ContentRequest,
    ImageRequest,
    ReplyRequest,
    StrategyRequest,
    VideoRequest,
    checked,
)
from ai_service.result import AIResult
from ai_service.runtime import Runtime, answering
from ai_service.settings import Settings
from deps.call import Call
from deps.protocols import ContextSource
from models.base import Given, Output
from models.brief import Brief
from models.content import Post
from models.image import AspectRatio, GeneratedImage
from models.messaging import Channel, ReplySuggestion, Turn
from models.records import BriefIds, SavedContent
from models.strategy import CampaignStrategy
from models.video import VideoScript
from models.vocabulary import ContentState, ContentType, Feature, Network
from storage.content import get_content, set_state
from storage.context_source import add_brief

OutputT = TypeVar("OutputT", bound=Output)
RequestT = TypeVar("RequestT", bound=AnyRequest)
GivenT = TypeVar("GivenT", bound=Given)


class AIService(Bookkeeping):
    """All AI of a marketing backend: `async with AIService.from_env() as ai: await ai.generate_content(...)`.

    Every generating function returns an `AIResult` whose output is validated and saved as a draft, or raises an
    `AIServiceError`; every request it made is on the books either way.
    """

    def __init__(self, settings: Settings, *, context_source: ContextSource | None = None) -> None:
        """Take the settings; nothing is opened before `async with`.

        `context_source` brings businesses and campaigns from the host's own tables instead of the layer's.
        """
        self.settings = settings
        self._context_source = context_source
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
    ) -> Self:
        """Return a service with the settings of the environment; what is passed here wins over them.

        Raises ConfigurationError where neither a model nor a key is set: a host that lost its key must not save
        what the sandbox writes.
        """
        settings = Settings.from_env().overridden(model=model, image_model=image_model, database_url=database_url)
        for feature in set(Feature) - {Feature.IMAGE}:
            settings.chain(feature)
        return cls(settings, context_source=context_source)

    async def __aenter__(self) -> Self:
        """Open database, ledger and models. Raises ConfigurationError or StorageUnavailable."""
        async with AsyncExitStack() as stack:
            self._runtime = await Runtime.open(self.settings, self._context_source, stack)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Write what the ledger still holds and close everything."""
        self._runtime = None
        await self._stack.aclose()

    async def add_brief(self, brief: Brief) -> BriefIds:
        """Store a business and its campaign; return their keys."""
        async with answering(self._open) as engine:
            return await add_brief(engine, brief)

    async def generate_strategy(
        self, business_id: Id, campaign_id: Id, *, user_id: str | None = None, idempotency_key: str | None = None
    ) -> AIResult[CampaignStrategy]:
        """Return a calendar of 30 publishing days for a campaign."""
        request = self._checked(
            StrategyRequest,
            business_id=business_id,
            campaign_id=campaign_id,
            user_id=user_id,
            idempotency_key=idempotency_key,
        )
        return await self._run(Feature.STRATEGY, request, CampaignStrategy, make_strategy)

    async def generate_content(
        self,
        business_id: Id,
        campaign_id: Id,
        day: int,
        content_type: ContentType | str | None = None,
        *,
        networks: Sequence[Network | str] = (),
        tag_links: bool = False,
        user_id: str | None = None,
        idempotency_key: str | None = None,
    ) -> AIResult[Post]:
        """Return the post for the theme that the stored calendar has on `day`, from 1.

        Another `content_type` than planned wins and is noted. With `networks` the post is written for the first of
        them and has a variant for each other one, all of one idea. `tag_links` puts UTM parameters on the links that
        are put in. Raises NotFound where there is no calendar yet.
        """
        request = self._checked(
            ContentRequest,
            business_id=business_id,
            campaign_id=campaign_id,
            day=day,
            content_type=content_type,
            networks=list(networks),
            tag_links=tag_links,
            user_id=user_id,
            idempotency_key=idempotency_key,
        )
        return await self._run(Feature.CONTENT, request, Post, make_post)

    async def generate_video_script(
        self,
        business_id: Id,
        campaign_id: Id,
        day: int,
        duration_s: int = 30,
        *,
        user_id: str | None = None,
        idempotency_key: str | None = None,
    ) -> AIResult[VideoScript]:
        """Return a script of `duration_s` seconds (6 to 180) for the theme of `day`, from 1.

        Raises NotFound where there is no calendar yet.
        """
        request = self._checked(
            VideoRequest,
            business_id=business_id,
            campaign_id=campaign_id,
            day=day,
            duration_s=duration_s,
            user_id=user_id,
            idempotency_key=idempotency_key,
        )
        return await self._run(Feature.VIDEO, request, VideoScript, make_video_script)

    async def suggest_reply(
        self,
        business_id: Id,
        customer_message: str,
        *,
        campaign_id: Id | None = None,
        user_id: str | None = None,
        idempotency_key: str | None = None,
        customer_id: str | None = None,
        channel: Channel | str | None = None,
        last_customer_message_at: datetime | None = None,
        thread: Sequence[Turn] = (),
    ) -> AIResult[ReplySuggestion]:
        """Return a reply for a person to send, or to take over from; what is `auto_sendable` a host may send by itself.

        `thread` is what was written before, oldest first. `customer_id` goes on the books and is never sent. Where the
        channel's window has closed by `last_customer_message_at`, a draft is made all the same, for a person to send as
        a template or once the customer has written again: it is flagged, noted, and never `auto_sendable`.
        """
        request = self._checked(
            ReplyRequest,
            business_id=business_id,
            customer_message=customer_message,
            campaign_id=campaign_id,
            user_id=user_id,
            idempotency_key=idempotency_key,
            customer_id=customer_id,
            channel=channel,
            last_customer_message_at=last_customer_message_at,
            thread=list(thread),
        )
        return await self._run(Feature.MESSAGING, request, ReplySuggestion, make_reply)

    async def generate_image(
        self,
        business_id: Id,
        campaign_id: Id,
        day: int,
        *,
        aspect_ratio: AspectRatio | None = None,
        user_id: str | None = None,
        idempotency_key: str | None = None,
    ) -> AIResult[GeneratedImage]:
        """Return a picture for the theme of `day`, from 1; `aspect_ratio` None: what suits the day's format.

        Raises NotFound where there is no calendar yet.
        """
        request = self._checked(
            ImageRequest,
            business_id=business_id,
            campaign_id=campaign_id,
            day=day,
            aspect_ratio=aspect_ratio,
            user_id=user_id,
            idempotency_key=idempotency_key,
        )
        return await self._run(Feature.IMAGE, request, GeneratedImage, make_image)

    async def get_strategy(self, campaign_id: Id) -> CampaignStrategy:
        """Return the newest calendar of a campaign. Raises NotFound where there is none."""
        request = self._checked(StrategyReading, campaign_id=campaign_id)
        async with answering(self._open):
            return await load_strategy(self._open, request.campaign_id)

    async def get_content(self, campaign_id: Id, day: int, *, feature: Feature | str = Feature.CONTENT) -> SavedContent:
        """Return the newest post of a day, or another feature's work for it. Raises NotFound where there is none."""
        request = self._checked(ContentReading, campaign_id=campaign_id, day=day, feature=feature)
        async with answering(self._open) as engine:
            saved = await get_content(engine, request.campaign_id, request.day, feature=request.feature)
            if saved is None:
                raise await missing_content(self._open, request.campaign_id, request.day, request.feature)
        return saved

    async def set_state(self, content_id: Id, state: ContentState | str, revision: int) -> SavedContent:
        """Change the state of saved content; `revision` is the one that was read.

        Raises NotFound for an unknown id, StaleRevision where somebody else changed it first.
        """
        request = self._checked(StateEdit, content_id=content_id, state=state, revision=revision)
        async with answering(self._open) as engine:
            saved = await set_state(engine, str(request.content_id), request.state, request.revision)
        if saved is None:
            raise NotFound(f"no content {str(request.content_id)!r}: pass the content_id of a result")
        return saved

    def _checked(self, kind: type[GivenT], **arguments: object) -> GivenT:
        return checked(kind, hosts_ids=self._context_source is not None, **arguments)

    @property
    def _open(self) -> Runtime:
        if self._runtime is None:
            raise ConfigurationError("the service is not open: use it inside `async with AIService.from_env() as ai:`")
        return self._runtime

    async def _run(
        self,
        feature: Feature,
        request: RequestT,
        output: type[OutputT],
        make: Callable[[Runtime, RequestT, Call], Awaitable[AIResult[OutputT]]],
    ) -> AIResult[OutputT]:
        """Return what `make` does with the request, as one call of `feature`, once for an idempotency key."""
        runtime = self._open
        call = new_call(feature, request, settings=self.settings, ledger=runtime.ledger)
        async with running(runtime, call):
            if request.idempotency_key is None:
                return await make(runtime, request, call)
            return await once(runtime, call, request, output, lambda: make(runtime, request, call))
