"""Deletes what is old or unwanted, in small transactions: memory stays bounded, and other writers wait briefly."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Delete, Table, Update, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from models.records import Removal
from models.vocabulary import Feature
from storage.engine import reading, writing
from storage.tables import (
    AttemptRow,
    BudgetRow,
    BusinessRow,
    CampaignRow,
    ContentChangeRow,
    ContentRow,
    IdempotencyRow,
    ReservationRow,
    table_of,
)

BATCH = 1000
"""Rows that one transaction looks at."""

_ATTEMPTS, _CONTENT, _KEYS = table_of(AttemptRow), table_of(ContentRow), table_of(IdempotencyRow)
_CHANGES = table_of(ContentChangeRow)
_SETTLED = _ATTEMPTS.c.status != "sent"
_REPLIES = _CONTENT.c.feature == Feature.MESSAGING.value
_PERSONAL = ("user_id", "customer_id", "idempotency_key", "raw_output", "error")
_ANONYMOUS: dict[str, object] = {**dict.fromkeys(_PERSONAL), "input_warnings": []}

_NOTHING = Removal(attempts=0, content=0)
KeyT = TypeVar("KeyT", int, str)
Conditions = Sequence[ColumnElement[bool]]


async def delete_before(
    engine: AsyncEngine, before: datetime, *, business_id: str | None = None, dry_run: bool = False, batch: int = BATCH
) -> Removal:
    """Delete requests, content and idempotency keys older than this moment; business None: of all.

    Open requests, briefs and budgets stay. With `dry_run` nothing is deleted, only counted. A SQLite file does not
    shrink: it reuses the space.

    Raises:
        StorageError: The database refuses. What was deleted so far stays deleted; call again.
    """
    requests, content = [_ATTEMPTS.c.started_at < before, _SETTLED], [_CONTENT.c.created_at < before]
    if dry_run:
        return await _count(engine, requests, content, business_id)
    await _delete_keys(engine, [_KEYS.c.claimed_at < before, *_of(_KEYS, business_id)], batch)
    return Removal(
        attempts=await _in_batches(engine, _ATTEMPTS.delete().where(*requests), business_id, batch),
        content=await _in_batches(engine, _CONTENT.delete().where(*content), business_id, batch),
    )


async def anonymise_before(
    engine: AsyncEngine, before: datetime, *, business_id: str | None = None, dry_run: bool = False, batch: int = BATCH
) -> Removal:
    """Clear personal data from requests and changes older than this moment, and delete replies; business None: of all.

    Users, customers, keys, answers, errors and warnings are cleared; tokens and cost stay. Otherwise as
    `delete_before`.
    """
    requests, replies = [_ATTEMPTS.c.started_at < before, _SETTLED], [_REPLIES, _CONTENT.c.created_at < before]
    if dry_run:
        return await _count(engine, requests, replies, business_id)
    await _delete_keys(engine, [_KEYS.c.claimed_at < before, *_of(_KEYS, business_id)], batch)
    for table, moment in ((_CONTENT, _CONTENT.c.updated_at), (_CHANGES, _CHANGES.c.changed_at)):
        nobody = table.update().where(moment < before, table.c.user_id.is_not(None)).values(user_id=None)
        await _in_batches(engine, nobody, business_id, batch)
    return Removal(
        attempts=await _in_batches(engine, _ATTEMPTS.update().where(*requests).values(_ANONYMOUS), business_id, batch),
        content=await _in_batches(engine, _CONTENT.delete().where(*replies), business_id, batch),
    )


async def delete_business(
    engine: AsyncEngine, business_id: str, *, dry_run: bool = False, batch: int = BATCH
) -> Removal:
    """Delete everything of a business: brief, campaigns, content, requests, idempotency keys and budgets.

    With `dry_run` nothing is deleted, only counted.

    Raises:
        StorageError: The database refuses. What was deleted so far stays deleted; call again.
    """
    if dry_run:
        return await _count(engine, [], [], business_id)
    await _delete_budgets(engine, business_id)
    await _delete_keys(engine, _of(_KEYS, business_id), batch)
    removal = Removal(
        attempts=await _in_batches(engine, _ATTEMPTS.delete(), business_id, batch),
        content=await _in_batches(engine, _CONTENT.delete(), business_id, batch),
    )
    async with writing(engine) as session:
        campaigns, businesses = table_of(CampaignRow), table_of(BusinessRow)
        await session.execute(campaigns.delete().where(campaigns.c.business_id == business_id))
        await session.execute(businesses.delete().where(businesses.c.id == business_id))
    return removal


async def delete_campaign(
    engine: AsyncEngine, business_id: str, campaign_id: str, *, dry_run: bool = False, batch: int = BATCH
) -> Removal | None:
    """Delete a campaign of a business: brief, content, idempotency keys and budget; None: it has none such.

    Its requests are anonymised: tokens and cost stay. Otherwise as `delete_business`.
    """
    campaigns = table_of(CampaignRow)
    its_brief = (campaigns.c.id == campaign_id, campaigns.c.business_id == business_id)
    removal = await _forget(engine, business_id, "campaign_id", campaign_id, dry_run=dry_run, batch=batch)
    async with reading(engine) as session:
        stored = await session.scalar(select(campaigns.c.id).where(*its_brief))
    if not dry_run:
        await _delete_budgets(engine, business_id, campaign_id)
        async with writing(engine) as session:
            await session.execute(campaigns.delete().where(*its_brief))
    return None if stored is None and removal == _NOTHING else removal


async def delete_customer(
    engine: AsyncEngine, business_id: str, customer_id: str, *, dry_run: bool = False, batch: int = BATCH
) -> Removal | None:
    """Delete what is stored of a customer of a business: replies and their idempotency keys; None: nothing is.

    The requests are anonymised: tokens and cost stay. Otherwise as `delete_business`.
    """
    removal = await _forget(engine, business_id, "customer_id", customer_id, dry_run=dry_run, batch=batch)
    return None if removal == _NOTHING else removal


async def _forget(
    engine: AsyncEngine, business_id: str, column: str, value: str, *, dry_run: bool, batch: int
) -> Removal:
    """Delete content with its keys, and anonymise requests, of a business and another id. Open requests stay."""

    def of_id(table: Table) -> Conditions:
        return [table.c.business_id == business_id, table.c[column] == value]

    personal = or_(*(_ATTEMPTS.c[name].is_not(None) for name in _PERSONAL))
    async with reading(engine) as session:
        requests = [*await session.scalars(select(_ATTEMPTS.c.id).where(*of_id(_ATTEMPTS), _SETTLED, personal))]
        content = [*await session.scalars(select(_CONTENT.c.content_id).where(*of_id(_CONTENT)))]
    if dry_run:
        return Removal(attempts=len(requests), content=len(content))
    for some in _batches(content, batch):
        async with writing(engine) as session:
            its_keys = (_KEYS.c.business_id == business_id, _KEYS.c.content_id.in_(some))
            await session.execute(_KEYS.delete().where(*its_keys))
            await session.execute(_CONTENT.delete().where(_CONTENT.c.content_id.in_(some)))
    for some in _batches(requests, batch):
        async with writing(engine) as session:
            await session.execute(_ATTEMPTS.update().where(_ATTEMPTS.c.id.in_(some)).values(_ANONYMOUS))
    return Removal(attempts=len(requests), content=len(content))


def _batches(keys: Sequence[KeyT], batch: int) -> Iterator[Sequence[KeyT]]:
    return (keys[start : start + batch] for start in range(0, len(keys), batch))


def _of(table: Table, business_id: str | None) -> Conditions:
    return [] if business_id is None else [table.c.business_id == business_id]


async def _count(engine: AsyncEngine, requests: Conditions, content: Conditions, business_id: str | None) -> Removal:
    async with reading(engine) as session:
        found = [
            await session.scalar(select(func.count()).select_from(table).where(*where, *_of(table, business_id))) or 0
            for table, where in ((_ATTEMPTS, requests), (_CONTENT, content))
        ]
    return Removal(attempts=found[0], content=found[1])


async def _in_batches(engine: AsyncEngine, change: Delete | Update, business_id: str | None, batch: int) -> int:
    """Change rows in transactions that each look at `batch` row numbers. Return how many rows were changed."""
    number, changed, done = change.table.c.id, 0, 0
    if business_id is not None:
        # not the column itself, or each transaction would read its whole index
        change = change.where(change.table.c.business_id.concat("") == business_id)
    async with reading(engine) as session:
        last = await session.scalar(select(func.max(number))) or 0
    while done < last:
        async with writing(engine) as session:
            first = await session.scalar(select(func.min(number)).where(number > done)) or last
            done = first + batch - 1
            changed += await _execute(change.where(number.between(first, done)), session=session)
    return changed


async def _execute(change: Delete | Update, *, session: AsyncSession) -> int:
    """Return how many rows the change was made to."""
    return (await (await session.connection()).execute(change)).rowcount


async def _delete_keys(engine: AsyncEngine, where: Conditions, batch: int) -> None:
    key = tuple_(_KEYS.c.business_id, _KEYS.c.key)
    some = select(_KEYS.c.business_id, _KEYS.c.key).where(*where).limit(batch)
    deleted = batch
    while deleted == batch:
        async with writing(engine) as session:
            deleted = await _execute(_KEYS.delete().where(key.in_(some)), session=session)


async def _delete_budgets(engine: AsyncEngine, business_id: str, campaign_id: str | None = None) -> None:
    """Delete the budgets of a business and of all its campaigns, or of one campaign, with what is reserved."""
    async with writing(engine) as session:
        for table in (table_of(BudgetRow), table_of(ReservationRow)):
            where = [table.c.business_id == business_id]
            if campaign_id is not None:
                where += [table.c.scope == "campaign", table.c.scope_id == campaign_id]
            await session.execute(table.delete().where(*where))
