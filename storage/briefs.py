"""Businesses and their campaigns in the package's own tables: added, read, listed and changed by one hand at a time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, and_, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from models.brief import BusinessContext, CampaignContext
from models.paging import Page, cursor, moment_at
from models.records import SavedBusiness, SavedCampaign
from storage.failures import StaleContent
from storage.patience import fetch, persist
from storage.tables import BusinessRow, CampaignRow, table_of, utc_now

_BUSINESSES, _CAMPAIGNS = table_of(BusinessRow), table_of(CampaignRow)


async def add_business(engine: AsyncEngine, business: BusinessContext) -> SavedBusiness:
    """Store a new business.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """
    row = _new(business, id=str(uuid4()))
    await persist(engine, lambda connection: _add(_BUSINESSES, row, connection=connection))
    return _business_of(row)


async def add_campaign(engine: AsyncEngine, business_id: str, campaign: CampaignContext) -> SavedCampaign | None:
    """Store a new campaign of a business; None: there is no such business.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """
    row = _new(campaign, id=str(uuid4()), business_id=business_id)

    def work(connection: Connection) -> SavedCampaign | None:
        # locked, so that the business is not deleted meanwhile
        business = select(_BUSINESSES.c.id).where(_BUSINESSES.c.id == business_id).with_for_update()
        if connection.scalar(business) is None:
            return None
        _add(_CAMPAIGNS, row, connection=connection)
        return _campaign_of(row)

    return await persist(engine, work)


async def get_business(engine: AsyncEngine, business_id: str) -> SavedBusiness | None:
    """Return a stored business; None: there is none such.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """
    wanted = select(_BUSINESSES).where(_BUSINESSES.c.id == business_id)
    row = await fetch(engine, lambda connection: connection.execute(wanted).mappings().first())
    return None if row is None else _business_of(row)


async def get_campaign(engine: AsyncEngine, business_id: str, campaign_id: str) -> SavedCampaign | None:
    """Return a stored campaign of a business; None: it has none such.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """
    wanted = select(_CAMPAIGNS).where(_CAMPAIGNS.c.id == campaign_id, _CAMPAIGNS.c.business_id == business_id)
    row = await fetch(engine, lambda connection: connection.execute(wanted).mappings().first())
    return None if row is None else _campaign_of(row)


async def list_businesses(engine: AsyncEngine, *, after: str | None = None, limit: int = 20) -> Page[SavedBusiness]:
    """Return the stored businesses, newest first, from the cursor `after` on.

    Raises:
        NoCursor: `after` is none of this list.
        StorageError: The database refuses, and waiting does not help.
    """
    rows, follow = await _listed(engine, _BUSINESSES, [], after, limit)
    return Page(items=[_business_of(row) for row in rows], after=follow)


async def list_campaigns(
    engine: AsyncEngine, business_id: str, *, after: str | None = None, limit: int = 20
) -> Page[SavedCampaign]:
    """Return the stored campaigns of a business; otherwise as `list_businesses`."""
    rows, follow = await _listed(engine, _CAMPAIGNS, [_CAMPAIGNS.c.business_id == business_id], after, limit)
    return Page(items=[_campaign_of(row) for row in rows], after=follow)


async def update_business(
    engine: AsyncEngine, business_id: str, business: BusinessContext, revision: int
) -> SavedBusiness | None:
    """Change a business read at `revision`, and return it with the next one; None: there is none such.

    Raises:
        StaleContent: It has another revision by now.
        StorageError: The database refuses, and waiting does not help.
    """
    row = await _update(engine, _BUSINESSES, [_BUSINESSES.c.id == business_id], _context(business), revision)
    return None if row is None else _business_of(row)


async def update_campaign(
    engine: AsyncEngine, business_id: str, campaign_id: str, campaign: CampaignContext, revision: int
) -> SavedCampaign | None:
    """Change a campaign of a business; otherwise as `update_business`."""
    this = [_CAMPAIGNS.c.id == campaign_id, _CAMPAIGNS.c.business_id == business_id]
    row = await _update(engine, _CAMPAIGNS, this, _context(campaign), revision)
    return None if row is None else _campaign_of(row)


async def business_of(engine: AsyncEngine, campaign_id: str) -> str | None:
    """Return the business of a stored campaign; None: there is none such.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """
    wanted = select(_CAMPAIGNS.c.business_id).where(_CAMPAIGNS.c.id == campaign_id)
    return await fetch(engine, lambda connection: connection.scalar(wanted))


def _context(context: BusinessContext | CampaignContext) -> dict[str, object]:
    return {"name": context.name, "context": context.model_dump(mode="json")}


# outside of the transaction, which may be retried
def _new(context: BusinessContext | CampaignContext, **ids: str) -> dict[str, object]:
    now = utc_now()
    return {**ids, **_context(context), "revision": 1, "created_at": now, "updated_at": now}


def _add(table: Table, row: dict[str, object], *, connection: Connection) -> None:
    # PostgreSQL's dialect, whose syntax SQLite shares; a retry finds its own row
    connection.execute(insert(table).values(**row).on_conflict_do_nothing())


async def _listed(
    engine: AsyncEngine, table: Table, where: list[ColumnElement[bool]], after: str | None, limit: int
) -> tuple[list[RowMapping], str | None]:
    """Return the rows of a page, and the cursor of the next one."""
    if after is not None:
        at, key = moment_at(after)
        older, as_old = table.c.created_at < at, table.c.created_at == at
        where = [*where, table.c.created_at <= at, or_(older, and_(as_old, table.c.id < key))]
    wanted = select(table).where(*where).order_by(table.c.created_at.desc(), table.c.id.desc()).limit(limit + 1)
    rows = await fetch(engine, lambda connection: [*connection.execute(wanted).mappings()])
    last = rows[limit - 1] if len(rows) > limit else None
    return rows[:limit], None if last is None else cursor(last["created_at"], last["id"])


async def _update(
    engine: AsyncEngine, table: Table, this: list[ColumnElement[bool]], context: dict[str, object], revision: int
) -> RowMapping | None:
    # outside of the transaction: a retry recognises its own change by its time, to the microsecond
    at = utc_now()

    def work(connection: Connection) -> RowMapping | None:
        changed = {**context, "revision": revision + 1, "updated_at": at}
        change = table.update().where(*this, table.c.revision == revision).values(**changed).returning(table)
        if (row := connection.execute(change).mappings().first()) is not None:
            return row
        current = connection.execute(select(table).where(*this)).mappings().first()
        if current is None or (current["revision"], current["updated_at"]) == (revision + 1, at):
            return current
        raise StaleContent(f"{current['id']!r} is at revision {current['revision']}, not {revision}: read it again")

    return await persist(engine, work)


# Any: the values of a row are typed only at run time
def _business_of(row: Mapping[Any, Any]) -> SavedBusiness:
    business = BusinessContext.model_validate(row["context"])
    return SavedBusiness(business_id=row["id"], business=business, **_times(row))


def _campaign_of(row: Mapping[Any, Any]) -> SavedCampaign:
    campaign = CampaignContext.model_validate(row["context"])
    return SavedCampaign(business_id=row["business_id"], campaign_id=row["id"], campaign=campaign, **_times(row))


def _times(row: Mapping[Any, Any]) -> dict[str, Any]:
    moments: dict[str, datetime] = {name: row[name] for name in ("created_at", "updated_at")}
    return {"revision": row["revision"], **moments}
