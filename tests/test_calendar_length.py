"""Calendars of 7 to 92 days: planned, stored, read, shown and written for; a day past the end is refused."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO
from itertools import groupby
from uuid import uuid4

import pytest
from rich.console import Console

from ai_service import AIService, Feature, InvalidRequest, NotFound
from ai_service.cli.features import strategy as strategy_view
from models.brief import CampaignContext, Offer
from models.skeleton import plan_days
from models.strategy import MAX_DAYS, MIN_DAYS, CampaignStrategy
from models.vocabulary import Role
from storage.content import newest_content, save_content
from storage.engine import create_engine
from tests import serving
from tests.plans import START, brief_with
from tests.serving import Shop

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop, ai = serving.shop, serving.ai

LENGTHS = range(MIN_DAYS, MAX_DAYS + 1)


@pytest.mark.parametrize("offers", [0, 1, 20])
def test_a_plan_of_each_length_keeps_the_arc_and_the_mix(offers: int) -> None:
    brief = brief_with(offers=[Offer(text="Five pounds off")] * offers)

    for length in LENGTHS:
        plan = plan_days(brief, today=START, days=length)
        roles = [day.role for day in plan]
        firsts = [roles.index(role) for role in (Role.TEASER, Role.LAUNCH, Role.PROOF, Role.RECAP)]
        runs = [len(list(days)) for promo, days in groupby(plan, key=lambda day: day.is_promo) if promo]

        assert [day.day for day in plan] == list(range(1, length + 1))
        assert firsts == sorted(firsts) and roles[-1] is Role.RECAP
        assert (0.1 if offers else 0) <= sum(day.is_promo for day in plan) / length <= 0.3
        assert max(runs, default=0) < 3


@pytest.mark.parametrize("length", [7, 8, 31, 92])
def test_the_launch_may_come_on_each_day_but_the_last_three(length: int) -> None:
    for position in range(length - 3):
        campaign = CampaignContext(start_date=START, launch_date=START + timedelta(days=position))

        assert len(plan_days(brief_with(campaign=campaign), today=START, days=length)) == length
    late = CampaignContext(start_date=START, launch_date=START + timedelta(days=length - 3))
    with pytest.raises(ValueError, match=f"is after day {length - 3} of the calendar"):
        plan_days(brief_with(campaign=late), today=START, days=length)


async def store(shop: Shop, length: int) -> None:
    """Store a calendar of this length as the campaign's newest."""
    engine = create_engine(f"sqlite:///{shop.database}")
    saved = await newest_content(engine, shop.business_id, shop.campaign_id, feature=Feature.STRATEGY)
    assert saved is not None
    strategy = CampaignStrategy.model_validate(saved.output)
    days = [
        strategy.calendar[n % 30].model_copy(update={"day": n + 1, "date": START + timedelta(days=n)})
        for n in range(length)
    ]
    output = strategy.model_copy(update={"calendar": days}).model_dump(mode="json")
    await save_content(engine, replace(saved, content_id=str(uuid4()), request_id=str(uuid4()), output=output))
    await engine.dispose()


@pytest.mark.parametrize("length", [7, 92])
async def test_the_last_day_of_a_stored_calendar_is_written_for(shop: Shop, ai: AIService, length: int) -> None:
    await store(shop, length)

    post = await ai.generate_content(shop.business_id, shop.campaign_id, length)
    await ai.generate_video_script(shop.business_id, shop.campaign_id, length)
    await ai.generate_image(shop.business_id, shop.campaign_id, length)

    assert (await ai.newest_content(shop.business_id, shop.campaign_id, length)).content_id == post.content_id


@pytest.mark.parametrize("length", [7, 92])
async def test_a_day_past_the_end_names_the_length(shop: Shop, ai: AIService, length: int) -> None:
    await store(shop, length)

    with pytest.raises(InvalidRequest, match=rf"day: the calendar has {length} days, got 500 \(pass 1 to {length}\)"):
        await ai.generate_content(shop.business_id, shop.campaign_id, 500)
    with pytest.raises(NotFound, match=f"has no day {length + 1}: its calendar has {length} days"):
        await ai.newest_content(shop.business_id, shop.campaign_id, length + 1)
    assert shop.server.requests == []


@pytest.mark.parametrize("length", [7, 92])
@pytest.mark.parametrize("width", [60, 80, 160])
async def test_a_stored_calendar_is_shown_whole(shop: Shop, ai: AIService, length: int, width: int) -> None:
    await store(shop, length)
    strategy = await ai.get_strategy(shop.business_id, shop.campaign_id)

    console = Console(width=width, file=StringIO())
    with console.capture() as shown:
        console.print(strategy_view.calendar(strategy, width=width))

    assert f" {length} " in shown.get()
