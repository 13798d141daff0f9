"""Reservations of requests against budgets, taken and released while the budgets are locked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Table,
    and_,
    bindparam,
    select,
    tuple_,
)

from models.records import BudgetPeriod, BudgetScope, BudgetState
from models.unaffordable import BudgetShort, PriceUnknown
from storage.tables import BudgetRow, ReservationRow, table_of, utc_now

_BUDGETS, _RESERVATIONS = table_of(BudgetRow), table_of(ReservationRow)

_KEY = (_BUDGETS.c.business_id, _BUDGETS.c.scope, _BUDGETS.c.scope_id, _BUDGETS.c.period)
_SUMS = ("month", "spent_usd", "reserved_usd")
_REQUEST = ("request_id", "question", "attempt")

_KEPT = timedelta(days=1)
"""How long a request of a dead owner can be settled again: the owner may only have lost its connection."""

RequestKey = tuple[object, ...]
"""The key of a row in `ai_logs`: request_id, question, attempt."""


class BudgetKey(NamedTuple):
    """Identifies a budget."""

    business_id: str
    """The business that it limits, or whose campaign it limits: two businesses may share the id of a campaign."""
    scope: BudgetScope
    scope_id: str
    period: BudgetPeriod

    @property
    def spender(self) -> "Spender":
        """Whose budget it is."""
        return Spender(self.business_id, self.scope, self.scope_id)

    def of(self, table: Table) -> ColumnElement[bool]:
        """Return the condition for this budget's rows."""
        return and_(*(table.c[name] == value for name, value in self._asdict().items()))


class Spender(NamedTuple):
    """A business or one of its campaigns, which may have budgets."""

    business_id: str
    scope: BudgetScope
    scope_id: str


class Reservation(NamedTuple):
    """What a request reserves against each budget that applies to it."""

    request: RequestKey
    owner: str
    """The ledger of the request, a UUID."""
    spenders: tuple[Spender, ...]
    amount_usd: Decimal | None
    """0 or more; None: unknown, which no budget allows."""
    at: datetime


@dataclass(slots=True)
class _Budget:
    """A budget with its sums, as one transaction changes them."""

    key: BudgetKey
    limit_usd: Decimal
    month: str
    spent_usd: Decimal
    reserved_usd: Decimal

    def roll(self, at: datetime) -> None:
        """Begin a new month, if there is one. A process whose clock is slow stays in the new month."""
        month = month_of(self.key.period, at)
        if self.month < month:
            self.month, self.spent_usd, self.reserved_usd = month, Decimal(0), Decimal(0)

    def short_of(self, asked_usd: Decimal) -> BudgetShort | None:
        """Return why there is no room; None: there is."""
        if asked_usd <= self.limit_usd - self.spent_usd - self.reserved_usd:
            return None
        return BudgetShort(
            scope=self.key.scope,
            scope_id=self.key.scope_id,
            period=self.key.period,
            limit_usd=self.limit_usd,
            spent_usd=self.spent_usd,
            reserved_usd=self.reserved_usd,
            asked_usd=asked_usd,
        )


class LockedBudgets:
    """The budgets of some businesses and campaigns, which nobody else changes until the transaction ends.

    They are locked in one order, before anything else is, so that transactions never wait for each other in a circle.
    A request that has no room changes nothing, and the others of the transaction go on.
    """

    def __init__(self, connection: Connection, spenders: Iterable[Spender]) -> None:
        self._connection = connection
        self._found: dict[BudgetKey, _Budget] = {}
        ids = _ids({*spenders})
        if ids and _may_apply(connection, ids["businesses"]):
            self._found = {budget.key: budget for budget in _budgets(connection.execute(_LOCK, ids).mappings())}
        self._changed: set[BudgetKey] = set()
        self._taken: list[dict[str, object]] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def take(self, asked: Reservation) -> bool:
        """Reserve against every budget that applies, or against none. Return whether any does.

        Raises:
            BudgetShort: A budget has no room.
            PriceUnknown: A budget applies, and the amount is unknown.
        """
        applying = [budget for key, budget in self._found.items() if key.spender in asked.spenders]
        if not applying:
            return False
        if asked.amount_usd is None:
            raise PriceUnknown("a budget holds, and the price of the model is unknown")
        for budget in applying:
            budget.roll(asked.at)
            if (short := budget.short_of(asked.amount_usd)) is not None:
                raise short
        for budget in applying:
            budget.reserved_usd += asked.amount_usd
            self._changed.add(budget.key)
            self._taken.append(_row(asked, budget))
        return True

    def release(self, charged: Mapping[RequestKey, Decimal | None]) -> None:
        """Release what these requests hold and book what they are charged; None: unknown, so all that was reserved."""
        if not charged:
            return
        for row in self._connection.execute(_RELEASE, {"requests": [*charged]}):
            charged_usd = charged[tuple(row)[: len(_REQUEST)]]
            booked_usd = row.amount_usd if charged_usd is None else charged_usd
            if row.owner is not None:
                self._book(row, row.amount_usd, booked_usd)
            else:
                # settled before, for an owner that seemed dead, at this amount
                self._book(row, Decimal(0), booked_usd - row.amount_usd)

    def settle_lost(self, owners: Sequence[str]) -> None:
        """Book what the requests of dead owners hold, which is their upper bound."""
        theirs = _RESERVATIONS.c.owner.in_(owners)
        of_these = tuple_(*_RESERVATIONS.c["business_id", "scope", "scope_id", "period"]).in_([*self._found])
        lost = _RESERVATIONS.update().where(theirs, of_these).values(owner=None).returning(_RESERVATIONS)
        for row in self._connection.execute(lost):
            self._book(row, row.amount_usd, row.amount_usd)

    def save(self) -> None:
        """Write what was taken, released and booked."""
        changed = [self._found[key] for key in sorted(self._changed)]
        if changed:
            self._connection.execute(_SAVE, [_values(budget) for budget in changed])
        if self._taken:
            self._connection.execute(_RESERVATIONS.insert(), self._taken)

    # Any: the rows of a table are typed only at run time.
    def _book(self, row: Any, released_usd: Decimal, booked_usd: Decimal) -> None:
        """Change a budget; one that is deleted, or in a later month, is left alone."""
        budget = self._found.get(BudgetKey(row.business_id, row.scope, row.scope_id, row.period))
        if budget is not None and budget.month == row.month:
            budget.reserved_usd -= released_usd
            budget.spent_usd += booked_usd
            self._changed.add(budget.key)


def spenders_of(business_id: str, campaign_id: str | None) -> tuple[Spender, ...]:
    """Return whose budgets apply to the requests of this business and campaign."""
    business = Spender(business_id, "business", business_id)
    return (business,) if campaign_id is None else (business, Spender(business_id, "campaign", campaign_id))


def month_of(period: BudgetPeriod, at: datetime) -> str:
    """Return the month of a budget's sums at `at`, e.g. `2026-12`; empty for a total."""
    return f"{at.astimezone(UTC):%Y-%m}" if period == "month" else ""


def states(connection: Connection, spenders: Sequence[Spender] | None, at: datetime) -> list[BudgetState]:
    """Return the budgets of these as they are at `at`; None: all budgets."""
    rows = connection.execute(_ALL) if spenders is None else connection.execute(_READ, _ids({*spenders}))
    found = [budget for budget in _budgets(rows.mappings()) if spenders is None or budget.key.spender in spenders]
    for budget in found:
        budget.roll(at)
    return [
        BudgetState(
            **budget.key._asdict(),
            limit_usd=budget.limit_usd,
            spent_usd=budget.spent_usd,
            reserved_usd=budget.reserved_usd,
        )
        for budget in found
    ]


def settle_for(connection: Connection, owners: Sequence[str]) -> None:
    """Settle the open requests of dead owners at what they reserved, their upper bound."""
    held = select(*_RESERVATIONS.c["business_id", "scope", "scope_id"]).where(_RESERVATIONS.c.owner.in_(owners))
    budgets = LockedBudgets(connection, [Spender(*row) for row in connection.execute(held.distinct())])
    if budgets:
        budgets.settle_lost(owners)
        budgets.save()
    old = and_(_RESERVATIONS.c.owner.is_(None), _RESERVATIONS.c.reserved_at < utc_now() - _KEPT)
    connection.execute(_RESERVATIONS.delete().where(old))


def _may_apply(connection: Connection, businesses: list[str]) -> bool:
    """Return whether any of these businesses may have a budget.

    In a file most have none, and SQLAlchemy's typed SELECT would take a third of the time of a small transaction; on a
    server one round trip answers both questions.
    """
    if connection.dialect.name != "sqlite":
        return True
    marks = ", ".join("?" * len(businesses))
    found = connection.exec_driver_sql(
        f"SELECT 1 FROM {_BUDGETS.name} WHERE business_id IN ({marks}) LIMIT 1", tuple(businesses)
    )
    return found.first() is not None


def _ids(spenders: set[Spender]) -> dict[str, list[str]]:
    """Return the values of `_READ`: the businesses, and what is limited. Empty where there are none."""
    if not spenders:
        return {}
    return {
        "businesses": sorted({one.business_id for one in spenders}),
        "limited": sorted({one.scope_id for one in spenders}),
    }


# Built once: that costs as much as to run them.
_ALL = select(*_KEY, _BUDGETS.c.limit_usd, *(_BUDGETS.c[name] for name in _SUMS)).order_by(*_KEY)
_READ = _ALL.where(
    _BUDGETS.c.business_id.in_(bindparam("businesses", expanding=True)),
    _BUDGETS.c.scope_id.in_(bindparam("limited", expanding=True)),
)
_LOCK = _READ.with_for_update()
_RELEASE = (
    _RESERVATIONS.delete()
    .where(tuple_(*(_RESERVATIONS.c[name] for name in _REQUEST)).in_(bindparam("requests", expanding=True)))
    .returning(_RESERVATIONS)
)
_SAVE = (
    _BUDGETS.update()
    .where(*(column == bindparam(f"key_{column.name}") for column in _KEY))
    .values({name: bindparam(name) for name in _SUMS})
)


def _values(budget: _Budget) -> dict[str, object]:
    key = {f"key_{name}": value for name, value in budget.key._asdict().items()}
    return {**key, **{name: getattr(budget, name) for name in _SUMS}}


def _row(asked: Reservation, budget: _Budget) -> dict[str, object]:
    request = dict(zip(_REQUEST, asked.request, strict=True))
    held = {"month": budget.month, "amount_usd": asked.amount_usd, "owner": asked.owner, "reserved_at": asked.at}
    return {**request, **budget.key._asdict(), **held}


def _budgets(rows: Iterable[RowMapping]) -> list[_Budget]:
    return [
        _Budget(
            key=BudgetKey(row["business_id"], row["scope"], row["scope_id"], row["period"]),
            limit_usd=row["limit_usd"],
            **{name: row[name] for name in _SUMS},
        )
        for row in rows
    ]
