"""What is old is deleted or made anonymous, in small transactions; what is young or another's stays."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from models.attempt import Attempt
from models.brief import Brief, BusinessContext, CampaignContext
from models.records import Removal
from models.vocabulary import ContentState, Feature
from storage.budgets import set_budget
from storage.content import get_content, save_content
from storage.content_changes import content_history, set_state
from storage.context_source import SqlContextSource, add_brief
from storage.engine import reading, writing
from storage.idempotency import KeyedCall, claim
from storage.ledger import SqlLedger
from storage.log_rows import INSERT, opening
from storage.reports import attempts, costs
from storage.reservations import BudgetKey
from storage.retention import anonymise_before, delete_before, delete_business
from storage.tables import BudgetRow, ContentRow, IdempotencyRow, ReservationRow, utc_now
from tests.storage_homes import Home, engine_on
from tests.storage_parts import BUSINESS_ID, CAMPAIGN_ID, NOON, draft, on_engine, sent

pytest_plugins = ["tests.storage_fixtures"]

OTHER_ID = "7a1de1ff-54f3-4f8b-8f0c-1d9d6f1a0003"
OLD = NOON - timedelta(seconds=1)


@pytest.fixture
async def engine(home: Home) -> AsyncGenerator[AsyncEngine]:
    async with engine_on(home) as engine:
        yield engine


async def log(engine: AsyncEngine, *requests: Attempt) -> None:
    async with writing(engine) as session:
        await session.execute(INSERT, [opening(attempt, owner="o") for attempt in requests])


def spent(*, at: datetime = OLD, business_id: str = BUSINESS_ID) -> Attempt:
    """Return a request that cost 1 USD and tells of people in each way."""
    return replace(
        sent(business_id=business_id),
        status="invalid_output",
        started_at=at,
        cost_usd=Decimal(1),
        input_tokens=7,
        user_id="u",
        customer_id="c",
        idempotency_key="reply to c",
        raw_output="Dear c",
        error="c: too long",
        input_warnings=["c: hidden characters"],
    )


async def logged(engine: AsyncEngine) -> list[Attempt]:
    return [*reversed(await attempts(engine, limit=100))]


async def save(
    engine: AsyncEngine,
    content_id: str,
    *,
    at: datetime = OLD,
    business_id: str = BUSINESS_ID,
    feature: Feature = Feature.CONTENT,
) -> None:
    content = replace(draft(content_id, business_id=business_id), campaign_id=None, feature=feature, created_at=at)
    await save_content(engine, content)


async def saved(engine: AsyncEngine) -> list[str]:
    async with reading(engine) as session:
        return [*await session.scalars(select(col(ContentRow.content_id)).order_by(col(ContentRow.id)))]


async def give_key(engine: AsyncEngine, key: str, *, at: datetime = OLD, business_id: str = BUSINESS_ID) -> None:
    call = KeyedCall(business_id=business_id, key=key, fingerprint="f", request_id="r", owner="o")
    await claim(engine, call, lease_s=60, now=at)


async def keys(engine: AsyncEngine) -> list[str]:
    async with reading(engine) as session:
        return [*await session.scalars(select(col(IdempotencyRow.key)).order_by(col(IdempotencyRow.key)))]


async def test_deletes_what_is_old_and_not_what_is_young_or_under_way(engine: AsyncEngine) -> None:
    young, under_way = spent(at=NOON), replace(spent(), status="sent")
    await log(engine, spent(), young, spent(), under_way)
    await save(engine, "old")
    await save(engine, "young", at=NOON)
    await give_key(engine, "old")
    await give_key(engine, "young", at=NOON)

    assert await delete_before(engine, NOON) == Removal(attempts=2, content=1)

    assert await logged(engine) == [young, under_way]
    assert await saved(engine) == ["young"]
    assert await keys(engine) == ["young"]


async def test_deletes_of_one_business_alone(engine: AsyncEngine) -> None:
    foreign = spent(business_id=OTHER_ID)
    await log(engine, spent(), foreign)
    await save(engine, "own")
    await save(engine, "foreign", business_id=OTHER_ID)
    await give_key(engine, "own")
    await give_key(engine, "foreign", business_id=OTHER_ID)

    assert await delete_before(engine, NOON, business_id=BUSINESS_ID) == Removal(attempts=1, content=1)

    assert await logged(engine) == [foreign]
    assert await saved(engine) == ["foreign"]
    assert await keys(engine) == ["foreign"]


async def test_makes_anonymous_what_is_old_and_keeps_the_money(engine: AsyncEngine) -> None:
    old, young, foreign = spent(), spent(at=NOON), spent(business_id=OTHER_ID)
    await log(engine, old, young, foreign)
    await save(engine, "post")
    await save(engine, "reply", feature=Feature.MESSAGING)
    await save(engine, "young reply", feature=Feature.MESSAGING, at=NOON)
    await save(engine, "foreign reply", feature=Feature.MESSAGING, business_id=OTHER_ID)
    await give_key(engine, "reply to c")

    removal = await anonymise_before(engine, NOON, business_id=BUSINESS_ID)

    assert removal == Removal(attempts=1, content=1)
    anonymous = replace(
        old, user_id=None, customer_id=None, idempotency_key=None, raw_output=None, error=None, input_warnings=[]
    )
    assert await logged(engine) == [anonymous, young, foreign]
    assert await saved(engine) == ["post", "young reply", "foreign reply"]
    assert await keys(engine) == []


async def test_makes_anonymous_what_is_old_of_all(engine: AsyncEngine) -> None:
    await log(engine, spent(), spent(business_id=OTHER_ID))

    assert await anonymise_before(engine, NOON) == Removal(attempts=2, content=0)

    assert {row.user_id for row in await logged(engine)} == {None}


async def test_a_batch_is_a_transaction(engine: AsyncEngine) -> None:
    commits: list[object] = []
    await log(engine, *(spent() for _ in range(10)))
    for number in range(4):
        await give_key(engine, str(number))

    with on_engine("commit", commits.append):
        removal = await delete_before(engine, NOON, batch=3)

    assert removal.attempts == 10
    assert len(commits) == 4 + 2
    assert await logged(engine) == []
    assert await keys(engine) == []


async def test_a_large_hole_in_the_numbers_is_passed_over(engine: AsyncEngine) -> None:
    commits: list[object] = []
    first, last = spent(), spent()
    await log(engine, first)
    async with writing(engine) as session:
        await session.execute(INSERT, {**opening(last, owner="o"), "id": 10**9})

    with on_engine("commit", commits.append):
        assert (await delete_before(engine, NOON, batch=2)).attempts == 2

    assert len(commits) <= 4


async def test_all_of_a_business_goes_and_nothing_of_another(engine: AsyncEngine) -> None:
    brief = Brief(
        business=BusinessContext(name="Levain", industry="bakery", tone="warm", languages=["fr"]),
        campaign=CampaignContext(name="Automne", start_date=NOON.date()),
    )
    ids, foreign = [await add_brief(engine, brief) for _ in range(2)]
    for business_id, campaign_id in (
        (ids.business_id, ids.campaign_id),
        # both may share the id of a campaign
        (ids.business_id, CAMPAIGN_ID),
        (foreign.business_id, CAMPAIGN_ID),
        (foreign.business_id, foreign.campaign_id),
    ):
        await set_budget(engine, BudgetKey(business_id, "campaign", campaign_id, "total"), Decimal(9))
    for business_id, campaign_id in ((ids.business_id, CAMPAIGN_ID), (foreign.business_id, foreign.campaign_id)):
        await set_budget(engine, BudgetKey(business_id, "business", business_id, "month"), Decimal(9))
        async with SqlLedger(engine) as ledger:
            row = spent(at=utc_now(), business_id=business_id)
            await ledger.open(replace(row, status="sent", campaign_id=campaign_id))
    for business_id in (ids.business_id, foreign.business_id):
        await save(engine, business_id, business_id=business_id)
        await give_key(engine, business_id, business_id=business_id)

    assert await delete_business(engine, ids.business_id) == Removal(attempts=1, content=1)

    source = SqlContextSource(engine)
    assert await source.get_business(ids.business_id) is None
    assert await source.get_campaign(ids.business_id, ids.campaign_id) is None
    assert await source.get_campaign(foreign.business_id, foreign.campaign_id) == brief.campaign
    assert await saved(engine) == [foreign.business_id]
    assert await keys(engine) == [foreign.business_id]
    assert [line.key for line in await costs(engine, "business")] == [foreign.business_id]
    async with reading(engine) as session:
        for row in (BudgetRow, ReservationRow):
            assert {*await session.scalars(select(col(row.business_id)))} == {foreign.business_id}


@pytest.mark.parametrize("business_id", [None, BUSINESS_ID])
async def test_what_would_be_removed_is_counted_before(engine: AsyncEngine, business_id: str | None) -> None:
    await log(engine, spent(), spent(at=NOON), spent(business_id=OTHER_ID), replace(spent(), status="sent"))
    await save(engine, "post")
    await save(engine, "reply", feature=Feature.MESSAGING)
    await save(engine, "young", at=NOON)

    to_change = await anonymise_before(engine, NOON, business_id=business_id, dry_run=True)
    assert to_change == await anonymise_before(engine, NOON, business_id=business_id)

    to_delete = await delete_before(engine, NOON, business_id=business_id, dry_run=True)
    assert to_delete == await delete_before(engine, NOON, business_id=business_id)
    assert to_delete.attempts and to_delete.content


async def test_what_would_be_removed_of_a_business_is_counted_before(engine: AsyncEngine) -> None:
    await log(engine, spent(), spent(at=NOON), spent(business_id=OTHER_ID))
    await save(engine, "post")
    await save(engine, "foreign", business_id=OTHER_ID)

    counted = await delete_business(engine, BUSINESS_ID, dry_run=True)

    assert counted == Removal(attempts=2, content=1)
    assert await delete_business(engine, BUSINESS_ID) == counted


async def test_who_asked_and_who_changed_content_is_cleared_with_the_rest(engine: AsyncEngine) -> None:
    await save_content(engine, replace(draft("old"), user_id="u", created_at=OLD))
    await set_state(engine, BUSINESS_ID, "old", ContentState.APPROVED, 1, user_id="u")
    later = NOON + timedelta(days=1)

    await anonymise_before(engine, later, business_id=BUSINESS_ID)

    content = await get_content(engine, BUSINESS_ID, "old")
    assert content is not None and (content.user_id, content.state) == (None, ContentState.APPROVED)
    assert [change.user_id for change in await content_history(engine, BUSINESS_ID, "old")] == [None]
    await delete_before(engine, later)
    assert await content_history(engine, BUSINESS_ID, "old") == []
