"""A review screen: what waits is listed, what was approved is found again, states change by the rules."""

import pytest

from ai_service import AIService, ContentState, Feature, InvalidRequest, NotFound
from models.content_states import NEXT_STATES
from tests import serving
from tests.serving import Shop

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop, ai = serving.shop, serving.ai

DRAFT, APPROVED = ContentState.DRAFT, ContentState.APPROVED
WAY_TO: dict[ContentState, list[ContentState]] = {
    DRAFT: [],
    ContentState.NEEDS_REVIEW: [ContentState.NEEDS_REVIEW],
    APPROVED: [APPROVED],
    ContentState.REJECTED: [ContentState.REJECTED],
    ContentState.PUBLISHED: [APPROVED, ContentState.PUBLISHED],
}


async def test_an_approved_post_does_not_disappear_behind_the_next_draft(shop: Shop, ai: AIService) -> None:
    first = await shop.ask(ai)
    await ai.set_state(shop.business_id, first.content_id, "approved", 1, user_id="u_9")
    second = await shop.ask(ai)
    day = (shop.business_id, shop.campaign_id, 3)

    assert (await ai.newest_content(*day)).content_id == second.content_id
    assert (await ai.newest_content(*day, state="approved")).content_id == first.content_id
    assert (await ai.get_content(shop.business_id, first.content_id)).user_id == "u_9"
    with pytest.raises(NotFound, match="that is rejected"):
        await ai.newest_content(*day, state="rejected")
    versions = await ai.list_content(shop.business_id, campaign_id=shop.campaign_id, feature="content", day=3)
    assert [content.content_id for content in versions.items] == [second.content_id, first.content_id]


async def test_the_pages_of_a_list_hold_everything_once(shop: Shop, ai: AIService) -> None:
    posts = [(await shop.ask(ai)).content_id for _ in range(3)]

    first = await ai.list_content(shop.business_id, feature="content", limit=2)
    last = await ai.list_content(shop.business_id, feature="content", after=first.after, limit=2)

    assert [content.content_id for page in (first, last) for content in page.items] == posts[::-1]
    assert last.after is None


@pytest.mark.parametrize("after", ["?", "bm9uZQ", "WzFd.", "WyJ4Il0", "WzEsMl0", "W3RydWVd", "Wy0xXQ", "é"])
async def test_what_is_no_cursor_is_refused_by_name(shop: Shop, ai: AIService, after: str) -> None:
    with pytest.raises(InvalidRequest, match="after: is no cursor of this list"):
        await ai.list_content(shop.business_id, after=after)


async def test_an_empty_day_is_told_from_a_campaign_that_is_not_there(shop: Shop, ai: AIService) -> None:
    empty = await ai.list_content(shop.business_id, campaign_id=shop.campaign_id, day=9)

    assert (empty.items, empty.after) == ([], None)
    with pytest.raises(NotFound, match="has no campaign"):
        await ai.list_content(shop.business_id, campaign_id=shop.business_id)
    with pytest.raises(NotFound, match="no business"):
        await ai.list_content(shop.campaign_id)


@pytest.mark.parametrize("now", list(ContentState))
async def test_each_state_is_followed_by_what_the_table_allows_and_nothing_else(
    shop: Shop, ai: AIService, now: ContentState
) -> None:
    for state in ContentState:
        content_id, revision = (await shop.ask(ai)).content_id, 1
        for step in WAY_TO[now]:
            revision = (await ai.set_state(shop.business_id, content_id, step, revision)).revision

        if state in NEXT_STATES[now]:
            assert (await ai.set_state(shop.business_id, content_id, state, revision)).state is state
            continue
        with pytest.raises(InvalidRequest) as caught:
            await ai.set_state(shop.business_id, content_id, state, revision)
        (problem,) = caught.value.problems
        assert (problem.field, problem.message) == ("state", f"content that is {now} cannot become {state}")
        assert all(allowed in problem.fix for allowed in NEXT_STATES[now])
        assert (await ai.get_content(shop.business_id, content_id)).revision == revision


async def test_a_reply_that_needs_a_person_waits_for_review(shop: Shop, ai: AIService) -> None:
    held = await shop.ask(ai, Feature.MESSAGING)
    waiting = await ai.list_content(shop.business_id, state="needs_review")

    assert not held.output.auto_sendable
    assert [content.content_id for content in waiting.items] == [held.content_id]
