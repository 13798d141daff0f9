"""Deleting what is old or unwanted: in small transactions, so that memory stays bounded and nobody waits long."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Delete, Table, Update, and_, func, or_, select, true, tuple_, union
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from models.records import Removal
from models.vocabulary import Feature
from storage.engine import reading, writing
from storage.tables import (
    AttemptRow,
    BudgetRow,
    BusinessRow,
    CampaignRow,
    ContentRow,
    IdempotencyRow,
    ReservationRow,
    table_of,
)

BATCH = 1000
"""Rows looked at in one transaction."""

_ATTEMPTS, _CONTENT, _KEYS = table_of(AttemptRow), table_of(ContentRow), table_of(IdempotencyRow)
_SETTLED = _ATTEMPTS.c.status != "sent"
_PERSONAL = ("user_id", "customer_id", "idempotency_key", "raw_output", "error")
_ANONYMOUS: dict[str, object] = {**dict.fromkeys(_PERSONAL), "input_warnings": []}


async def delete_before(
    engine: AsyncEngine, *, before: datetime, business_id: str | None = None, batch: int = BATCH
) -> Removal:
    """Delete requests, content and idempotency keys of before this moment; None: of all businesses.

    Open requests and budgets stay as they are. A SQLite file does not shrink: its room is used again.

    Raises:
        StorageError: The database refuses. What was deleted before that is gone; call again.
    """
    old = and_(_ATTEMPTS.c.started_at < before, _SETTLED, _of(_ATTEMPTS, business_id))
    old_content = and_(_CONTENT.c.created_at < before, _of(_CONTENT, business_id))
    await _forget_keys(engine, and_(_KEYS.c.claimed_at < before, _of(_KEYS, business_id)), batch)
    return Removal(
        attempts=await _in_batches(engine, _ATTEMPTS.delete().where(old), batch),
        content=await _in_batches(engine, _CONTENT.delete().where(old_content), batch),
    )


async def anonymise_before(
    engine: AsyncEngine, *, before: datetime, business_id: str | None = None, batch: int = BATCH
) -> Removal:
    """Clear what tells of people in requests of before this moment, and delete the replies to them; None: of all.

    Users, customers, keys, answers, errors and warnings go; tokens and money stay. Otherwise as `delete_before`.
    """
    old = and_(_ATTEMPTS.c.started_at < before, _SETTLED, _of(_ATTEMPTS, business_id))
    replies = and_(_CONTENT.c.feature == Feature.MESSAGING.value, _CONTENT.c.created_at < before)
    await _forget_keys(engine, and_(_KEYS.c.claimed_at < before, _of(_KEYS, business_id)), batch)
    return Removal(
        attempts=await _in_batches(engine, _ATTEMPTS.update().where(old).values(_ANONYMOUS), batch),
        content=await _in_batches(engine, _CONTENT.delete().where(replies, _of(_CONTENT, business_id)), batch),
    )


async def delete_business(engine: AsyncEngine, business_id: str, *, batch: int = BATCH) -> Removal:
    """Delete all that is stored of a business: brief, campaigns, content, requests, keys and budgets.

    Raises:
        StorageError: The database refuses. What was deleted before that is gone; call again.
    """
    # first what the rows of its campaigns are found by
    await _delete_budgets(engine, business_id)
    await _forget_keys(engine, _KEYS.c.business_id == business_id, batch)
    removal = Removal(
        attempts=await _in_batches(engine, _ATTEMPTS.delete().where(_of(_ATTEMPTS, business_id)), batch),
        content=await _in_batches(engine, _CONTENT.delete().where(_of(_CONTENT, business_id)), batch),
    )
    async with writing(engine) as session:
        campaigns, businesses = table_of(CampaignRow), table_of(BusinessRow)
        await session.execute(campaigns.delete().where(campaigns.c.business_id == business_id))
        await session.execute(businesses.delete().where(businesses.c.id == business_id))
    return removal


async def rows_before(
    engine: AsyncEngine, *, before: datetime, business_id: str | None = None, replies_alone: bool = False
) -> Removal:
    """Count what `delete_before` would delete; with `replies_alone` what `anonymise_before` would change and delete.

    Raises:
        StorageError: The database refuses.
    """
    attempts = [_ATTEMPTS.c.started_at < before, _SETTLED]
    content = [_CONTENT.c.created_at < before]
    if replies_alone:
        content.append(_CONTENT.c.feature == Feature.MESSAGING.value)
    if business_id is not None:
        attempts.append(_ATTEMPTS.c.business_id == business_id)
        content.append(_CONTENT.c.business_id == business_id)
    return await _counted(engine, attempts, content)


async def rows_of_business(engine: AsyncEngine, business_id: str) -> Removal:
    """Count what `delete_business` would delete. Raises StorageError where the database refuses."""
    return await _counted(engine, [_ATTEMPTS.c.business_id == business_id], [_CONTENT.c.business_id == business_id])


async def _counted(
    engine: AsyncEngine, attempts: Sequence[ColumnElement[bool]], content: Sequence[ColumnElement[bool]]
) -> Removal:
    async with reading(engine) as session:
        found = [
            await session.scalar(select(func.count()).select_from(table).where(*where)) or 0
            for table, where in ((_ATTEMPTS, attempts), (_CONTENT, content))
        ]
    return Removal(attempts=found[0], content=found[1])


async def _in_batches(engine: AsyncEngine, change: Delete | Update, batch: int) -> int:
    """Change the rows of a table with a number, so many numbers in a transaction. Return how many rows it was."""
    number, changed, done = change.table.c.id, 0, 0
    async with reading(engine) as session:
        last = await session.scalar(select(func.max(number))) or 0
    while done < last:
        async with writing(engine) as session:
            first = await session.scalar(select(func.min(number)).where(number > done)) or last
            done = first + batch - 1
            changed += await _rows(session, change.where(number.between(first, done)))
    return changed


async def _rows(session: AsyncSession, change: Delete | Update) -> int:
    """Make a change and return how many rows it was."""
    connection = await session.connection()
    return (await connection.execute(change)).rowcount


async def _forget_keys(engine: AsyncEngine, where: ColumnElement[bool], batch: int) -> None:
    key = tuple_(_KEYS.c.business_id, _KEYS.c.key)
    some = select(_KEYS.c.business_id, _KEYS.c.key).where(where).limit(batch)
    deleted = batch
    while deleted == batch:
        async with writing(engine) as session:
            deleted = await _rows(session, _KEYS.delete().where(key.in_(some)))


async def _delete_budgets(engine: AsyncEngine, business_id: str) -> None:
    campaigns = table_of(CampaignRow)
    async with reading(engine) as session:
        # a host's own campaigns are known from what was made for them alone
        ids = await session.scalars(
            union(
                select(campaigns.c.id).where(campaigns.c.business_id == business_id),
                *(
                    select(table.c.campaign_id).where(table.c.business_id == business_id)
                    for table in (_CONTENT, _ATTEMPTS)
                ),
            )
        )
        campaign_ids = [campaign_id for campaign_id in ids if campaign_id is not None]
    async with writing(engine) as session:
        for table in (table_of(ReservationRow), table_of(BudgetRow)):
            its_own = and_(table.c.scope == "business", table.c.scope_id == business_id)
            of_campaigns = and_(table.c.scope == "campaign", table.c.scope_id.in_(campaign_ids))
            await session.execute(table.delete().where(or_(its_own, of_campaigns)))


def _of(table: Table, business_id: str | None) -> ColumnElement[bool]:
    # not as the column itself: its index would be read whole for each window of numbers
    return true() if business_id is None else table.c.business_id.concat("") == business_id
