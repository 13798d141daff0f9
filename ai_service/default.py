"""The five functions on a default service, as the seed system had them: ids in, a JSON-ready dict out.

The service is made from the environment on first use in an event loop, and closed with that loop: a task of the loop
holds it, so that two successive `asyncio.run` each have their own.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from weakref import WeakKeyDictionary

from pydantic import JsonValue

from ai_service.ids import Id
from ai_service.service import AIService
from models.base import Output
from models.image import AspectRatio
from models.messaging import Channel, Turn
from models.vocabulary import ContentType, Network

Json = dict[str, JsonValue]

_ready: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Future[AIService]] = WeakKeyDictionary()
_keepers: set[asyncio.Task[None]] = set()


async def generate_strategy(
    business_id: Id, campaign_id: Id, *, user_id: str | None = None, idempotency_key: str | None = None
) -> Json:
    """Return a `CampaignStrategy` as JSON; see `AIService.generate_strategy`."""
    service = await _service()
    result = await service.generate_strategy(business_id, campaign_id, user_id=user_id, idempotency_key=idempotency_key)
    return _json(result.output)


async def generate_content(
    business_id: Id,
    campaign_id: Id,
    day: int,
    content_type: ContentType | str | None = None,
    *,
    networks: Sequence[Network | str] = (),
    tag_links: bool = False,
    user_id: str | None = None,
    idempotency_key: str | None = None,
) -> Json:
    """Return a `Post` as JSON; see `AIService.generate_content`."""
    service = await _service()
    result = await service.generate_content(
        business_id,
        campaign_id,
        day,
        content_type,
        networks=networks,
        tag_links=tag_links,
        user_id=user_id,
        idempotency_key=idempotency_key,
    )
    return _json(result.output)


async def generate_video_script(
    business_id: Id,
    campaign_id: Id,
    day: int,
    duration_s: int = 30,
    *,
    user_id: str | None = None,
    idempotency_key: str | None = None,
) -> Json:
    """Return a `VideoScript` as JSON; see `AIService.generate_video_script`."""
    service = await _service()
    result = await service.generate_video_script(
        business_id, campaign_id, day, duration_s, user_id=user_id, idempotency_key=idempotency_key
    )
    return _json(result.output)


async def suggest_reply(
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
) -> Json:
    """Return a `ReplySuggestion` as JSON; see `AIService.suggest_reply`."""
    service = await _service()
    result = await service.suggest_reply(
        business_id,
        customer_message,
        campaign_id=campaign_id,
        user_id=user_id,
        idempotency_key=idempotency_key,
        customer_id=customer_id,
        channel=channel,
        last_customer_message_at=last_customer_message_at,
        thread=thread,
    )
    return _json(result.output)


async def generate_image(
    business_id: Id,
    campaign_id: Id,
    day: int,
    *,
    aspect_ratio: AspectRatio | None = None,
    user_id: str | None = None,
    idempotency_key: str | None = None,
) -> Json:
    """Return a `GeneratedImage` as JSON; see `AIService.generate_image`."""
    service = await _service()
    result = await service.generate_image(
        business_id, campaign_id, day, aspect_ratio=aspect_ratio, user_id=user_id, idempotency_key=idempotency_key
    )
    return _json(result.output)


def _json(output: Output) -> Json:
    return output.model_dump(mode="json")


async def _service() -> AIService:
    """Return this loop's service. A start that failed is tried again by the next call."""
    loop = asyncio.get_running_loop()
    ready = _ready.get(loop)
    if ready is None or (ready.done() and (ready.cancelled() or ready.exception())):
        ready = _ready[loop] = loop.create_future()
        keeper = loop.create_task(_keep(ready), name="default AIService")
        _keepers.add(keeper)
        keeper.add_done_callback(_keepers.discard)
    return await asyncio.shield(ready)


async def _keep(ready: asyncio.Future[AIService]) -> None:
    """Hold a service open until the loop ends: `asyncio.run` cancels its tasks then, and waits for them."""
    try:
        async with AIService.from_env() as service:
            ready.set_result(service)
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
    except BaseException as error:  # whoever waits is told, whatever it was
        if not ready.done():
            ready.set_exception(error)
        else:
            raise
