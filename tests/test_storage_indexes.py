"""Which index each statement is answered from: what these say holds for millions of rows."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from models.records import CostGroup
from models.vocabulary import ContentState, Feature
from storage.content import list_content, newest_content_of_days
from storage.engine import writing
from storage.idempotency import free
from storage.log_rows import INSERT, opening
from storage.owners import close_lost
from storage.reports import attempts, costs
from storage.reservations import settle_for
from storage.retention import delete_before
from storage.tables import ContentRow, table_of
from tests.storage_homes import Home, engine_on
from tests.storage_parts import BUSINESS_ID, CAMPAIGN_ID, NOON, draft, on_engine, sent

pytest_plugins = ["tests.storage_fixtures"]


class Asked(NamedTuple):
    """A statement as the database got it."""

    sql: str
    parameters: tuple[object, ...]


class Plans:
    """What the database says of how it answers."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def of(self, words: str, work: Callable[[AsyncEngine], Awaitable[object]]) -> str:
        """Return the plan of the first statement of `work` that begins with these words."""
        asked: list[Asked] = []

        def note(_: object, __: object, sql: str, parameters: tuple[object, ...], *___: object) -> None:
            asked.append(Asked(sql, parameters))

        with on_engine("before_cursor_execute", note):
            await work(self.engine)
        statement = next(statement for statement in asked if statement.sql.startswith(words))
        async with writing(self.engine) as session:
            return await self._plan(session, statement)

    async def _plan(self, session: AsyncSession, statement: Asked) -> str:
        connection = await session.connection()
        if self.engine.dialect.name == "sqlite":
            rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement.sql}", statement.parameters)
            return "; ".join(row.detail for row in rows)
        # a table of a page is read whole, unless that is forbidden
        await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        rows = await connection.exec_driver_sql(f"EXPLAIN {statement.sql}", statement.parameters)
        return "; ".join(str(row[0]).strip() for row in rows)


@pytest.fixture
async def plans(home: Home) -> AsyncGenerator[Plans]:
    async with engine_on(home) as engine:
        yield Plans(engine)


@pytest.mark.parametrize("group", ["campaign", "feature", "model", "day", "user"])
async def test_a_months_cost_of_a_business_reads_its_rows_alone(plans: Plans, group: CostGroup) -> None:
    async def ask(engine: AsyncEngine) -> None:
        await costs(engine, group, business_id=BUSINESS_ID, since=NOON, until=NOON)

    plan = await plans.of("SELECT", ask)

    assert found_by(
        plan, "INDEX ix_ai_logs_costs (business_id=? AND started_at>? AND started_at<?)", "ix_ai_logs_costs"
    )


async def test_a_months_cost_of_a_business_is_summed_from_the_index_alone(plans: Plans) -> None:
    async def ask(engine: AsyncEngine) -> None:
        await costs(engine, "business", business_id=BUSINESS_ID, since=NOON, until=NOON)

    plan = await plans.of("SELECT", ask)

    assert found_by(plan, "COVERING INDEX ix_ai_logs_costs (", "Index Only Scan using ix_ai_logs_costs")


async def test_a_months_cost_of_a_campaign_reads_its_rows_alone(plans: Plans) -> None:
    async def ask(engine: AsyncEngine) -> None:
        await costs(engine, "day", campaign_id=CAMPAIGN_ID, since=NOON, until=NOON)

    plan = await plans.of("SELECT", ask)

    assert found_by(
        plan, "INDEX ix_ai_logs_campaign (campaign_id=? AND started_at>? AND started_at<?)", "ix_ai_logs_campaign"
    )


@pytest.mark.parametrize(
    ("words", "work", "index"),
    [
        ("UPDATE ai_logs", close_lost, "ix_ai_logs_open"),
        ("SELECT DISTINCT ai_reservations", settle_for, "ix_ai_reservations_owner"),
        ("DELETE FROM ai_idempotency", free, "ix_ai_idempotency_open"),
    ],
)
async def test_what_a_dead_owner_left_open_is_found_by_an_index(
    plans: Plans, words: str, work: Callable[[Connection, list[str]], None], index: str
) -> None:
    async def close(engine: AsyncEngine) -> None:
        async with writing(engine) as session:
            connection = await session.connection()
            await connection.run_sync(work, ["x"])

    assert index in await plans.of(words, close)


async def test_retention_reads_a_window_of_numbers_and_not_all_rows_of_the_business(plans: Plans) -> None:
    async def delete(engine: AsyncEngine) -> None:
        async with writing(engine) as session:
            await session.execute(INSERT, opening(replace(sent(), status="ok"), owner="o"))
        await delete_before(engine, NOON + timedelta(days=1), business_id=BUSINESS_ID)

    plan = await plans.of("DELETE FROM ai_logs", delete)

    assert found_by(plan, "USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)", "pk_ai_logs")


def found_by(plan: str, in_a_file: str, on_a_server: str) -> bool:
    """Whether a plan says what SQLite says, or what PostgreSQL says."""
    return in_a_file in plan or on_a_server in plan


async def stocked(engine: AsyncEngine) -> None:
    """Store content of many businesses: on an empty table a server finds one index as cheap as the other."""
    columns = table_of(ContentRow).c.keys()
    values = {name: value for name, value in asdict(draft("x")).items() if name in columns}
    rows = [
        {
            **values,
            "content_id": str(number),
            "business_id": f"b{number % 97}" if number % 20 else BUSINESS_ID,
            "campaign_id": f"c{number % 89}" if number % 40 else CAMPAIGN_ID,
            "day": number // 40 % 30 + 1,
            "state": [*ContentState][number // 20 % 5].value,
        }
        for number in range(6000)
    ]
    async with writing(engine) as session:
        await session.execute(table_of(ContentRow).insert(), rows)
        await session.execute(text("ANALYZE"))


async def test_the_newest_posts_of_some_days_are_looked_up_and_not_searched_for(plans: Plans) -> None:
    await stocked(plans.engine)

    async def work(engine: AsyncEngine) -> None:
        await newest_content_of_days(engine, BUSINESS_ID, CAMPAIGN_ID, [1, 3], feature=Feature.CONTENT)

    plan = await plans.of("SELECT", work)

    assert plan.count("ix_ai_content_newest") == 2
    assert "Seq Scan" not in plan
    assert "SCAN ai_content" not in plan


async def test_what_failed_since_yesterday_is_found_among_millions_of_rows(plans: Plans) -> None:
    async def work(engine: AsyncEngine) -> None:
        await attempts(engine, since=NOON, status="failed")

    plan = await plans.of("SELECT", work)

    assert "ix_ai_logs_failed" in plan


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ({}, "ix_ai_content_business"),
        ({"campaign_id": CAMPAIGN_ID}, "ix_ai_content_campaign"),
        ({"campaign_id": CAMPAIGN_ID, "feature": Feature.CONTENT, "day": 3}, "ix_ai_content_newest"),
        ({"state": ContentState.APPROVED}, "ix_ai_content_state"),
    ],
    ids=["business", "campaign", "day", "state"],
)
async def test_a_list_of_content_reads_its_rows_in_their_order(
    plans: Plans, wanted: dict[str, Any], index: str
) -> None:
    await stocked(plans.engine)

    async def work(engine: AsyncEngine) -> None:
        # a server reads all rows for a business that has many of them, and is right
        await list_content(engine, BUSINESS_ID if wanted else "b5", **wanted)

    assert index in await plans.of("SELECT", work)
