"""Budgets: what a business or a campaign may spend, reserved before a call and booked after it."""

from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, and_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.records import BudgetPeriod, BudgetScope, BudgetState
from storage.columns import UsdAmount
from storage.reservations import BudgetKey, Reservation, month_of, release, states, take
from storage.tables import AttemptRow, BudgetRow, ReservationRow, table_of, utc_now

_ATTEMPTS, _BUDGETS, _RESERVATIONS = table_of(AttemptRow), table_of(BudgetRow), table_of(ReservationRow)
_SPENDER = {"business": _ATTEMPTS.c.business_id, "campaign": _ATTEMPTS.c.campaign_id}


async def set_budget(
    *,
    session: AsyncSession,
    scope: BudgetScope,
    scope_id: str,
    period: BudgetPeriod,
    limit_usd: Decimal | None,
    at: datetime | None = None,
) -> None:
    """Set the limit, 0 USD or more, of a business or a campaign in each month or in total; None removes it.

    A new budget starts from what the ledger says was spent in its period at `at` (None: now), where open requests
    count with their upper bound and those of an unknown price not at all.
    """
    if limit_usd is not None and limit_usd < 0:
        raise ValueError(f"a budget of {limit_usd} USD: set 0 or more, or None for no limit")
    connection = await session.connection()
    key = BudgetKey(scope, scope_id, period)
    if limit_usd is None:
        await connection.run_sync(_remove, key)
    else:
        await connection.run_sync(_set, key, limit_usd, at or utc_now())


async def budgets_of(
    *, session: AsyncSession, business_id: str, campaign_id: str | None = None, at: datetime
) -> list[BudgetState]:
    """Return the budgets of a business, and of its campaign, as they are at `at`."""
    connection = await session.connection()
    return await connection.run_sync(states, _applying(business_id, campaign_id), at)


async def has_budget(*, session: AsyncSession, business_id: str, campaign_id: str | None) -> bool:
    """Whether any budget applies to calls of this business and campaign."""
    found = await session.scalar(select(_BUDGETS.c.scope).where(_applying(business_id, campaign_id)).limit(1))
    return found is not None


async def reserve(
    *,
    session: AsyncSession,
    request_id: str,
    owner: str,
    business_id: str,
    campaign_id: str | None,
    amount_usd: Decimal,
    at: datetime,
) -> None:
    """Reserve the worst case of a call, 0 USD or more, against every budget that applies, once for a `request_id`.

    Raises:
        BudgetShort: One has no room. Nothing is reserved, against none.
    """
    if amount_usd < 0:
        raise ValueError(f"a reservation of {amount_usd} USD: reserve 0 or more")
    connection = await session.connection()
    asked = Reservation(request_id, owner, amount_usd, at)
    await connection.run_sync(take, _applying(business_id, campaign_id), asked)


async def settle_reservation(*, session: AsyncSession, request_id: str, cost_usd: Decimal | None) -> None:
    """Release what a call reserved and book what it cost; None: unknown, so all that was reserved is booked.

    Settling what is settled, or was never reserved, changes nothing.
    """
    connection = await session.connection()
    await connection.run_sync(release, request_id, cost_usd)


def _applying(business_id: str, campaign_id: str | None) -> ColumnElement[bool]:
    scope, scope_id = _BUDGETS.c.scope, _BUDGETS.c.scope_id
    return or_(
        and_(scope == "business", scope_id == business_id),
        and_(scope == "campaign", scope_id == campaign_id),
    )


def _set(connection: Connection, key: BudgetKey, limit_usd: Decimal, at: datetime) -> None:
    changed = connection.execute(_BUDGETS.update().where(key.of(_BUDGETS)).values(limit_usd=limit_usd))
    if not changed.rowcount:
        row = {**key._asdict(), "limit_usd": limit_usd, "month": month_of(key.period, at)}
        spent_usd = _spent(connection, key, at)
        connection.execute(_BUDGETS.insert().values(**row, spent_usd=spent_usd, reserved_usd=Decimal(0)))


def _remove(connection: Connection, key: BudgetKey) -> None:
    # a call under way must not give back to a budget that is set anew, and counts its requests itself
    for table in (_RESERVATIONS, _BUDGETS):
        connection.execute(table.delete().where(key.of(table)))


def _spent(connection: Connection, key: BudgetKey, at: datetime) -> Decimal:
    known = func.coalesce(func.sum(_ATTEMPTS.c.cost_usd), literal(Decimal(0), UsdAmount))
    spent = select(known).where(_SPENDER[key.scope] == key.scope_id)
    if key.period == "month":
        first = at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        spent = spent.where(_ATTEMPTS.c.started_at >= first)
    return connection.execute(spent).scalar_one()
