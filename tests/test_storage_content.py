"""Saved content: read back by key and by day, changed by one hand at a time."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from models.records import SavedContent
from models.vocabulary import ContentState, ContentType, Feature
from storage.content import get_content, list_content, newest_content, save_content
from storage.content_changes import content_history, set_state
from storage.failures import StaleContent, StorageError
from tests.storage_homes import Home, engine_on
from tests.storage_parts import BUSINESS_ID, CAMPAIGN_ID, draft

pytest_plugins = ["tests.storage_fixtures"]


async def saved(engine: AsyncEngine, content: SavedContent) -> SavedContent:
    await save_content(engine, content)
    return content


async def test_new_content_is_a_draft_and_comes_back_as_saved(home: Home) -> None:
    async with engine_on(home) as engine:
        content = await saved(engine, draft("c"))

        found = await get_content(engine, BUSINESS_ID, "c")
    assert found is not None and found == content
    assert found.content_type is ContentType.REEL
    assert found.created_at.tzinfo is not None


async def test_content_of_no_campaign_day_or_type_comes_back_as_saved(home: Home) -> None:
    async with engine_on(home) as engine:
        reply = replace(draft("c"), campaign_id=None, feature=Feature.MESSAGING, day=None, content_type=None)
        await save_content(engine, reply)

        assert await get_content(engine, BUSINESS_ID, "c") == reply


async def test_content_comes_back_with_what_was_said_of_it(home: Home) -> None:
    async with engine_on(home) as engine:
        content = await saved(engine, replace(draft("c"), notes=["day 3 was planned as a Reel"]))

        assert await get_content(engine, BUSINESS_ID, "c") == content


async def test_content_that_is_saved_again_by_its_request_is_saved_once(home: Home) -> None:
    async with engine_on(home) as engine:
        first = await saved(engine, draft("c"))
        await save_content(engine, replace(first, notes=["again"]))

        assert await get_content(engine, BUSINESS_ID, "c") == first


async def test_content_of_another_request_is_not_taken_for_ones_own(home: Home) -> None:
    async with engine_on(home) as engine:
        await saved(engine, draft("c"))

        with pytest.raises(StorageError, match=r"(?i)unique"):
            await save_content(engine, draft("c", request_id="another"))


async def test_an_unknown_key_is_none(home: Home) -> None:
    async with engine_on(home) as engine:
        assert await get_content(engine, BUSINESS_ID, "c") is None
        assert await newest_content(engine, BUSINESS_ID, CAMPAIGN_ID, 1, feature=Feature.CONTENT) is None


@pytest.mark.parametrize(
    ("feature", "day", "newest"),
    [
        (Feature.CONTENT, 1, "second"),
        (Feature.CONTENT, 2, "other day"),
        (Feature.VIDEO, 1, "other feature"),
        (Feature.STRATEGY, None, "calendar"),
        (Feature.CONTENT, None, None),
    ],
)
async def test_the_latest_content_is_the_last_saved_for_its_day(
    home: Home, feature: Feature, day: int | None, newest: str | None
) -> None:
    async with engine_on(home) as engine:
        for content in (
            draft("first"),
            draft("second"),
            replace(draft("other day"), day=2),
            replace(draft("other feature"), feature=Feature.VIDEO),
            replace(draft("calendar"), feature=Feature.STRATEGY, day=None),
            replace(draft("other campaign"), campaign_id=BUSINESS_ID),
            draft("another business of the same campaign", business_id=CAMPAIGN_ID),
        ):
            await save_content(engine, content)

        found = await newest_content(engine, BUSINESS_ID, CAMPAIGN_ID, day, feature=feature)
    assert (found and found.content_id) == newest


async def test_setting_the_state_counts_the_revision(home: Home) -> None:
    async with engine_on(home) as engine:
        new = await saved(engine, draft("c"))

        approved = await set_state(engine, BUSINESS_ID, "c", ContentState.APPROVED, 1)
        published = await set_state(engine, BUSINESS_ID, "c", ContentState.PUBLISHED, 2)

        assert approved is not None
        assert (approved.state, approved.revision) == (ContentState.APPROVED, 2)
        assert approved.updated_at != new.updated_at
        assert await get_content(engine, BUSINESS_ID, "c") == published


async def test_refuses_a_change_of_a_revision_that_has_passed(home: Home) -> None:
    async with engine_on(home) as engine:
        await saved(engine, draft("c"))
        approved = await set_state(engine, BUSINESS_ID, "c", ContentState.APPROVED, 1)

        with pytest.raises(StaleContent, match="'c' is at revision 2, not 1: read it again"):
            await set_state(engine, BUSINESS_ID, "c", ContentState.REJECTED, 1)

        assert await get_content(engine, BUSINESS_ID, "c") == approved


async def test_one_of_two_changes_at_once_wins(home: Home) -> None:
    async with engine_on(home) as engine:
        await saved(engine, draft("c"))

        answers = await asyncio.gather(
            set_state(engine, BUSINESS_ID, "c", ContentState.APPROVED, 1),
            set_state(engine, BUSINESS_ID, "c", ContentState.REJECTED, 1),
            return_exceptions=True,
        )

    assert sorted(type(answer).__name__ for answer in answers) == ["SavedContent", "StaleContent"]


async def test_the_state_of_unknown_content_is_none(home: Home) -> None:
    async with engine_on(home) as engine:
        assert await set_state(engine, BUSINESS_ID, "c", ContentState.APPROVED, 1) is None


async def test_a_list_is_paged_newest_first_and_new_content_moves_nothing(home: Home) -> None:
    async with engine_on(home) as engine:
        for name in "abcde":
            await save_content(engine, draft(name))
        await save_content(engine, draft("foreign", business_id=CAMPAIGN_ID))

        first = await list_content(engine, BUSINESS_ID, limit=2)
        await save_content(engine, draft("new"))
        second = await list_content(engine, BUSINESS_ID, after=first.after, limit=2)
        third = await list_content(engine, BUSINESS_ID, after=second.after, limit=2)

    pages = [[content.content_id for content in page.items] for page in (first, second, third)]
    assert pages == [["e", "d"], ["c", "b"], ["a"]]
    assert third.after is None


async def test_a_list_is_narrowed_by_what_is_given(home: Home) -> None:
    async with engine_on(home) as engine:
        for content in (
            draft("first"),
            draft("version"),
            replace(draft("day 2"), day=2),
            replace(draft("script"), feature=Feature.VIDEO),
            replace(draft("elsewhere"), campaign_id="c_2"),
            replace(draft("reply"), campaign_id=None, day=None, feature=Feature.MESSAGING),
        ):
            await save_content(engine, content)
        await set_state(engine, BUSINESS_ID, "first", ContentState.APPROVED, 1)

        async def listed(**wanted: Any) -> list[str]:
            return [content.content_id for content in (await list_content(engine, BUSINESS_ID, **wanted)).items]

        versions = {"campaign_id": CAMPAIGN_ID, "feature": Feature.CONTENT, "day": 1}
        assert await listed(**versions) == ["version", "first"]
        assert await listed(**versions, state=ContentState.APPROVED) == ["first"]
        assert await listed(campaign_id=CAMPAIGN_ID) == ["script", "day 2", "version", "first"]
        assert await listed(state=ContentState.APPROVED) == ["first"]
        assert await listed(feature=Feature.MESSAGING) == ["reply"]
        newest = await newest_content(
            engine, BUSINESS_ID, CAMPAIGN_ID, 1, feature=Feature.CONTENT, state=ContentState.APPROVED
        )
        assert newest is not None and newest.content_id == "first"


async def test_the_history_says_who_changed_what_when(home: Home) -> None:
    async with engine_on(home) as engine:
        await save_content(engine, draft("c"))
        waiting = await set_state(engine, BUSINESS_ID, "c", ContentState.NEEDS_REVIEW, 1, user_id="u_1")
        approved = await set_state(engine, BUSINESS_ID, "c", ContentState.APPROVED, 2, user_id="u_2")

        changes = await content_history(engine, BUSINESS_ID, "c")
        assert await content_history(engine, CAMPAIGN_ID, "c") == []

    assert waiting and approved
    assert [(change.revision, change.was, change.state, change.user_id) for change in changes] == [
        (2, ContentState.DRAFT, ContentState.NEEDS_REVIEW, "u_1"),
        (3, ContentState.NEEDS_REVIEW, ContentState.APPROVED, "u_2"),
    ]
    assert [change.changed_at for change in changes] == [waiting.updated_at, approved.updated_at]
    assert (approved.user_id, changes[0].edited) == ("u_2", False)
