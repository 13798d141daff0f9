"""Budgets: never more reserved than there is room, by whomever, and the ledger agrees when all is settled."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from models.attempt import Attempt
from models.records import BudgetPeriod, BudgetScope, BudgetState
from models.unaffordable import BudgetShort, PriceUnknown
from storage.budgets import budgets, set_budget
from storage.engine import reading, writing
from storage.ledger import SqlLedger
from storage.log_rows import INSERT, opening
from storage.owners import close_lost
from storage.reservations import BudgetKey
from storage.tables import utc_now
from tests.storage_children import children, race_for_a_budget
from tests.storage_homes import Home, engine_on
from tests.storage_parts import BUSINESS_ID, CAMPAIGN_ID, NOON, on_engine, rows_of, sent

pytest_plugins = ["tests.storage_fixtures"]

OTHER_ID = "7a1de1ff-54f3-4f8b-8f0c-1d9d6f1a0003"
NEXT_MONTH = datetime(2027, 1, 1, tzinfo=UTC)


def asking(
    amount_usd: str | None, request_id: str = "r", *, campaign_id: str | None = CAMPAIGN_ID, at: datetime = NOON
) -> Attempt:
    """Return a request that may cost so much."""
    cost_usd = None if amount_usd is None else Decimal(amount_usd)
    return replace(sent(request_id=request_id), campaign_id=campaign_id, started_at=at, cost_usd=cost_usd)


class Desk:
    """The budgets of one database, and a ledger that reserves and books."""

    def __init__(self, engine: AsyncEngine, ledger: SqlLedger) -> None:
        self.engine = engine
        self.ledger = ledger

    async def limit(
        self,
        limit_usd: str | None,
        scope: BudgetScope = "business",
        period: BudgetPeriod = "month",
        *,
        scope_id: str | None = None,
        business_id: str = BUSINESS_ID,
        at: datetime = NOON,
    ) -> None:
        """Set a budget; without an id that of the business or campaign of the tests."""
        scope_id = scope_id or (business_id if scope == "business" else CAMPAIGN_ID)
        limit = None if limit_usd is None else Decimal(limit_usd)
        await set_budget(self.engine, BudgetKey(business_id, scope, scope_id, period), limit, at=at)

    async def reserve(
        self, amount_usd: str, request_id: str = "r", *, campaign_id: str | None = CAMPAIGN_ID, at: datetime = NOON
    ) -> None:
        await self.ledger.open(asking(amount_usd, request_id, campaign_id=campaign_id, at=at))

    async def settle(self, cost_usd: str | None, request_id: str = "r") -> None:
        self.ledger.settle(replace(asking(cost_usd, request_id), status="ok"))
        await self.ledger.flush()

    async def states(self, *, campaign_id: str | None = CAMPAIGN_ID, at: datetime = NOON) -> list[BudgetState]:
        return await budgets(self.engine, BUSINESS_ID, campaign_id, at=at)

    async def sums(self, *, at: datetime = NOON) -> list[tuple[Decimal, Decimal, Decimal]]:
        """Return what is spent, reserved and left of each budget."""
        return [(state.spent_usd, state.reserved_usd, state.left_usd) for state in await self.states(at=at)]


@pytest.fixture
async def desk(home: Home) -> AsyncGenerator[Desk]:
    async with engine_on(home) as engine, SqlLedger(engine) as ledger:
        yield Desk(engine, ledger)


async def test_a_reservation_counts_until_it_is_settled_at_its_cost(desk: Desk) -> None:
    await desk.limit("1")

    await desk.reserve("0.3")
    assert await desk.sums() == [(0, Decimal("0.3"), Decimal("0.7"))]
    await desk.settle("0.000000000001")
    assert await desk.sums() == [(Decimal("0.000000000001"), 0, Decimal("0.999999999999"))]


async def test_settling_again_or_what_was_never_reserved_changes_nothing(desk: Desk) -> None:
    await desk.limit("1")
    await desk.reserve("0.3")

    for request_id in ("r", "r", "never"):
        await desk.settle("0.1", request_id)

    assert await desk.sums() == [(Decimal("0.1"), 0, Decimal("0.9"))]


async def test_a_cost_that_is_unknown_is_booked_at_all_that_was_reserved(desk: Desk) -> None:
    await desk.limit("1")
    await desk.reserve("0.3")

    await desk.settle(None)

    assert await desk.sums() == [(Decimal("0.3"), 0, Decimal("0.7"))]


async def test_the_last_of_a_budget_can_be_reserved_and_no_more(desk: Desk) -> None:
    await desk.limit("1")
    await desk.reserve("0.999999999999", "first")

    await desk.reserve("0.000000000001", "last")
    with pytest.raises(BudgetShort, match=r"has 0 of 1 USD left, asked: 0\.000000000001") as raised:
        await desk.reserve("0.000000000001", "more")

    short = raised.value
    assert (short.scope, short.scope_id, short.period) == ("business", BUSINESS_ID, "month")
    assert (short.limit_usd, short.left_usd, short.asked_usd) == (1, 0, Decimal("0.000000000001"))


async def test_what_has_no_room_in_one_budget_is_reserved_against_none(desk: Desk) -> None:
    await desk.limit("1", "business", "month")
    await desk.limit("1", "business", "total")
    await desk.limit("0.1", "campaign", "total")

    with pytest.raises(BudgetShort) as raised:
        await desk.reserve("0.5")

    assert (raised.value.scope, raised.value.left_usd) == ("campaign", Decimal("0.1"))
    assert [reserved for _, reserved, _ in await desk.sums()] == [0, 0, 0]


async def test_a_shortage_is_one_row_s_and_the_others_of_its_transaction_are_written(desk: Desk) -> None:
    await desk.limit("1", "business")
    await desk.limit("0.5", "campaign")
    commits: list[object] = []
    asked = [
        asking("0.4", "first"),
        asking("0.2", "too much"),
        asking("0.1", "second"),
        asking("0.5", "of another", campaign_id=None),
        asking("0.1", "too much as well", campaign_id=None),
    ]

    with on_engine("commit", commits.append):
        ended = await asyncio.gather(*map(desk.ledger.open, asked), return_exceptions=True)

    shorts = [end.scope if isinstance(end, BudgetShort) else end for end in ended]
    assert shorts == [None, "campaign", None, None, "business"]
    assert [bool(await rows_of(desk.engine, attempt)) for attempt in asked] == [True, False, True, True, False]
    assert [reserved for _, reserved, _ in await desk.sums()] == [1, Decimal("0.5")]
    assert len(commits) <= 2


async def test_what_is_released_makes_room_in_the_same_transaction(desk: Desk) -> None:
    await desk.limit("1")
    await desk.reserve("1", "first")

    desk.ledger.settle(asking("0.3", "first"))
    await desk.reserve("0.7", "second")

    assert await desk.sums() == [(Decimal("0.3"), Decimal("0.7"), 0)]


async def test_a_shortage_tells_whether_others_hold_what_is_lacking(desk: Desk) -> None:
    await desk.limit("1")
    await desk.reserve("0.6", "open")
    await desk.reserve("0.1", "settled")
    await desk.settle("0.1", "settled")

    told = {amount: await shortage(desk, amount) for amount in ("0.4", "0.9", "0.900000000001")}

    assert told == {"0.4": True, "0.9": True, "0.900000000001": False}


async def shortage(desk: Desk, amount_usd: str) -> bool:
    """Return what the shortage of an amount says: whether others hold what is lacking."""
    with pytest.raises(BudgetShort) as raised:
        await desk.reserve(amount_usd, "more")
    return raised.value.others_hold


async def test_who_waits_for_room_is_woken_in_turn_by_each_release(desk: Desk) -> None:
    await desk.limit("1")
    await desk.reserve("1", "held")
    order: list[str] = []

    async def patient(request_id: str) -> None:
        while True:
            try:
                await desk.reserve("0.4", request_id)
                break
            except BudgetShort as short:
                await desk.ledger.room(short)
        order.append(request_id)
        await desk.settle("0.4", request_id)

    waiting = [asyncio.create_task(patient(name)) for name in ("first", "second")]
    with pytest.raises(BudgetShort):  # both have been refused by then
        await desk.reserve("1", "third")
    await desk.settle("0.1", "held")
    await asyncio.gather(*waiting)

    assert order == ["first", "second"]
    assert await desk.sums() == [(Decimal("0.9"), 0, Decimal("0.1"))]


async def test_no_budget_allows_an_unknown_price_and_without_one_it_is_written(desk: Desk) -> None:
    await desk.ledger.open(asking(None, "free of budgets"))
    await desk.limit("1")

    with pytest.raises(PriceUnknown):
        await desk.ledger.open(asking(None))

    assert await rows_of(desk.engine, asking(None)) == []
    assert await desk.sums() == [(0, 0, 1)]


async def test_an_assumed_price_is_reserved_and_booked_for_an_unknown_one(home: Home) -> None:
    async with engine_on(home) as engine, SqlLedger(engine, unknown_price_usd_per_mtok=Decimal(10)) as ledger:
        desk = Desk(engine, ledger)
        await desk.limit("1")

        await ledger.open(replace(asking(None), input_tokens=40_000, output_tokens=10_000))
        assert await desk.sums() == [(0, Decimal("0.5"), Decimal("0.5"))]
        ledger.settle(replace(asking(None), input_tokens=20_000, output_tokens=1, status="ok"))
        await ledger.flush()

        assert await desk.sums() == [(Decimal("0.20001"), 0, Decimal("0.79999"))]


async def test_only_the_budgets_of_the_business_and_the_campaign_apply(desk: Desk) -> None:
    await desk.limit("1", "business")
    await desk.limit("1", "campaign")
    await desk.limit("0", "business", business_id=OTHER_ID)
    await desk.limit("0", "campaign", scope_id=OTHER_ID)
    # two businesses may share the id of a campaign
    await desk.limit("0", "campaign", business_id=OTHER_ID)
    # the id of another kind is not its own
    await desk.limit("0", "campaign", scope_id=BUSINESS_ID)

    await desk.reserve("0.5")
    await desk.reserve("0.5", "no campaign", campaign_id=None)

    assert [reserved for _, reserved, _ in await desk.sums()] == [1, Decimal("0.5")]
    assert len(await desk.states(campaign_id=None)) == 1


async def test_a_new_month_begins_with_nothing_taken_and_a_total_goes_on(desk: Desk) -> None:
    await desk.limit("1", period="month")
    await desk.limit("2", period="total")
    await desk.reserve("0.9", "december")

    assert [state.left_usd for state in await desk.states(at=NEXT_MONTH)] == [1, Decimal("1.1")]
    await desk.reserve("1", "january", at=NEXT_MONTH)
    await desk.settle("0.8", "december")

    assert await desk.sums(at=NEXT_MONTH) == [(0, 1, 0), (Decimal("0.8"), 1, Decimal("0.2"))]


async def test_a_month_is_one_in_utc(desk: Desk) -> None:
    still_december = datetime(2027, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    await desk.limit("1")
    await desk.reserve("0.9", at=NOON)

    with pytest.raises(BudgetShort):
        await desk.reserve("0.2", "late", at=still_december)


async def test_who_is_late_in_the_old_month_counts_in_the_new_one(desk: Desk) -> None:
    await desk.limit("1")
    await desk.reserve("0.5", "january", at=NEXT_MONTH)

    await desk.reserve("0.4", "late", at=NEXT_MONTH - timedelta(seconds=1))
    with pytest.raises(BudgetShort):
        await desk.reserve("0.4", "later", at=NEXT_MONTH - timedelta(seconds=1))
    await desk.settle("0.4", "late")

    assert await desk.sums(at=NEXT_MONTH) == [(Decimal("0.4"), Decimal("0.5"), Decimal("0.1"))]


async def test_a_changed_limit_keeps_what_is_taken(desk: Desk) -> None:
    await desk.limit("1")
    await desk.reserve("0.6")

    await desk.limit("0.5")

    assert await desk.sums() == [(0, Decimal("0.6"), 0)]


async def test_a_removed_budget_is_gone_and_a_call_under_way_gives_nothing_back_to_the_next(desk: Desk) -> None:
    await desk.limit("1")
    await desk.reserve("0.6")

    await desk.limit(None)
    assert await desk.states() == []
    await desk.limit("1")
    await desk.settle("0.5")

    assert await desk.sums() == [(Decimal("0.6"), 0, Decimal("0.4"))]


@pytest.mark.parametrize(
    ("scope", "period", "spent"),
    [("business", "month", "0.35"), ("business", "total", "1.35"), ("campaign", "month", "0.3")],
)
async def test_a_new_budget_starts_from_what_the_ledger_says(
    desk: Desk, scope: BudgetScope, period: BudgetPeriod, spent: str
) -> None:
    books = [
        replace(sent(), cost_usd=Decimal("0.1"), status="ok", campaign_id=CAMPAIGN_ID),
        replace(sent(), cost_usd=Decimal("0.2"), campaign_id=CAMPAIGN_ID),
        replace(sent(), cost_usd=Decimal("0.05"), started_at=NOON.replace(hour=0)),
        replace(sent(), cost_usd=None),
        replace(sent(), cost_usd=Decimal(1), started_at=NOON.replace(hour=0) - timedelta(microseconds=1)),
        replace(sent(), cost_usd=Decimal(7), business_id=OTHER_ID, campaign_id=OTHER_ID),
    ]
    async with writing(desk.engine) as session:
        await session.execute(INSERT, [opening(attempt, owner="me") for attempt in books])

    await desk.limit("2", scope, period)

    assert [state.spent_usd for state in await desk.states()] == [Decimal(spent)]


async def test_a_budget_that_is_set_without_a_time_is_of_now(home: Home) -> None:
    async with engine_on(home) as engine:
        await set_budget(engine, BudgetKey(BUSINESS_ID, "business", BUSINESS_ID, "month"), Decimal(1))
        async with reading(engine) as session:
            month = await session.scalar(text("SELECT month FROM ai_budgets"))

    assert month == f"{utc_now():%Y-%m}"


@pytest.mark.parametrize("amount", ["-0.01", "-1"])
async def test_refuses_less_than_nothing(desk: Desk, amount: str) -> None:
    with pytest.raises(ValueError, match=r"a budget of .* USD: set 0 or more, or None for no limit"):
        await desk.limit(amount)


async def test_the_largest_budget_can_be_reserved_whole(desk: Desk) -> None:
    largest = "9223372.036854775807"
    await desk.limit(largest)

    await desk.reserve(largest)
    with pytest.raises(BudgetShort):
        await desk.reserve(largest, "another")

    assert await desk.sums() == [(0, Decimal(largest), 0)]


async def reserve_and_die(desk: Desk, *, at: datetime = NOON) -> None:
    """Have a request of 0.4 USD settled at 0.1, another of 1 USD open, and the owner of both found dead."""
    await desk.reserve("0.4", "answered")
    await desk.settle("0.1", "answered")
    await desk.reserve("1", at=at)
    async with writing(desk.engine) as session:
        connection = await session.connection()
        await connection.run_sync(close_lost, [desk.ledger.owner])


async def test_what_a_dead_owner_left_open_is_booked_at_its_bound(desk: Desk) -> None:
    await desk.limit("2", "business", "total")
    await desk.limit("3", "campaign", "total")

    await reserve_and_die(desk)

    assert [(spent, reserved) for spent, reserved, _ in await desk.sums()] == [(Decimal("1.1"), 0)] * 2


async def test_what_was_thought_lost_and_is_answered_after_all_is_booked_at_its_cost(desk: Desk) -> None:
    await desk.limit("2", period="total")
    await reserve_and_die(desk)

    for _ in range(2):
        await desk.settle("0.25")

    assert await desk.sums() == [(Decimal("0.35"), 0, Decimal("1.65"))]


@pytest.mark.parametrize(("days", "kept"), [(0, 1), (2, 0)])
async def test_a_call_settled_for_a_dead_owner_is_forgotten_after_a_day(desk: Desk, days: int, kept: int) -> None:
    await desk.limit("2", period="total")

    await reserve_and_die(desk, at=utc_now() - timedelta(days=days))

    async with reading(desk.engine) as session:
        assert await session.scalar(text("SELECT count(*) FROM ai_reservations")) == kept


async def test_reservations_racing_from_three_processes_never_take_more_than_there_is(home: Home) -> None:
    async with engine_on(home) as engine, SqlLedger(engine) as ledger:
        desk = Desk(engine, ledger)
        await desk.limit("0.35", "business", "month")
        await desk.limit("5", "campaign", "total")

        with children(3, race_for_a_budget, home.url) as racers:
            assert [racer.said() for racer in racers] == ["ready"] * 3
            for racer in racers:
                racer.tell(25)
            had_room = sum(racer.said() for racer in racers)

        assert had_room == 35
        assert [(spent, reserved) for spent, reserved, _ in await desk.sums()] == [(Decimal("0.35"), 0)] * 2
