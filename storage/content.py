"""Saved content: drafts as they were generated, and their later states."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from models.paging import Page, cursor, number_at
from models.records import SavedContent
from models.vocabulary import ContentState, ContentType, Feature
from storage.idempotency import answer_key
from storage.patience import fetch, persist
from storage.tables import ContentRow, table_of

_CONTENT = table_of(ContentRow)
_NAMES = tuple(field.name for field in fields(SavedContent))

# queries are built once: that costs as much as to run them
_OF_CAMPAIGN = (
    # a host's own ids: two businesses may share a campaign's
    _CONTENT.c.business_id == bindparam("business"),
    _CONTENT.c.campaign_id == bindparam("campaign"),
    _CONTENT.c.feature == bindparam("feature"),
)
_ONE = select(_CONTENT).where(
    _CONTENT.c.business_id == bindparam("business"), _CONTENT.c.content_id == bindparam("content")
)
_NEWEST = select(_CONTENT).where(*_OF_CAMPAIGN).order_by(_CONTENT.c.id.desc()).limit(1)
_NEWEST_OF_A_DAY = _NEWEST.where(_CONTENT.c.day == bindparam("day"))
_NEWEST_OF_NO_DAY = _NEWEST.where(_CONTENT.c.day.is_(None))


async def save_content(engine: AsyncEngine, content: SavedContent, *, idempotency_key: str | None = None) -> None:
    """Store new content, and in the same transaction make it the answer of the call's idempotency key.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """

    def work(connection: Connection) -> None:
        _add(content, connection=connection)
        if idempotency_key is not None:
            answer_key(content, idempotency_key, connection=connection)

    await persist(engine, work)


async def get_content(engine: AsyncEngine, business_id: str, content_id: str) -> SavedContent | None:
    """Return the content of a business with this UUID; None: it has none.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """
    return await fetch(engine, lambda connection: _one(business_id, content_id, connection=connection))


async def newest_content(
    engine: AsyncEngine,
    business_id: str,
    campaign_id: str,
    day: int | None = None,
    *,
    feature: Feature,
    state: ContentState | None = None,
) -> SavedContent | None:
    """Return the content saved last for a day of a campaign, or the last that is in a state; None: there is none.

    Without a day it returns content that belongs to no day, such as a calendar.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """
    values = {"business": business_id, "campaign": campaign_id, "feature": feature.value, "day": day, "state": state}
    newest = _NEWEST_OF_NO_DAY if day is None else _NEWEST_OF_A_DAY
    if state is not None:
        newest = newest.where(_CONTENT.c.state == bindparam("state"))
    return await fetch(engine, lambda connection: _first(newest, values, connection=connection))


async def newest_content_of_days(
    engine: AsyncEngine, business_id: str, campaign_id: str, days: Sequence[int], *, feature: Feature
) -> list[SavedContent]:
    """Return the content saved last for each of these days of a campaign, in their order, without the empty ones.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """
    wanted = _newest_of_days(len(days))
    values = {"business": business_id, "campaign": campaign_id, "feature": feature.value}
    values |= {f"day_{i}": day for i, day in enumerate(days)}
    found = await fetch(engine, lambda connection: [content_of(row) for row in connection.execute(wanted, values)])
    by_day = {content.day: content for content in found}
    return [by_day[day] for day in days if day in by_day]


async def list_content(
    engine: AsyncEngine,
    business_id: str,
    *,
    campaign_id: str | None = None,
    feature: Feature | None = None,
    day: int | None = None,
    state: ContentState | None = None,
    after: str | None = None,
    limit: int = 20,
) -> Page[SavedContent]:
    """Return the content of a business that fits what is given, newest first, from the cursor `after` on.

    Raises:
        NoCursor: `after` is none of this list.
        StorageError: The database refuses, and waiting does not help.
    """
    values = {"campaign_id": campaign_id, "feature": feature, "day": day, "state": state}
    where = [_CONTENT.c.business_id == business_id]
    where += [_CONTENT.c[name] == value for name, value in values.items() if value is not None]
    if after is not None:
        where.append(_CONTENT.c.id < number_at(after))
    # one more than the page holds tells whether there is a next one
    wanted = select(_CONTENT).where(*where).order_by(_CONTENT.c.id.desc()).limit(limit + 1)
    rows = await fetch(engine, lambda connection: connection.execute(wanted).all())
    items = [content_of(row) for row in rows[:limit]]
    return Page(items=items, after=cursor(rows[limit - 1].id) if len(rows) > limit else None)


@cache
def _newest_of_days(days: int) -> Select[Any]:
    """Return the query for the newest content of each of so many days."""
    # one look-up in the index for each day: a campaign may have thousands of posts
    newest = [
        select(func.max(_CONTENT.c.id))
        .where(*_OF_CAMPAIGN, _CONTENT.c.day == bindparam(f"day_{number}"))
        .scalar_subquery()
        for number in range(days)
    ]
    return select(_CONTENT).where(_CONTENT.c.id.in_(newest))


def _one(business_id: str, content_id: str, *, connection: Connection) -> SavedContent | None:
    return _first(_ONE, {"business": business_id, "content": content_id}, connection=connection)


def _first(
    wanted: Select[Any], values: Mapping[str, object] | None = None, *, connection: Connection
) -> SavedContent | None:
    row = connection.execute(wanted, values).first()
    return None if row is None else content_of(row)


def _add(content: SavedContent, *, connection: Connection) -> None:
    values = {name: getattr(content, name) for name in _NAMES}
    row = {name: value.value if isinstance(value, Enum) else value for name, value in values.items()}
    # PostgreSQL's dialect, whose syntax SQLite shares
    added = connection.execute(insert(_CONTENT).values(row).on_conflict_do_nothing(index_elements=["content_id"]))
    if added.rowcount:
        return
    saved = _one(content.business_id, content.content_id, connection=connection)
    # a retry finds its own row, where the answer to the first commit was lost
    if saved is None or saved.request_id != content.request_id:
        connection.execute(_CONTENT.insert().values(row))


def content_of(row: Row[Any]) -> SavedContent:
    """Return the content of a row."""
    values = {name: getattr(row, name) for name in _NAMES}
    values["feature"] = Feature(row.feature)
    values["content_type"] = None if row.content_type is None else ContentType(row.content_type)
    values["state"] = ContentState(row.state)
    return SavedContent(**values)
