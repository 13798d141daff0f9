"""Saved content: drafts as they were generated, and their later states."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Select, String, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from models.records import SavedContent
from models.vocabulary import ContentState, ContentType, Feature
from storage.failures import StaleContent
from storage.idempotency import answer_key
from storage.patience import fetch, persist
from storage.tables import ContentRow, table_of, utc_now

_CONTENT = table_of(ContentRow)
_NAMES = tuple(field.name for field in fields(SavedContent))

# queries are built once: that costs as much as to run them
_BUSINESS = bindparam("business", type_=String)
_OF_CAMPAIGN = (
    _CONTENT.c.campaign_id == bindparam("campaign"),
    _CONTENT.c.feature == bindparam("feature"),
    # a host's own ids: two businesses may share a campaign's
    or_(_BUSINESS.is_(None), _CONTENT.c.business_id == _BUSINESS),
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


async def find_content(engine: AsyncEngine, content_id: str) -> SavedContent | None:
    """Return the content with this UUID; None: there is none.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """
    wanted = _with_id(content_id)
    return await fetch(engine, lambda connection: _first(wanted, connection=connection))


async def get_content(
    engine: AsyncEngine, campaign_id: str, day: int | None = None, *, feature: Feature, business_id: str | None = None
) -> SavedContent | None:
    """Return the content saved last for a day of a campaign; None: there is none.

    Without a day it returns content that belongs to no day, such as a calendar. `business_id` None: of any business.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """
    values = {"campaign": campaign_id, "feature": feature.value, "business": business_id, "day": day}
    newest = _NEWEST_OF_NO_DAY if day is None else _NEWEST_OF_A_DAY
    return await fetch(engine, lambda connection: _first(newest, values, connection=connection))


async def get_content_of_days(
    engine: AsyncEngine, campaign_id: str, days: Sequence[int], *, feature: Feature, business_id: str | None = None
) -> list[SavedContent]:
    """Return the content saved last for each of these days of a campaign, in their order, without the empty ones.

    `business_id` None: of any business.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """
    wanted = _newest_of_days(len(days))
    values = {"campaign": campaign_id, "feature": feature.value, "business": business_id}
    values |= {f"day_{i}": day for i, day in enumerate(days)}
    found = await fetch(engine, lambda connection: [_content_of(row) for row in connection.execute(wanted, values)])
    by_day = {content.day: content for content in found}
    return [by_day[day] for day in days if day in by_day]


async def set_state(engine: AsyncEngine, content_id: str, state: ContentState, revision: int) -> SavedContent | None:
    """Set the state of content read at `revision`, and return it with the next one; None: there is no such content.

    Raises:
        StaleContent: It has another revision by now.
        StorageError: The database refuses, and waiting does not help.
    """
    # outside of the transaction: a retry recognises its own change by its time, to the microsecond
    at = utc_now()
    return await persist(engine, lambda connection: _set_state(content_id, state, revision, at, connection=connection))


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


def _with_id(content_id: str) -> Select[Any]:
    return select(_CONTENT).where(_CONTENT.c.content_id == content_id)


def _first(
    wanted: Select[Any], values: Mapping[str, object] | None = None, *, connection: Connection
) -> SavedContent | None:
    row = connection.execute(wanted, values).first()
    return None if row is None else _content_of(row)


def _add(content: SavedContent, *, connection: Connection) -> None:
    values = {name: getattr(content, name) for name in _NAMES}
    row = {name: value.value if isinstance(value, Enum) else value for name, value in values.items()}
    # PostgreSQL's dialect, whose syntax SQLite shares
    added = connection.execute(insert(_CONTENT).values(row).on_conflict_do_nothing(index_elements=["content_id"]))
    if added.rowcount:
        return
    saved = _first(_with_id(content.content_id), connection=connection)
    # a retry finds its own row, where the answer to the first commit was lost
    if saved is None or saved.request_id != content.request_id:
        connection.execute(_CONTENT.insert().values(row))


def _set_state(
    content_id: str, state: ContentState, revision: int, at: datetime, *, connection: Connection
) -> SavedContent | None:
    change = (
        update(_CONTENT)
        .where(_CONTENT.c.content_id == content_id, _CONTENT.c.revision == revision)
        .values(state=state.value, revision=_CONTENT.c.revision + 1, updated_at=at)
        .returning(_CONTENT)
    )
    row = connection.execute(change).first()
    if row is not None:
        return _content_of(row)
    current = _first(_with_id(content_id), connection=connection)
    if current is None or (current.revision, current.state, current.updated_at) == (revision + 1, state, at):
        return current
    raise StaleContent(
        f"content {content_id!r} is at revision {current.revision}, not {revision}: read it again, then decide anew"
    )


def _content_of(row: Row[Any]) -> SavedContent:
    values = {name: getattr(row, name) for name in _NAMES}
    values["feature"] = Feature(row.feature)
    values["content_type"] = None if row.content_type is None else ContentType(row.content_type)
    values["state"] = ContentState(row.state)
    return SavedContent(**values)
