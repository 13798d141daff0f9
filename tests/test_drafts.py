"""Outputs are saved, read back and change state; the ledger is read; the database may refuse."""

import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from ai_service import AIService, ConfigurationError, ContentState, Feature, NotFound, StaleRevision
from tests import serving
from tests.serving import BRIEF, WHOLE, Shop

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop, ai = serving.shop, serving.ai

UNKNOWN = "00000000-0000-4000-8000-000000000000"


async def test_an_output_is_saved_as_a_draft_and_read_back_by_day(shop: Shop, ai: AIService) -> None:
    shop.server.script(lambda request: serving.answered(request, **WHOLE))

    result = await shop.ask(ai)
    saved = await ai.newest_content(shop.business_id, shop.campaign_id, 3)

    assert saved.output == result.output.model_dump(mode="json")
    assert saved.output["caption"] == "Bonjour"
    assert (saved.content_id, saved.request_id) == (result.content_id, result.request_id)
    assert (saved.business_id, saved.campaign_id, saved.day) == (shop.business_id, shop.campaign_id, 3)
    assert (saved.state, saved.revision, saved.model, saved.sandbox) == ("draft", 1, "openai:gpt-5.2", False)
    assert (saved.feature, saved.prompt_version) == (Feature.CONTENT, result.attempts[0].prompt_version)


@pytest.mark.parametrize("feature", [Feature.VIDEO, Feature.IMAGE])
async def test_the_work_of_other_features_is_read_back_by_name(shop: Shop, ai: AIService, feature: Feature) -> None:
    result = await shop.ask(ai, feature)

    saved = await ai.newest_content(shop.business_id, shop.campaign_id, 3, feature=feature.value)

    assert saved.output == result.output.model_dump(mode="json")
    with pytest.raises(NotFound, match="has no content for day 3: generate it first"):
        await ai.newest_content(shop.business_id, shop.campaign_id, 3)


async def test_the_newest_draft_of_a_day_is_read_back(shop: Shop, ai: AIService) -> None:
    await shop.ask(ai)
    second = await shop.ask(ai)

    assert (await ai.newest_content(shop.business_id, shop.campaign_id, 3)).content_id == second.content_id


async def test_content_that_was_never_generated_is_not_found(shop: Shop, ai: AIService) -> None:
    with pytest.raises(NotFound, match="has no content for day 4: generate it first"):
        await ai.newest_content(shop.business_id, shop.campaign_id, 4)
    with pytest.raises(NotFound, match="has no calendar yet"):
        await ai.get_strategy(shop.business_id, UNKNOWN)


async def test_a_state_is_changed_by_whoever_has_read_the_newest_revision(shop: Shop, ai: AIService) -> None:
    result = await shop.ask(ai)

    review = await ai.set_state(shop.business_id, result.content_id, "needs_review", 1)
    approved = await ai.set_state(shop.business_id, UUID(result.content_id), ContentState.APPROVED, review.revision)

    assert (review.state, review.revision) == (ContentState.NEEDS_REVIEW, 2)
    assert (approved.state, approved.revision) == (ContentState.APPROVED, 3)
    assert await ai.newest_content(shop.business_id, shop.campaign_id, 3) == approved
    with pytest.raises(StaleRevision, match="is at revision 3, not 2: read it again"):
        await ai.set_state(shop.business_id, result.content_id, "rejected", 2)


async def test_a_state_of_nothing_is_not_found(shop: Shop, ai: AIService) -> None:
    with pytest.raises(NotFound, match=f"has no content '{UNKNOWN}'"):
        await ai.set_state(shop.business_id, UNKNOWN, "approved", 1)


async def test_attempts_are_read_newest_first_and_summed(shop: Shop, ai: AIService) -> None:
    first, second = await shop.ask(ai), await shop.ask(ai, Feature.VIDEO)

    newest = await ai.attempts(limit=2)
    by_feature = {line.key: line for line in await ai.costs(campaign_id=shop.campaign_id)}
    ours = await ai.costs("business", business_id=shop.business_id)

    assert [row.request_id for row in newest] == [second.request_id, first.request_id]
    assert await ai.attempts(first.request_id) == first.attempts
    assert (by_feature["content"].requests, by_feature["video"].requests, by_feature["strategy"].requests) == (1, 1, 6)
    assert [(line.key, line.requests) for line in ours] == [(shop.business_id, 8)]
    assert await ai.costs(business_id=UNKNOWN) == []


async def test_a_service_that_is_not_open_says_how_to_open_it(shop: Shop) -> None:
    closed = AIService(shop.settings())

    with pytest.raises(ConfigurationError, match="the service is not open: use it inside `async with"):
        await shop.ask(closed)
    async with closed as ai:
        await shop.ask(ai)
    with pytest.raises(ConfigurationError, match="the service is not open"):
        await closed.get_strategy(shop.business_id, shop.campaign_id)


async def test_a_service_can_be_opened_again(shop: Shop) -> None:
    service = AIService(shop.settings())

    for _ in range(2):
        async with service as ai:
            await shop.ask(ai)

    assert len(shop.server.requests) == 2


@pytest.mark.parametrize("reading", ["get_strategy", "get_content", "set_state", "attempts", "costs", "add_brief"])
async def test_a_missing_table_is_a_configuration_error(shop: Shop, ai: AIService, reading: str) -> None:
    with closing(sqlite3.connect(shop.database)) as connection, connection:
        for table in ("ai_logs", "ai_content", "ai_campaigns", "ai_businesses"):
            connection.execute(f"DROP TABLE {table}")
    calls = {
        "get_strategy": lambda: ai.get_strategy(shop.business_id, shop.campaign_id),
        "get_content": lambda: ai.newest_content(shop.business_id, shop.campaign_id, 3),
        "set_state": lambda: ai.set_state(shop.business_id, UNKNOWN, "approved", 1),
        "attempts": lambda: ai.attempts(),
        "costs": lambda: ai.costs(),
        "add_brief": lambda: ai.add_brief(BRIEF),
    }

    with pytest.raises(ConfigurationError, match=r"no such table: .*; run `ai-service migrate` with this version"):
        await calls[reading]()


async def test_a_file_that_is_not_a_database_is_a_configuration_error(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "not.db").write_text("this is no database, but long enough to be taken for one" * 20)

    with pytest.raises(ConfigurationError, match="not a database"):
        async with shop.open(database_url=f"sqlite:///{tmp_path / 'not.db'}"):
            raise AssertionError("it must not open")


@pytest.mark.parametrize("url", ["nonsense", "sqlite:///no/such/folder/books.db", "sqlite://", "mysql://host/books"])
async def test_an_invalid_database_url_is_a_configuration_error(shop: Shop, url: str) -> None:
    with pytest.raises(ConfigurationError, match="AI_SERVICE_DATABASE_URL: "):
        async with shop.open(database_url=url):
            raise AssertionError("it must not open")


async def test_two_services_share_a_database(shop: Shop) -> None:
    async with shop.open() as one, shop.open() as other:
        result = await shop.ask(one)

        assert (await other.newest_content(shop.business_id, shop.campaign_id, 3)).content_id == result.content_id
        assert await other.attempts(result.request_id) == result.attempts
