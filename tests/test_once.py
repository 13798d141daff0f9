"""Idempotency keys and the limit of requests at once: one answer per key, no request above the limit."""

import asyncio
from dataclasses import replace

import pytest

from ai_service import (
    AIGenerationError,
    AIResult,
    AIService,
    IdempotencyConflict,
    Overloaded,
    Post,
)
from ai_service.features import content
from ai_service.features.content import ContentRequest
from tests import serving
from tests.provider.reactions import UNAUTHORIZED, Answer, Held
from tests.serving import POST, Shop

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop, ai = serving.shop, serving.ai


def _ask(shop: Shop, ai: AIService, key: str, *, day: int = 3, user_id: str = "u_42") -> asyncio.Future[AIResult[Post]]:
    call = ai.generate_content(shop.business_id, shop.campaign_id, day, user_id=user_id, idempotency_key=key)
    return asyncio.ensure_future(call)


async def test_the_same_key_gives_the_stored_answer_without_a_request(shop: Shop, ai: AIService) -> None:
    shop.server.script(Answer(POST))

    first = await _ask(shop, ai, "k")
    again = await _ask(shop, ai, "k", user_id="another")

    assert len(shop.server.requests) == 1
    assert (first.replayed, again.replayed) == (False, True)
    assert (again.output, again.content_id, again.request_id) == (first.output, first.content_id, first.request_id)
    assert (again.attempts, again.cost_usd, again.notes) == (first.attempts, first.cost_usd, first.notes)
    assert [row.idempotency_key for row in again.attempts] == ["k"]


async def test_an_optional_argument_that_a_version_adds_changes_no_key(shop: Shop, ai: AIService) -> None:
    shop.server.script(Answer(POST))
    first = await _ask(shop, ai, "k")

    again = await ai.generate_content(
        shop.business_id, shop.campaign_id, 3, None, networks=[], tag_links=False, idempotency_key="k"
    )

    assert again.content_id == first.content_id


async def test_a_call_of_an_older_version_is_found_by_a_version_that_takes_more(
    shop: Shop, ai: AIService, monkeypatch: pytest.MonkeyPatch
) -> None:
    class LaterRequest(ContentRequest):
        audience: str | None = None
        tone: str = "as in the brief"

    shop.server.script(Answer(POST), Answer(POST))
    first = await _ask(shop, ai, "k")
    monkeypatch.setattr(content, "RECIPE", replace(content.RECIPE, request=LaterRequest))
    again = await _ask(shop, ai, "k")
    later = await _ask(shop, ai, "later")
    monkeypatch.undo()
    before = await _ask(shop, ai, "later")

    assert again.content_id == first.content_id
    assert before.content_id == later.content_id


async def test_the_stored_answer_outlives_the_service(shop: Shop) -> None:
    shop.server.script(Answer(POST))
    async with shop.open() as ai:
        first = await _ask(shop, ai, "k")

    async with shop.open() as ai:
        again = await _ask(shop, ai, "k")

    assert again.replayed
    assert again.content_id == first.content_id


async def test_the_same_key_at_the_same_moment_waits_for_the_one_in_flight(shop: Shop, ai: AIService) -> None:
    release = asyncio.Event()
    shop.server.script(Held(Answer(POST), until=release))
    asking = [_ask(shop, ai, "k") for _ in range(10)]
    await shop.server.wait_for_requests(1)
    release.set()

    results = await asyncio.gather(*asking)

    assert len(shop.server.requests) == 1
    assert len({result.content_id for result in results}) == 1
    assert sum(not result.replayed for result in results) == 1


async def test_another_service_on_the_database_waits_too(shop: Shop, ai: AIService) -> None:
    release = asyncio.Event()
    shop.server.script(Held(Answer(POST), until=release))
    async with shop.open() as other:
        first = _ask(shop, ai, "k")
        await shop.server.wait_for_requests(1)
        second = _ask(shop, other, "k")
        release.set()
        results = await asyncio.gather(first, second)

    assert len(shop.server.requests) == 1
    assert [result.replayed for result in results] == [False, True]


async def test_a_failure_is_not_replayed(shop: Shop, ai: AIService) -> None:
    shop.server.script(UNAUTHORIZED, Answer(POST))
    with pytest.raises(AIGenerationError):
        await _ask(shop, ai, "k")

    result = await _ask(shop, ai, "k")

    assert not result.replayed
    assert len(shop.server.requests) == 2


async def test_a_cancelled_call_frees_its_key(shop: Shop) -> None:
    shop.server.script(Held(Answer(POST), until=asyncio.Event()), Answer(POST))
    async with shop.open() as ai:
        asking = _ask(shop, ai, "k")
        await shop.server.wait_for_requests(1)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

        result = await _ask(shop, ai, "k")

    assert not result.replayed


async def test_the_same_key_with_other_arguments_is_an_error(shop: Shop, ai: AIService) -> None:
    shop.server.script(Answer(POST))
    await _ask(shop, ai, "k")

    with pytest.raises(IdempotencyConflict, match="'k' was used before with other arguments"):
        await _ask(shop, ai, "k", day=4)

    assert len(shop.server.requests) == 1


async def test_a_call_is_refused_where_too_many_requests_run_and_wait(shop: Shop) -> None:
    release = asyncio.Event()
    shop.server.script(Held(Answer(POST), until=release))
    async with shop.open(max_running=2, max_queued=1) as ai:
        asking = [asyncio.ensure_future(shop.ask(ai)) for _ in range(4)]
        (refused,), others = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
        with pytest.raises(Overloaded):
            await refused
        await shop.server.wait_for_requests(2)
        release.set()
        results = await asyncio.gather(*others)

    assert len(results) == 3
    assert shop.server.max_in_flight == 2
