"""Reading the ledger: a call's attempts, the latest ones, and exact sums by key."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from models.attempt import Attempt
from models.records import CostGroup, CostLine
from models.vocabulary import Feature
from storage.engine import writing
from storage.log_rows import INSERT, opening
from storage.reports import attempts, costs
from tests.storage_homes import Home, engine_on
from tests.storage_parts import BUSINESS_ID, CAMPAIGN_ID, NOON, sent

pytest_plugins = ["tests.storage_fixtures"]

OTHER_ID = "7a1de1ff-54f3-4f8b-8f0c-1d9d6f1a0003"


def spent(cost_usd: str | None) -> Attempt:
    """Return an answered attempt of 100 tokens in and 10 out."""
    cost = None if cost_usd is None else Decimal(cost_usd)
    return replace(sent(), status="ok", input_tokens=100, output_tokens=10, cost_usd=cost)


@asynccontextmanager
async def books(home: Home, *logged: Attempt) -> AsyncGenerator[AsyncEngine]:
    """Yield an engine on a ledger with these attempts."""
    async with engine_on(home) as engine:
        async with writing(engine) as session:
            for attempt in logged:
                await session.execute(INSERT, opening(attempt, owner="test"))
        yield engine


async def test_the_attempts_of_a_call_come_by_question_and_attempt(home: Home) -> None:
    first, second, other = sent(1, request_id="r"), sent(2, request_id="r"), sent()
    later = replace(first, question=1)

    async with books(home, later, second, other, first) as engine:
        assert await attempts(engine, "r") == [first, second, later]
        assert await attempts(engine, "none") == []


async def test_the_recent_attempts_are_the_last_written_newest_first(home: Home) -> None:
    old, new = sent(), sent()
    image = replace(sent(), feature=Feature.IMAGE)
    foreign = replace(sent(), business_id=OTHER_ID)

    async with books(home, old, image, foreign, new) as engine:
        assert await attempts(engine, limit=2) == [new, foreign]
        assert await attempts(engine, limit=9, business_id=BUSINESS_ID) == [new, image, old]
        assert await attempts(engine, limit=9, feature=Feature.IMAGE) == [image]
        assert await attempts(engine, limit=9, business_id=OTHER_ID, feature=Feature.IMAGE) == []


async def test_sums_are_exact_and_name_what_failed_and_what_has_no_price(home: Home) -> None:
    logged = [
        spent("0.1"),
        spent("0.2"),
        spent("0.000000000001"),
        replace(spent("0.05"), status="timeout"),
        replace(spent(None), status="invalid_output"),
        replace(sent(), cost_usd=None),
    ]

    async with books(home, *logged) as engine:
        lines = await costs(engine, "business")

    assert lines == [
        CostLine(
            key=BUSINESS_ID,
            business_id=BUSINESS_ID,
            requests=6,
            failed_requests=2,
            input_tokens=500,
            output_tokens=50,
            cost_usd=Decimal("0.350000000001"),
            waste_usd=Decimal("0.05"),
            unpriced_requests=2,
        )
    ]


async def test_a_line_without_any_known_price_costs_nothing_known(home: Home) -> None:
    async with books(home, spent(None)) as engine:
        (line,) = await costs(engine, "business")

    assert (line.cost_usd, line.waste_usd, line.unpriced_requests) == (0, 0, 1)


async def test_empty_books_have_no_lines(home: Home) -> None:
    async with books(home) as engine:
        assert await costs(engine, "model") == []


@pytest.mark.parametrize(
    ("group", "keys"),
    [
        ("business", [OTHER_ID, BUSINESS_ID]),
        ("campaign", [CAMPAIGN_ID, "-"]),
        ("feature", ["image", "content"]),
        ("model", ["google:imagen", "openai:gpt-5.2"]),
        ("day", ["2026-12-02", "2026-12-01"]),
        ("user", ["u_42", "-"]),
    ],
)
async def test_a_line_for_each_key_the_dearest_first(home: Home, group: CostGroup, keys: list[str]) -> None:
    dear = replace(
        spent("3"),
        business_id=OTHER_ID,
        campaign_id=CAMPAIGN_ID,
        feature=Feature.IMAGE,
        provider="google",
        model="imagen",
        started_at=NOON + timedelta(hours=12),
        user_id="u_42",
    )

    async with books(home, spent("1"), spent("1"), dear) as engine:
        lines = await costs(engine, group)

    assert [line.key for line in lines] == keys
    assert [(line.cost_usd, line.requests) for line in lines] == [(3, 1), (2, 2)]


async def test_lines_of_one_cost_come_by_key(home: Home) -> None:
    logged = [replace(spent("1"), user_id=user_id) for user_id in "bca"]

    async with books(home, *logged) as engine:
        lines = await costs(engine, "user")

    assert [line.key for line in lines] == ["a", "b", "c"]


async def test_counts_only_what_was_asked_for(home: Home) -> None:
    one_day = timedelta(days=1)
    logged = [
        replace(spent("1"), started_at=NOON - one_day),
        replace(spent("2"), started_at=NOON, campaign_id=CAMPAIGN_ID),
        replace(spent("4"), started_at=NOON + one_day),
        replace(spent("8"), business_id=OTHER_ID, campaign_id=CAMPAIGN_ID),
    ]

    def total(lines: list[CostLine]) -> Decimal:
        return sum((line.cost_usd for line in lines), Decimal(0))

    async with books(home, *logged) as engine:
        spent_on = partial(costs, engine, "business")

        assert total(await spent_on()) == 15
        assert total(await spent_on(business_id=BUSINESS_ID)) == 7
        assert total(await spent_on(campaign_id=CAMPAIGN_ID)) == 10
        assert total(await spent_on(business_id=BUSINESS_ID, campaign_id=CAMPAIGN_ID)) == 2
        assert total(await spent_on(since=NOON)) == 14
        assert total(await spent_on(until=NOON)) == 1
        assert total(await spent_on(business_id=BUSINESS_ID, since=NOON, until=NOON + one_day)) == 2
