"""Budgets: what a business or a campaign may spend. The ledger reserves and books, request by request."""

from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import Connection, func, literal, select
from sqlalchemy.ext.asyncio import AsyncEngine

from models.records import BudgetState
from storage.columns import UsdAmount
from storage.patience import fetch, persist
from storage.reservations import BudgetKey, month_of, spenders_of, states
from storage.tables import AttemptRow, BudgetRow, ReservationRow, table_of, utc_now

_ATTEMPTS, _BUDGETS, _RESERVATIONS = table_of(AttemptRow), table_of(BudgetRow), table_of(ReservationRow)


async def set_budget(
    engine: AsyncEngine, key: BudgetKey, limit_usd: Decimal | None, *, at: datetime | None = None
) -> None:
    """Set the limit of a budget, 0 USD or more; None removes it.

    A new budget starts from what `ai_logs` says was spent in its period at `at` (None: now). Open requests count with
    their upper bound, those of an unknown price not at all.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """
    if limit_usd is not None and limit_usd < 0:
        raise ValueError(f"a budget of {limit_usd} USD: set 0 or more, or None for no limit")

    def work(connection: Connection) -> None:
        if limit_usd is None:
            _remove(connection, key)
        else:
            _set(connection, key, limit_usd, at or utc_now())

    await persist(engine, work)


async def budgets(
    engine: AsyncEngine,
    business_id: str | None = None,
    campaign_id: str | None = None,
    *,
    at: datetime | None = None,
) -> list[BudgetState]:
    """Return the budgets of a business, and of its campaign, as they are at `at` (None: now); business None: all.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """
    spenders = None if business_id is None else spenders_of(business_id, campaign_id)
    return await fetch(engine, lambda connection: states(connection, spenders, at or utc_now()))


def _set(connection: Connection, key: BudgetKey, limit_usd: Decimal, at: datetime) -> None:
    changed = connection.execute(_BUDGETS.update().where(key.of(_BUDGETS)).values(limit_usd=limit_usd))
    if not changed.rowcount:
        row = {**key._asdict(), "limit_usd": limit_usd, "month": month_of(key.period, at)}
        spent_usd = _spent(connection, key, at)
        connection.execute(_BUDGETS.insert().values(**row, spent_usd=spent_usd, reserved_usd=Decimal(0)))


def _remove(connection: Connection, key: BudgetKey) -> None:
    # Reservations too: an open request must not release into a budget that is set again later, which counts the
    # request from `ai_logs`. The budget comes first, as in the ledger: it is what others wait for.
    for table in (_BUDGETS, _RESERVATIONS):
        connection.execute(table.delete().where(key.of(table)))


def _spent(connection: Connection, key: BudgetKey, at: datetime) -> Decimal:
    known = func.coalesce(func.sum(_ATTEMPTS.c.cost_usd), literal(Decimal(0), UsdAmount))
    spent = select(known).where(_ATTEMPTS.c.business_id == key.business_id)
    if key.scope == "campaign":
        spent = spent.where(_ATTEMPTS.c.campaign_id == key.scope_id)
    if key.period == "month":
        first = at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        spent = spent.where(_ATTEMPTS.c.started_at >= first)
    return connection.execute(spent).scalar_one()
