"""Reading the books: the attempts of a call, the latest ones, and what was spent on what."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, SQLColumnExpression, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.attempt import Attempt
from models.records import CostGroup, CostLine
from models.vocabulary import Feature
from storage.attempts import attempt_of
from storage.columns import UsdAmount
from storage.tables import AttemptRow

_NOT_FAILED = ("ok", "sent")
_NOTHING = literal(Decimal(0), UsdAmount)
_KEYS: dict[CostGroup, SQLColumnExpression[str | None]] = {
    "business": col(AttemptRow.business_id),
    "campaign": col(AttemptRow.campaign_id),
    "feature": col(AttemptRow.feature),
    "model": col(AttemptRow.provider) + ":" + col(AttemptRow.model),
    "day": func.date(col(AttemptRow.started_at)),
    "user": col(AttemptRow.user_id),
}


async def attempts_of(*, session: AsyncSession, request_id: str) -> list[Attempt]:
    """Return the attempts of one call, by question and attempt."""
    rows = await session.scalars(
        select(AttemptRow)
        .where(col(AttemptRow.request_id) == request_id)
        .order_by(col(AttemptRow.question), col(AttemptRow.attempt))
    )
    return [attempt_of(row) for row in rows]


async def recent_attempts(
    *, session: AsyncSession, limit: int, business_id: str | None = None, feature: Feature | None = None
) -> list[Attempt]:
    """Return the attempts written last, the newest first; None: of all businesses, or features."""
    newest = select(AttemptRow).limit(limit)
    if business_id is None:
        newest = newest.order_by(col(AttemptRow.id).desc())
    else:
        # the order of the index, so that one business is found among millions of rows
        newest = newest.where(col(AttemptRow.business_id) == business_id)
        newest = newest.order_by(col(AttemptRow.started_at).desc(), col(AttemptRow.id).desc())
    if feature is not None:
        newest = newest.where(col(AttemptRow.feature) == feature.value)
    return [attempt_of(row) for row in await session.scalars(newest)]


async def costs(
    *,
    session: AsyncSession,
    group: CostGroup,
    business_id: str | None = None,
    campaign_id: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[CostLine]:
    """Return what was spent, a line per `group`, the dearest first, then by key.

    Counted are requests begun at `since` or later and before `until`, days being those of UTC. Failed is every
    request that was settled and is not `ok`; one still open has not failed. Sums are exact.
    """
    key, status, cost = _KEYS[group], col(AttemptRow.status), col(AttemptRow.cost_usd)
    failed = status.not_in(_NOT_FAILED)
    lines = (
        select(
            key,
            func.count(),
            func.count().filter(failed),
            func.sum(col(AttemptRow.input_tokens)),
            func.sum(col(AttemptRow.output_tokens)),
            func.coalesce(func.sum(cost), _NOTHING),
            func.coalesce(func.sum(cost).filter(failed), _NOTHING),
            func.count().filter(cost.is_(None)),
        )
        .where(*_filters(business_id, campaign_id, since, until))
        .group_by(key)
    )
    found = [_line(*line) for line in await session.execute(lines)]
    return sorted(found, key=lambda line: (-line.cost_usd, line.key))


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
        requests=requests,
        failed_requests=failed,
        input_tokens=tokens_in,
        output_tokens=tokens_out,
        cost_usd=cost,
        waste_usd=waste,
        unpriced_requests=unpriced,
    )
