"""The calls of the host cases, each adapted to the names that the functions have here."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

from ai_service import AIResult, NotFound, Publishable, Settings, check
from evals.frozen.host_world import Play, World

_SPEND = ("generate_content.spend_at_most_usd",)
_WISH = ("generate_content.instruction",)
_LIST = ("list_content",)
_REVIEW = ("set_state.business_id",)
_GET = ("get_content.content_id",)
_EDIT = ("save_edit",)
_REDO = ("regenerate_day",)


async def _twice(world: World, *, key: str) -> list[AIResult[Any]]:
    return [await world.post(day=day, idempotency_key=key) for day in (1, 2)]


def _two(world: World, results: list[AIResult[Any]]) -> bool:
    return len({result.content_id for result in results}) == 2 and not any(result.replayed for result in results)


async def _checked(content: Any, network: Any) -> Any:
    return check(content, network)


def _on(*networks: str) -> Any:
    def right(world: World, result: AIResult[Any]) -> bool:
        return [result.output.network, *(variant.network for variant in result.output.variants)] == [*networks]

    return right


def _raising() -> Iterator[str]:
    yield "instagram"
    raise ValueError("the host's own")


async def _row_of(world: World, result: AIResult[Any], **fields: str) -> bool:
    rows = await world.ai.attempts(result.request_id)
    return all(getattr(row, name) == value for row in rows for name, value in fields.items())


async def _by_state(world: World) -> tuple[Any, Any]:
    await world.post()
    pages = [await world.ai.list_content(world.business_id, state=state) for state in ("Draft", "draft")]
    return tuple(page.items for page in pages)


async def _of_other(world: World, **asked: Any) -> list[Any]:
    """Return what business B is shown; an answer that nothing is there is an empty page."""
    try:
        page = await world.ai.list_content(world.other_id, **asked)
    except NotFound:
        return []
    return page.items


async def _with_cursor(world: World) -> list[Any]:
    await world.post()
    first = await world.ai.list_content(world.business_id, limit=1)
    return await _of_other(world, after=first.after)


def _none_of_first(world: World, items: list[Any]) -> bool:
    return all(item.business_id == world.other_id for item in items)


async def _state_of(world: World, _: object) -> bool:
    return (await world.ai.get_content(world.business_id, world.content_id)).state == "draft"


async def _saved(world: World, business_id: str, revision: int, caption: str) -> Any:
    saved = await world.ai.get_content(world.business_id, world.content_id)
    output = {**saved.output, "caption": caption}
    return await world.ai.save_edit(business_id, world.content_id, output, revision, user_id="u")


async def _stale(world: World) -> Any:
    await _saved(world, world.business_id, 1, "A newer text of a person.")
    return await _saved(world, world.business_id, 1, "An older one.")


async def _key_of_two(world: World) -> list[AIResult[Any]]:
    first = await world.post(idempotency_key="one-key")
    return [first, await world.post(world.other_id, world.other_campaign_id, idempotency_key="one-key")]


async def _closed(world: World) -> Any:
    from evals.frozen.host_world import world as opening

    async with opening(world.brief) as ended:
        pass
    async with asyncio.timeout(20):
        return await ended.post()


async def _settings_of_number(world: World) -> Any:
    return Settings(model="sandbox", models={"content": 5})


def _spend(value: Any) -> Play:
    return Play(lambda world: world.post(spend_at_most_usd=value), _SPEND)


CALLS: dict[str, Play] = {
    "empty.instruction": Play(lambda world: world.post(instruction="   "), _WISH),
    "empty.spend": _spend(""),
    "empty.customer": Play(lambda world: world.reply(customer_id="", channel="", thread=[])),
    "empty.idempotency": Play(lambda world: _twice(world, key=""), right=_two),
    "empty.message": Play(lambda world: world.reply(""), names=("message",)),
    "empty.business": Play(lambda world: world.post("")),
    "case.network_upper": Play(lambda world: world.post(networks=["INSTAGRAM"]), right=_on("instagram")),
    "case.network_padded": Play(lambda world: world.post(networks=[" Facebook "]), right=_on("facebook")),
    "case.network_mixed": Play(
        lambda world: _checked("Clay and fire.", "LinkedIn"),
        right=lambda world, found: found == check(Publishable(caption="Clay and fire."), "linkedin"),
    ),
    "case.content_type": Play(
        lambda world: world.post(content_type=" reel"), right=lambda world, result: result.output.content_type == "Reel"
    ),
    "case.state": Play(_by_state, _LIST, lambda world, pages: pages[0] == pages[1] and bool(pages[0])),
    "case.twice": Play(lambda world: world.post(networks=["Instagram", "instagram"]), right=_on("instagram")),
    "code.network": Play(lambda world: _checked("Clay and fire.", "myspace"), names=("network", "instagram")),
    "code.state": Play(
        lambda world: world.ai.set_state(world.business_id, world.content_id, "archived", 1), _REVIEW, names=("draft",)
    ),
    "code.content_type": Play(lambda world: world.post(content_type="hologram"), names=("content_type", "Reel")),
    "type.brief_none": Play(lambda world: world.ai.add_brief(None), names=("business",)),
    "type.brief_list": Play(lambda world: world.ai.add_brief([]), names=("business",)),
    "type.brief_half": Play(
        lambda world: world.ai.add_brief({"business": {"name": "Forge", "industry": "smithy"}}),
        names=("business.tone", "business.languages"),
    ),
    "type.brief_typo": Play(
        lambda world: world.ai.add_brief({"bussiness": world.brief.business.model_dump(), "campaign": {"name": "x"}})
    ),
    "type.network_string": Play(lambda world: world.post(networks="instagram"), right=_on("instagram")),
    "type.network_set": Play(lambda world: world.post(networks={"instagram"}), right=_on("instagram")),
    "type.network_generator": Play(
        lambda world: world.post(networks=(name for name in ["instagram", "facebook"])),
        right=_on("instagram", "facebook"),
    ),
    "type.network_raises": Play(lambda world: world.post(networks=_raising())),
    "type.day_fraction": Play(lambda world: world.post(day=1.5)),
    "type.day_zero": Play(lambda world: world.post(day=0)),
    "type.day_negative": Play(lambda world: world.post(day=-1)),
    "type.day_huge": Play(lambda world: world.post(day=10**30)),
    "type.day_word": Play(lambda world: world.post(day="first")),
    "type.day_string": Play(lambda world: world.post(day="1")),
    "type.instruction": Play(lambda world: world.post(instruction=5), _WISH),
    "type.message_bytes": Play(lambda world: world.reply(b"Hello"), names=("message",)),
    "type.thread": Play(lambda world: world.reply(thread="Hello")),
    "type.uuid": Play(lambda world: world.post(UUID(world.business_id), UUID(world.campaign_id))),
    "type.user_int": Play(
        lambda world: world.post(user_id=42), right=lambda world, result: _row_of(world, result, user_id="42")
    ),
    "type.spend_nan": _spend(float("nan")),
    "type.spend_negative": _spend(-1),
    "type.spend_bool": _spend(True),
    "type.spend_snan": _spend(Decimal("sNaN")),
    "type.spend_words": _spend("a lot"),
    "type.spend_string": _spend("0.05"),
    "type.check_none": Play(lambda world: _checked(None, "x"), names=("content",)),
    "type.check_dict": Play(
        lambda world: _checked({"caption": "Clay and fire.", "hashtags": ["#Clay"], "script": "A hammer falls."}, "x")
    ),
    "type.limit_negative": Play(lambda world: world.ai.list_content(world.business_id, limit=-1), _LIST),
    "type.limit_word": Play(lambda world: world.ai.list_content(world.business_id, limit="ten"), _LIST),
    "type.cursor": Play(lambda world: world.ai.list_content(world.business_id, after="garbage"), _LIST),
    "date.since_naive": Play(
        lambda world: world.ai.attempts(since=datetime(2026, 11, 1)), ("attempts.since",), names=("since", "+00:00")
    ),
    "date.since_max": Play(lambda world: world.ai.costs(since=datetime.max.replace(tzinfo=UTC))),
    "date.last_naive": Play(lambda world: world.reply(last_customer_message_at=datetime(2026, 11, 28, 9, 0))),
    "date.zone_east": Play(
        lambda world: world.reply(last_customer_message_at=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))),
    ),
    "text.nul_message": Play(lambda world: world.reply("Is the forge\0 open?")),
    "text.nul_user": Play(lambda world: world.post(user_id="u\0")),
    "text.surrogate": Play(lambda world: world.reply("Thanks \ud83d")),
    "text.surrogate_id": Play(lambda world: world.post(idempotency_key="order-\udc00")),
    "text.emoji_user": Play(
        lambda world: world.post(user_id="👩‍🍳-7"), right=lambda world, result: _row_of(world, result, user_id="👩‍🍳-7")
    ),
    "text.emoji_customer": Play(
        lambda world: world.reply(customer_id="🦊"),
        right=lambda world, result: _row_of(world, result, customer_id="🦊"),
    ),
    "text.long_user": Play(lambda world: world.post(user_id="u" * 10_000)),
    "text.emoji_message": Play(lambda world: world.reply("🔥🔥👍")),
    "text.megabyte": Play(lambda world: world.reply("a " * 500_000)),
    "set.models_number": Play(_settings_of_number, names=("models",)),
    "loop.closed": Play(_closed, in_time=True),
    "tenant.get": Play(lambda world: world.ai.get_content(world.other_id, world.content_id), _GET),
    "tenant.list": Play(lambda world: _of_other(world, campaign_id=world.campaign_id), _LIST, _none_of_first),
    "tenant.state": Play(
        lambda world: world.ai.set_state(world.other_id, world.content_id, "approved", 1), _REVIEW, _state_of
    ),
    "tenant.edit": Play(lambda world: _saved(world, world.other_id, 1, "Of another."), _EDIT),
    "tenant.day": Play(
        lambda world: world.ai.regenerate_day(world.other_id, world.campaign_id, 3), ("regenerate_day",)
    ),
    "tenant.write": Play(lambda world: world.post(world.other_id)),
    "tenant.cursor": Play(_with_cursor, _LIST, _none_of_first),
    "tenant.sql": Play(
        lambda world: world.ai.get_content(world.business_id, "' OR 1=1 --"), _GET, lambda world, saved: False
    ),
    "tenant.like": Play(
        lambda world: world.ai.list_content("%", campaign_id="_"), _LIST, lambda world, page: not page.items
    ),
    "tenant.key": Play(_key_of_two, right=_two),
    "tenant.key_reused": Play(lambda world: _twice(world, key="once")),
    "tenant.stale": Play(_stale, _EDIT),
}
"""How each call is made. An expectation is never adapted."""
