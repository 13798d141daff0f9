"""Reservations of calls against budgets: each taken by one conditional statement, released when the cost is known."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    case,
    func,
    literal,
    not_,
    or_,
    select,
)

from models.records import BudgetPeriod, BudgetScope, BudgetState
from storage.columns import UsdAmount
from storage.failures import BudgetShort
from storage.tables import AttemptRow, BudgetRow, ReservationRow, table_of, utc_now

_ATTEMPTS, _BUDGETS, _RESERVATIONS = table_of(AttemptRow), table_of(BudgetRow), table_of(ReservationRow)

_KEY = (_BUDGETS.c.business_id, _BUDGETS.c.scope, _BUDGETS.c.scope_id, _BUDGETS.c.period)

_KEPT = timedelta(days=1)
"""How long a call of a dead owner can be settled again: the owner may only have lost its connection."""


class BudgetKey(NamedTuple):
    """Identifies a budget. Several are always changed in the order of their keys, which prevents deadlocks."""

    business_id: str
    """The business that it limits, or whose campaign it limits: two businesses may share the id of a campaign."""
    scope: BudgetScope
    scope_id: str
    period: BudgetPeriod

    def of(self, table: Table) -> ColumnElement[bool]:
        """Return the condition for this budget's rows."""
        return and_(*(table.c[name] == value for name, value in self._asdict().items()))


class Reservation(NamedTuple):
    """What a call reserves against each budget that applies to it."""

    request_id: str
    owner: str
    """The ledger of the call, a UUID."""
    business_id: str
    campaign_id: str | None
    amount_usd: Decimal
    """0 or more."""
    at: datetime


class _Change(NamedTuple):
    """The change of a budget at the end of a call."""

    key: BudgetKey
    month: str
    released_usd: Decimal
    booked_usd: Decimal


def month_of(period: BudgetPeriod, at: datetime) -> str:
    """Return the month of a budget's sums at `at`, e.g. `2026-12`; empty for a total."""
    return f"{at.astimezone(UTC):%Y-%m}" if period == "month" else ""


def applying(
    business_id: str | BindParameter[str], campaign_id: str | BindParameter[str] | None
) -> ColumnElement[bool]:
    """Return the condition for the budgets of calls of this business and campaign."""
    of_campaign = and_(_BUDGETS.c.scope == "campaign", _BUDGETS.c.scope_id == campaign_id)
    return and_(_BUDGETS.c.business_id == business_id, or_(_BUDGETS.c.scope == "business", of_campaign))


def states(connection: Connection, where: ColumnElement[bool], at: datetime) -> list[BudgetState]:
    """Return the budgets as they are at `at`."""
    spent, reserved = _sums(month_of("month", at))
    columns = (*_KEY, _BUDGETS.c.limit_usd, spent.label("spent_usd"), reserved.label("reserved_usd"))
    rows = connection.execute(select(*columns).where(where).order_by(*_KEY))
    return [BudgetState(**row) for row in rows.mappings()]


def take(connection: Connection, asked: Reservation) -> None:
    """Reserve against every budget that applies, or against none; a budget the call already holds is not taken twice.

    Raises:
        BudgetShort: A budget has no room.
    """
    taken: list[_Change] = []
    for key in _not_held(connection, asked):
        month = _take_one(connection, key, asked)
        if month is not None:
            taken.append(_Change(key, month, asked.amount_usd, Decimal(0)))
            continue
        for short in states(connection, key.of(_BUDGETS), asked.at):
            _book(connection, taken)
            raise BudgetShort(
                scope=key.scope,
                scope_id=key.scope_id,
                period=key.period,
                limit_usd=short.limit_usd,
                left_usd=short.left_usd,
                asked_usd=asked.amount_usd,
            )
    if taken:
        held = {"request_id": asked.request_id, "owner": asked.owner, "reserved_at": asked.at}
        rows = [{**held, **key._asdict(), "month": month, "amount_usd": amount} for key, month, amount, _ in taken]
        connection.execute(_RESERVATIONS.insert(), rows)


def release(connection: Connection, request_id: str, cost_usd: Decimal | None) -> None:
    """Release what a call holds and book its cost; None: unknown, so the whole reservation is booked."""
    held = _RESERVATIONS.delete().where(_RESERVATIONS.c.request_id == request_id).returning(_RESERVATIONS)
    changes: list[_Change] = []
    for row in connection.execute(held):
        booked_usd = row.amount_usd if cost_usd is None else cost_usd
        if row.owner is None:
            # settled before, for an owner that seemed dead: the amount is what was booked then
            changes.append(_Change(_key(row), row.month, Decimal(0), booked_usd - row.amount_usd))
        else:
            changes.append(_Change(_key(row), row.month, row.amount_usd, booked_usd))
    _book(connection, changes)


def settle_for(connection: Connection, owners: Sequence[str]) -> None:
    """Settle the calls of dead owners at the sum of their requests.

    Where a price is unknown, the whole reservation is booked, or the known sum where that is more.
    """
    theirs = _RESERVATIONS.c.owner.in_(owners)
    costs = _costs(connection, select(_RESERVATIONS.c.request_id).where(theirs))
    changes: list[_Change] = []
    for row in connection.execute(select(_RESERVATIONS).where(theirs).with_for_update()).all():
        cost_usd, unknown = costs.get(row.request_id, (Decimal(0), 0))
        booked_usd = max(cost_usd, row.amount_usd) if unknown else cost_usd
        changes.append(_Change(_key(row), row.month, row.amount_usd, booked_usd))
        this = and_(_RESERVATIONS.c.request_id == row.request_id, _key(row).of(_RESERVATIONS))
        connection.execute(_RESERVATIONS.update().where(this).values(owner=None, amount_usd=booked_usd))
    _book(connection, changes)
    old = and_(_RESERVATIONS.c.owner.is_(None), _RESERVATIONS.c.reserved_at < utc_now() - _KEPT)
    connection.execute(_RESERVATIONS.delete().where(old))


def _not_held(connection: Connection, asked: Reservation) -> list[BudgetKey]:
    """Return which of the budgets that apply hold nothing for this call yet, in their order."""
    same = (_RESERVATIONS.c[column.name] == column for column in _KEY)
    held = select(_RESERVATIONS.c.request_id).where(_RESERVATIONS.c.request_id == asked.request_id, *same).exists()
    where = applying(asked.business_id, asked.campaign_id)
    rows = connection.execute(select(*_KEY).where(where, not_(held)))
    return sorted(_key(row) for row in rows)


def _take_one(connection: Connection, key: BudgetKey, asked: Reservation) -> str | None:
    """Reserve against one budget and return the month that it counts in; None: there is no room, or no budget."""
    month = month_of(key.period, asked.at)
    spent, reserved = _sums(month)
    asked_usd = literal(asked.amount_usd, UsdAmount)
    # The later of two months counts: a process whose clock is slow reserves in the new month.
    later = case((_BUDGETS.c.month < month, month), else_=_BUDGETS.c.month)
    # One statement checks and reserves, so that concurrent reservations cannot exceed the limit.
    change = (
        _BUDGETS.update()
        .where(key.of(_BUDGETS), asked_usd <= _BUDGETS.c.limit_usd - spent - reserved)
        .values(spent_usd=spent, reserved_usd=reserved + asked_usd, month=later)
    )
    return connection.scalar(change.returning(_BUDGETS.c.month))


def _sums(month: str) -> tuple[ColumnElement[Decimal], ColumnElement[Decimal]]:
    """Return what is spent and reserved in a month: nothing where the budget's own month has ended."""
    ended = and_(_BUDGETS.c.period == "month", _BUDGETS.c.month < month)
    nothing = literal(Decimal(0), UsdAmount)
    return (
        case((ended, nothing), else_=_BUDGETS.c.spent_usd),
        case((ended, nothing), else_=_BUDGETS.c.reserved_usd),
    )


def _costs(connection: Connection, requests: Select[tuple[str]]) -> dict[str, tuple[Decimal, int]]:
    """Return the cost of each request's attempts, and how many have no known price."""
    cost = _ATTEMPTS.c.cost_usd
    known = func.coalesce(func.sum(cost), literal(Decimal(0), UsdAmount))
    sums = select(_ATTEMPTS.c.request_id, known, func.count().filter(cost.is_(None)))
    rows = connection.execute(sums.where(_ATTEMPTS.c.request_id.in_(requests)).group_by(_ATTEMPTS.c.request_id))
    return {request_id: (cost_usd, unknown) for request_id, cost_usd, unknown in rows}


def _book(connection: Connection, changes: list[_Change]) -> None:
    """Change the budgets; one that is deleted, or in a later month, is left alone."""
    for key, month, released_usd, booked_usd in sorted(changes):
        released, booked = literal(released_usd, UsdAmount), literal(booked_usd, UsdAmount)
        connection.execute(
            _BUDGETS.update()
            .where(key.of(_BUDGETS), _BUDGETS.c.month == month)
            .values(reserved_usd=_BUDGETS.c.reserved_usd - released, spent_usd=_BUDGETS.c.spent_usd + booked)
        )


# Any: the rows of a table are typed only at run time.
def _key(row: Any) -> BudgetKey:
    return BudgetKey(row.business_id, row.scope, row.scope_id, row.period)
