"""Briefs go in whole and come back as contexts, each to its own business."""

from datetime import date
from decimal import Decimal

import pytest

from deps.protocols import ContextSource
from models.brief import Brief, BusinessContext, CampaignContext, Offer
from models.vocabulary import Network
from storage.context_source import SqlContextSource, add_brief
from storage.engine import create_engine
from storage.failures import StorageError
from tests.storage_homes import Home, engine_on
from tests.storage_parts import BUSINESS_ID, CAMPAIGN_ID

pytest_plugins = ["tests.storage_fixtures"]

BRIEF = Brief(
    business=BusinessContext(
        name="Levain & Fils",
        industry="boulangerie",
        tone="chaleureux",
        languages=["fr"],
        networks=[Network.INSTAGRAM],
        offers=[Offer(text="Brioche", price=Decimal("4.50"), currency="EUR", valid_until=date(2026, 12, 31))],
    ),
    campaign=CampaignContext(name="Automne", start_date=date(2026, 12, 1)),
)


async def test_a_brief_comes_back_as_it_was_given(home: Home) -> None:
    async with engine_on(home) as engine:
        ids = await add_brief(engine, BRIEF)

        source: ContextSource = SqlContextSource(engine)
        assert await source.get_business(ids.business_id) == BRIEF.business
        assert await source.get_campaign(ids.business_id, ids.campaign_id) == BRIEF.campaign


async def test_a_campaign_is_not_shown_to_another_business(home: Home) -> None:
    async with engine_on(home) as engine:
        one, other = await add_brief(engine, BRIEF), await add_brief(engine, BRIEF)

        assert one.business_id != other.business_id
        assert await SqlContextSource(engine).get_campaign(one.business_id, other.campaign_id) is None


async def test_unknown_ids_are_none(home: Home) -> None:
    async with engine_on(home) as engine:
        source = SqlContextSource(engine)

        assert await source.get_business(BUSINESS_ID) is None
        assert await source.get_campaign(BUSINESS_ID, CAMPAIGN_ID) is None


async def test_a_database_without_tables_is_a_storage_error(home: Home) -> None:
    async with home.empty() as url:
        engine = create_engine(url)

        with pytest.raises(StorageError, match=r'no such table: ai_businesses|"ai_businesses" does not exist'):
            await SqlContextSource(engine).get_business(BUSINESS_ID)
        await engine.dispose()
