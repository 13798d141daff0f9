"""Money comes back exactly, times come back aware."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import StatementError

from storage.columns import UsdAmount, UtcDateTime
from storage.engine import reading, writing
from storage.log_rows import INSERT, opening
from storage.tables import BusinessRow
from tests.storage_homes import Home, engine_on
from tests.storage_parts import NOON, rows_of, sent

pytest_plugins = ["tests.storage_fixtures"]

DIALECT = sqlite.dialect()


@pytest.mark.parametrize("amount", ["0.000000000001", "0", "0.1", "1234.567890123456", "9223372.036854775807"])
async def test_an_amount_comes_back_exactly(home: Home, amount: str) -> None:
    attempt = sent()
    attempt.cost_usd = Decimal(amount)

    async with engine_on(home) as engine:
        async with writing(engine) as session:
            await session.execute(INSERT, opening(attempt, owner="test"))

        assert (await rows_of(engine, attempt))[0].cost_usd == Decimal(amount)


async def test_an_unknown_amount_is_null_and_a_known_one_an_integer(home: Home) -> None:
    unknown, known = sent(1, request_id="r"), sent(2, request_id="r")
    known.cost_usd = Decimal("0.000000000001")

    async with engine_on(home) as engine:
        async with writing(engine) as session:
            await session.execute(INSERT, [opening(unknown, owner="test"), opening(known, owner="test")])

        async with reading(engine) as session:
            stored = await session.execute(text("SELECT cost_usd FROM ai_logs ORDER BY attempt"))
        assert [*stored.scalars()] == [None, 1]
        assert [row.cost_usd for row in await rows_of(engine, known)] == [None, Decimal("0.000000000001")]


def test_rounds_up_what_is_finer_than_the_unit() -> None:
    assert UsdAmount().process_bind_param(Decimal("0.0000000000001"), DIALECT) == 1


def test_refuses_an_amount_that_does_not_fit() -> None:
    with pytest.raises(OverflowError, match="does not fit, at most 9223372 USD"):
        UsdAmount().process_bind_param(Decimal("9223372.1"), DIALECT)


async def test_a_time_comes_back_aware_and_in_utc(home: Home) -> None:
    paris_noon = NOON.replace(tzinfo=timezone(timedelta(hours=1)))

    async with engine_on(home) as engine:
        async with writing(engine) as session:
            session.add(BusinessRow(id="x", name="x", context={}, created_at=paris_noon))

        async with reading(engine) as session:
            created_at = (await session.get_one(BusinessRow, "x")).created_at
    assert created_at == paris_noon
    assert created_at.tzinfo is UTC


async def test_refuses_a_time_without_a_zone(home: Home) -> None:
    async with engine_on(home) as engine, writing(engine) as session:
        session.add(BusinessRow(id="x", name="x", context={}, created_at=datetime(2026, 12, 1)))

        with pytest.raises(StatementError, match="has no time zone: pass an aware one"):
            await session.flush()
        session.expunge_all()


def test_a_time_of_a_database_that_knows_zones_comes_back_in_utc() -> None:
    stored = NOON.astimezone(timezone(timedelta(hours=1)))

    moment = UtcDateTime().process_result_value(stored, postgresql.dialect())

    assert repr(moment) == repr(NOON)
