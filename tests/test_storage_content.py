"""Saved content: read back by key and by day, changed by one hand at a time."""

import asyncio
from collections.abc import Sequence

import pytest
from pydantic import JsonValue
from sqlalchemy.ext.asyncio import AsyncEngine

from models.records import SavedContent
from models.vocabulary import ContentState, ContentType, Feature
from storage.content import get_content, latest_content, save_content, set_state
from storage.engine import reading, writing
from storage.errors import StaleContent, StorageError
from tests.storage_homes import Home, engine_on
from tests.storage_parts import BUSINESS_ID, CAMPAIGN_ID

pytest_plugins = ["tests.storage_fixtures"]

OUTPUT: dict[str, JsonValue] = {"caption": "Où est le pain ? 🥐", "hashtags": ["pain"], "script": None}


async def saved(
    engine: AsyncEngine,
    content_id: str,
    *,
    campaign_id: str | None = CAMPAIGN_ID,
    feature: Feature = Feature.CONTENT,
    day: int | None = 1,
    content_type: ContentType | None = ContentType.REEL,
    request_id: str = "r",
    notes: Sequence[str] = (),
) -> SavedContent:
    async with writing(engine) as session:
        return await save_content(
            session=session,
            content_id=content_id,
            business_id=BUSINESS_ID,
            campaign_id=campaign_id,
            feature=feature,
            day=day,
            content_type=content_type,
            output=OUTPUT,
            request_id=request_id,
            model="openai:gpt-5.2",
            sandbox=False,
            prompt_version="p1",
            notes=notes,
        )


async def change(engine: AsyncEngine, content_id: str, revision: int, state: ContentState) -> SavedContent | None:
    async with writing(engine) as session:
        return await set_state(session=session, content_id=content_id, state=state, revision=revision)


async def test_new_content_is_a_draft_and_comes_back_as_saved(home: Home) -> None:
    async with engine_on(home) as engine:
        content = await saved(engine, "c")

        async with reading(engine) as session:
            assert await get_content(session=session, content_id="c") == content
    assert (content.state, content.revision, content.output) == (ContentState.DRAFT, 1, OUTPUT)
    assert content.content_type is ContentType.REEL
    assert content.created_at.tzinfo is not None


async def test_content_of_no_campaign_day_or_type_comes_back_as_saved(home: Home) -> None:
    async with engine_on(home) as engine:
        content = await saved(engine, "c", campaign_id=None, feature=Feature.MESSAGING, day=None, content_type=None)

        async with reading(engine) as session:
            assert await get_content(session=session, content_id="c") == content
    assert (content.campaign_id, content.day, content.content_type) == (None, None, None)


async def test_content_comes_back_with_what_was_said_of_it(home: Home) -> None:
    async with engine_on(home) as engine:
        content = await saved(engine, "c", notes=["day 3 was planned as a Reel"])

        async with reading(engine) as session:
            assert await get_content(session=session, content_id="c") == content
    assert content.notes == ["day 3 was planned as a Reel"]


async def test_content_that_is_saved_again_by_its_request_is_saved_once(home: Home) -> None:
    async with engine_on(home) as engine:
        first = await saved(engine, "c")

        assert await saved(engine, "c") == first


async def test_content_of_another_request_is_not_taken_for_ones_own(home: Home) -> None:
    async with engine_on(home) as engine:
        await saved(engine, "c")

        with pytest.raises(StorageError, match=r"(?i)unique"):
            await saved(engine, "c", request_id="another")


async def test_an_unknown_key_is_none(home: Home) -> None:
    async with engine_on(home) as engine, reading(engine) as session:
        assert await get_content(session=session, content_id="c") is None
        assert await latest_content(session=session, campaign_id=CAMPAIGN_ID, feature=Feature.CONTENT, day=1) is None


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
        await saved(engine, "first")
        await saved(engine, "second")
        await saved(engine, "other day", day=2)
        await saved(engine, "other feature", feature=Feature.VIDEO)
        await saved(engine, "calendar", feature=Feature.STRATEGY, day=None)
        await saved(engine, "other campaign", campaign_id=BUSINESS_ID)

        async with reading(engine) as session:
            found = await latest_content(session=session, campaign_id=CAMPAIGN_ID, feature=feature, day=day)
    assert (found and found.content_id) == newest


async def test_setting_the_state_counts_the_revision(home: Home) -> None:
    async with engine_on(home) as engine:
        draft = await saved(engine, "c")

        approved = await change(engine, "c", 1, ContentState.APPROVED)
        published = await change(engine, "c", 2, ContentState.PUBLISHED)

        assert approved is not None
        assert (approved.state, approved.revision) == (ContentState.APPROVED, 2)
        assert approved.updated_at > draft.updated_at
        async with reading(engine) as session:
            assert await get_content(session=session, content_id="c") == published


async def test_setting_the_state_shows_the_new_one_to_a_session_that_had_read_it(home: Home) -> None:
    async with engine_on(home) as engine:
        await saved(engine, "c")

        async with writing(engine) as session:
            await get_content(session=session, content_id="c")
            approved = await set_state(session=session, content_id="c", state=ContentState.APPROVED, revision=1)

    assert approved is not None
    assert (approved.state, approved.revision) == (ContentState.APPROVED, 2)


async def test_refuses_a_change_of_a_revision_that_has_passed(home: Home) -> None:
    async with engine_on(home) as engine:
        await saved(engine, "c")
        approved = await change(engine, "c", 1, ContentState.APPROVED)

        with pytest.raises(StaleContent, match="'c' is at revision 2, not 1: read it again"):
            await change(engine, "c", 1, ContentState.REJECTED)

        async with reading(engine) as session:
            assert await get_content(session=session, content_id="c") == approved


async def test_one_of_two_changes_at_once_wins(home: Home) -> None:
    async with engine_on(home) as engine:
        await saved(engine, "c")

        answers = await asyncio.gather(
            change(engine, "c", 1, ContentState.APPROVED),
            change(engine, "c", 1, ContentState.REJECTED),
            return_exceptions=True,
        )

    assert sorted(type(answer).__name__ for answer in answers) == ["SavedContent", "StaleContent"]


async def test_the_state_of_unknown_content_is_none(home: Home) -> None:
    async with engine_on(home) as engine:
        assert await change(engine, "c", 1, ContentState.APPROVED) is None
