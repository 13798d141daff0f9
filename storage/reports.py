"""Reads of `ai_logs`: the attempts of a call, the latest ones, and what was spent on what."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    SQLColumnExpression,
    func,
    literal,
    literal_column,
    null,
    select,
)
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from models.attempt import Attempt, StatusFilter
from models.records import CostGroup, CostLine
from models.vocabulary import Feature
from storage.columns import UsdAmount
from storage.log_rows import attempt_of
from storage.patience import fetch
from storage.tables import FAILED, AttemptRow, table_of

_ATTEMPTS = table_of(AttemptRow)
_NOT_FAILED = ("ok", "sent")
_OF_ONE_BUSINESS: tuple[CostGroup, ...] = ("business", "campaign")
_NOTHING = literal(Decimal(0), UsdAmount)
_KEYS: dict[CostGroup, SQLColumnExpression[str | None]] = {
    "business": col(AttemptRow.business_id),
    "campaign": col(AttemptRow.campaign_id),
    "feature": col(AttemptRow.feature),
    "model": col(AttemptRow.provider) + ":" + col(AttemptRow.model),
    "day": func.date(col(AttemptRow.started_at)),
    "user": col(AttemptRow.user_id),
}


async def attempts(
    engine: AsyncEngine,
    request_id: str | None = None,
    *,
    business_id: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    status: StatusFilter | None = None,
    feature: Feature | None = None,
    limit: int = 20,
) -> list[Attempt]:
    """Return all attempts of one call, by question and attempt; None: the newest `limit`, newest first.

    Both are narrowed by what else is given. They began at `since` or later and before `until`.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """
    where = _filters(business_id, None, since, until)
    failed = status is not None and status not in _NOT_FAILED
    if failed:
        where.append(literal_column(FAILED))
    if status not in (None, "failed"):
        where.append(col(AttemptRow.status) == status)
    if feature is not None:
        where.append(col(AttemptRow.feature) == feature.value)
    by_time = failed or business_id is not None
    wanted = (_newest(limit, by_time=by_time) if request_id is None else _of_call(request_id)).where(*where)

    def work(connection: Connection) -> list[Attempt]:
        return [attempt_of(row) for row in connection.execute(wanted)]

    return await fetch(engine, work)


async def costs(
    engine: AsyncEngine,
    by: CostGroup,
    *,
    business_id: str | None = None,
    campaign_id: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[CostLine]:
    """Return what was spent, a line per group, by cost, the highest first, then by key. Sums are exact.

    Counts requests that began at `since` or later and before `until`. Days are those of UTC. A request has failed
    when it is settled and its status is not `ok`.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """
    lines = _sums(by).where(*_filters(business_id, campaign_id, since, until))

    def work(connection: Connection) -> list[CostLine]:
        return [_line(*line) for line in connection.execute(lines)]

    return sorted(await fetch(engine, work), key=lambda line: (-line.cost_usd, line.key))


def _of_call(request_id: str) -> Select[Any]:
    return (
        select(_ATTEMPTS)
        .where(col(AttemptRow.request_id) == request_id)
        .order_by(col(AttemptRow.question), col(AttemptRow.attempt))
    )


def _newest(limit: int, *, by_time: bool) -> Select[Any]:
    newest, number = select(_ATTEMPTS).limit(limit), col(AttemptRow.id).desc()
    # the order of the indexes, which find one business, or what failed, among millions of rows
    return newest.order_by(col(AttemptRow.started_at).desc(), number) if by_time else newest.order_by(number)


# Any: nine columns, which `_line` names
def _sums(by: CostGroup) -> Select[*tuple[Any, ...]]:
    key, cost = _KEYS[by], col(AttemptRow.cost_usd)
    # two businesses may share the id of a campaign
    business = col(AttemptRow.business_id) if by in _OF_ONE_BUSINESS else null()
    failed = col(AttemptRow.status).not_in(_NOT_FAILED)
    return select(
        key,
        business,
        func.count(),
        func.count().filter(failed),
        func.sum(col(AttemptRow.input_tokens)),
        func.sum(col(AttemptRow.output_tokens)),
        func.coalesce(func.sum(cost), _NOTHING),
        func.coalesce(func.sum(cost).filter(failed), _NOTHING),
        func.count().filter(cost.is_(None)),
    ).group_by(key, *[business] if by in _OF_ONE_BUSINESS else [])


def _filters(
    business_id: str | None, campaign_id: str | None, since: datetime | None, until: datetime | None
) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = []
    if business_id is not None:
        filters.append(col(AttemptRow.business_id) == business_id)
    if campaign_id is not None:
        filters.append(col(AttemptRow.campaign_id) == campaign_id)
    if since is not None:
        filters.append(col(AttemptRow.started_at) >= since)
    if until is not None:
        filters.append(col(AttemptRow.started_at) < until)
    return filters


def _line(
    key: object,
    business_id: str | None,
    requests: int,
    failed: int,
    tokens_in: int,
    tokens_out: int,
    cost: Decimal,
    waste: Decimal,
    unpriced: int,
) -> CostLine:
    return CostLine(
        key="-" if key is None else str(key),
        business_id=business_id,
        requests=requests,
        failed_requests=failed,
        input_tokens=tokens_in,
        output_tokens=tokens_out,
        cost_usd=cost,
        waste_usd=waste,
        unpriced_requests=unpriced,
    )
