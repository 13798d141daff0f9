"""Several campaigns of one business, on each database: added, changed by one hand at a time, listed, deleted."""

from collections.abc import AsyncGenerator
from decimal import Decimal

import pytest

from ai_service import (
    AIService,
    BusinessContext,
    CampaignContext,
    ConfigurationError,
    NotFound,
    Settings,
    StaleRevision,
)
from tests import serving
from tests.serving import BRIEF
from tests.storage_homes import Home

pytest_plugins = ["tests.storage_fixtures"]
no_environment = serving.no_environment

WINTER, SPRING = BRIEF.campaign, CampaignContext.model_validate({"name": "Printemps", "start_date": "2027-03-01"})


@pytest.fixture
async def ai(home: Home, no_environment: None) -> AsyncGenerator[AIService]:
    async with AIService(Settings(model="sandbox", image_model="sandbox", database_url=home.url)) as ai:
        yield ai


async def test_a_business_gets_a_second_campaign_and_each_has_its_own_calendar(ai: AIService) -> None:
    business = await ai.add_business(BRIEF.business)
    winter = await ai.add_campaign(business.business_id, WINTER)
    spring = await ai.add_campaign(business.business_id, SPRING.model_dump(mode="json"))

    first = await ai.generate_strategy(business.business_id, winter.campaign_id)
    second = await ai.generate_strategy(business.business_id, spring.campaign_id)

    assert {first.output.calendar[0].date.year, second.output.calendar[0].date.year} == {2026, 2027}
    assert await ai.get_business(business.business_id) == business
    assert (await ai.get_campaign(business.business_id, spring.campaign_id)).campaign == SPRING
    page = await ai.list_campaigns(business.business_id, limit=1)
    rest = await ai.list_campaigns(business.business_id, after=page.after, limit=1)
    assert [*page.items, *rest.items] == [spring, winter]
    assert rest.after is None
    assert (await ai.list_businesses(limit=1)).items == [business]
    with pytest.raises(NotFound, match="no business"):
        await ai.add_campaign(winter.campaign_id, SPRING)
    with pytest.raises(NotFound, match="no business"):
        await ai.list_campaigns(winter.campaign_id)


async def test_a_brief_is_changed_by_whoever_has_read_the_newest_revision(ai: AIService) -> None:
    ids = await ai.add_brief(BRIEF)
    renamed = BusinessContext.model_validate({**BRIEF.business.model_dump(), "name": "Levain neuf"})

    changed = await ai.update_business(ids.business_id, renamed, 1)
    later = await ai.update_campaign(ids.business_id, ids.campaign_id, SPRING, 1)

    assert (changed.business, changed.revision) == (renamed, 2)
    assert await ai.get_business(ids.business_id) == changed
    assert (later.campaign, later.revision) == (SPRING, 2)
    calendar = (await ai.generate_strategy(ids.business_id, ids.campaign_id)).output.calendar
    assert calendar[0].date.year == 2027
    with pytest.raises(StaleRevision, match="is at revision 2, not 1: read it again"):
        await ai.update_business(ids.business_id, BRIEF.business, 1)
    with pytest.raises(StaleRevision):
        await ai.update_campaign(ids.business_id, ids.campaign_id, WINTER, 1)
    assert await ai.get_business(ids.business_id) == changed


async def test_a_campaign_is_deleted_and_its_costs_and_the_other_campaign_stay(ai: AIService) -> None:
    ids = await ai.add_brief(BRIEF)
    spring = await ai.add_campaign(ids.business_id, SPRING)
    for campaign_id in (ids.campaign_id, spring.campaign_id):
        await ai.generate_strategy(ids.business_id, campaign_id, user_id="u_1", idempotency_key=f"key of {campaign_id}")
        await ai.set_budget(Decimal(5), business_id=ids.business_id, campaign_id=campaign_id)
    before = await ai.costs("campaign", business_id=ids.business_id)

    counted = await ai.delete_campaign(ids.business_id, ids.campaign_id, dry_run=True)
    assert await ai.delete_campaign(ids.business_id, ids.campaign_id) == counted

    assert counted.content == 1
    assert counted.attempts > 0
    with pytest.raises(NotFound, match="has no campaign"):
        await ai.get_campaign(ids.business_id, ids.campaign_id)
    with pytest.raises(NotFound, match="has no campaign"):
        await ai.list_content(ids.business_id, campaign_id=ids.campaign_id)
    with pytest.raises(NotFound, match="has no campaign"):
        await ai.delete_campaign(ids.business_id, ids.campaign_id)
    assert await ai.costs("campaign", business_id=ids.business_id) == before
    rows = await ai.attempts(business_id=ids.business_id, limit=100)
    assert {(row.user_id, row.raw_output) for row in rows if row.campaign_id == ids.campaign_id} == {(None, None)}
    assert {row.user_id for row in rows if row.campaign_id == spring.campaign_id} == {"u_1"}
    assert [budget.scope_id for budget in await ai.budgets(ids.business_id, spring.campaign_id)] == [spring.campaign_id]
    assert await ai.budgets(ids.business_id, ids.campaign_id) == []
    again = await ai.generate_strategy(
        ids.business_id, spring.campaign_id, user_id="u_1", idempotency_key=f"key of {spring.campaign_id}"
    )
    assert again.replayed


async def test_a_customer_is_deleted_in_every_table_and_the_costs_stay(ai: AIService) -> None:
    ids, other = await ai.add_brief(BRIEF), await ai.add_brief(BRIEF)
    for business_id, customer_id in ((ids.business_id, "c_7"), (ids.business_id, "c_8"), (other.business_id, "c_7")):
        message, key = "Vous ouvrez quand ?", f"{business_id} {customer_id}"
        reply = await ai.suggest_reply(
            business_id, message, customer_id=customer_id, idempotency_key=key, user_id="u_1"
        )
        await ai.save_edit(business_id, reply.content_id, {"reply": f"Bonjour {customer_id}"}, 1, "u_1")
    before = await ai.costs("feature")

    counted = await ai.delete_customer(ids.business_id, "c_7", dry_run=True)
    assert await ai.delete_customer(ids.business_id, "c_7") == counted

    assert (counted.attempts, counted.content) == (1, 1)
    assert await ai.costs("feature") == before
    kept = await ai.list_content(ids.business_id)
    assert [content.customer_id for content in kept.items] == ["c_8"]
    assert [content.customer_id for content in (await ai.list_content(other.business_id)).items] == ["c_7"]
    rows = await ai.attempts(business_id=ids.business_id)
    assert {(row.customer_id, row.idempotency_key, row.user_id) for row in rows} == {
        (None, None, None),
        ("c_8", f"{ids.business_id} c_8", "u_1"),
    }
    with pytest.raises(NotFound, match="nothing is stored of a customer 'c_7'"):
        await ai.delete_customer(ids.business_id, "c_7")
    # its key is free again
    key = f"{ids.business_id} c_7"
    assert not (await ai.suggest_reply(ids.business_id, "Bonjour", customer_id="c_7", idempotency_key=key)).replayed


async def test_what_a_host_keeps_itself_is_not_read_or_changed_here(home: Home, no_environment: None) -> None:
    settings = Settings(model="sandbox", database_url=home.url)
    async with AIService(settings, context_source=serving.told()) as ai:
        with pytest.raises(ConfigurationError, match="your ContextSource brings businesses and campaigns"):
            await ai.add_campaign("b", SPRING)
        with pytest.raises(ConfigurationError, match="your ContextSource brings businesses and campaigns"):
            await ai.list_businesses()
