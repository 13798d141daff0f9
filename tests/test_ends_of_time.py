"""Dates and moments at the ends of time, which hosts use for "always" and "never"."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from ai_service import AIService, InvalidRequest, NotFound
from tests import serving
from tests.serving import BRIEF, Shop
from tests.storage_homes import Home

pytest_plugins = ["tests.storage_fixtures"]
server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop = serving.shop

ENDS = [
    datetime.min.replace(tzinfo=UTC),
    datetime.max.replace(tzinfo=UTC),
    datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
    datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))),
]


async def test_a_moment_at_an_end_of_time_is_refused(shop: Shop) -> None:
    async with shop.open() as ai:
        for end in ENDS:
            for call in (
                ai.costs(since=end),
                ai.costs(until=end),
                ai.delete_before(end),
                ai.anonymise_before(end),
                ai.suggest_reply(shop.business_id, "Bonjour", channel="whatsapp", last_customer_message_at=end),
            ):
                with pytest.raises(InvalidRequest, match="at an end of time"):
                    await call
    assert shop.server.requests == []


async def test_the_outermost_moments_are_taken_on_each_database(no_environment: None, shop: Shop, home: Home) -> None:
    first, last = datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)

    async with AIService(shop.settings(model="sandbox", database_url=home.url)) as ai:
        ids = await ai.add_brief(BRIEF)
        reply = await ai.suggest_reply(ids.business_id, "Bonjour", channel="whatsapp", last_customer_message_at=last)

        assert reply.output.window_closes_at == last + timedelta(hours=24)
        assert sum(line.requests for line in await ai.costs(since=first, until=last)) == 1
        assert (await ai.delete_before(last)).attempts == 1


async def test_a_campaign_at_the_end_of_time_has_no_room_and_an_offer_may_hold_for_ever(shop: Shop) -> None:
    offer = {"text": "Brioche", "valid_from": date.min, "valid_until": date.max}

    async with shop.open(model="sandbox") as ai:
        ids = await ai.add_brief({"business": {**BRIEF.business.model_dump(), "offers": [offer]}})
        calendar = (await ai.generate_strategy(ids.business_id, ids.campaign_id)).output.calendar
        late = await ai.add_brief({"business": BRIEF.business, "campaign": {"start_date": date.max}})
        with pytest.raises(InvalidRequest, match="campaign: "):
            await ai.generate_strategy(late.business_id, late.campaign_id)
        with pytest.raises(NotFound, match="has no calendar yet"):
            await ai.generate_content(late.business_id, late.campaign_id, 1)

    assert any(day.is_promo for day in calendar)
