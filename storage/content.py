"""Saved content: drafts as they were generated, and their later states."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from enum import Enum

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlmodel import col

from models.records import SavedContent
from models.vocabulary import ContentState, ContentType, Feature
from storage.failures import StaleContent
from storage.idempotency import answer_key
from storage.patience import fetch, persist
from storage.tables import ContentRow, utc_now

_NAMES = tuple(field.name for field in fields(SavedContent))


async def save_content(engine: AsyncEngine, content: SavedContent, *, idempotency_key: str | None = None) -> None:
    """Store new content, and in the same transaction make it the answer of the call's idempotency key.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """

    async def work(session: AsyncSession) -> None:
        await _add(content, session=session)
        if idempotency_key is not None:
            await answer_key(content, idempotency_key, session=session)

    await persist(engine, work)


async def find_content(engine: AsyncEngine, content_id: str) -> SavedContent | None:
    """Return the content with this UUID; None: there is none.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """
    wanted = _with_id(content_id)
    return await fetch(engine, lambda session: _first(wanted, session=session))


async def get_content(
    engine: AsyncEngine, campaign_id: str, day: int | None = None, *, feature: Feature
) -> SavedContent | None:
    """Return the content saved last for a day of a campaign; None: there is none.

    Without a day it returns content that belongs to no day, such as a calendar.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """
    newest = _of_campaign(campaign_id, feature, day).order_by(col(ContentRow.id).desc()).limit(1)
    return await fetch(engine, lambda session: _first(newest, session=session))


async def get_content_of_days(
    engine: AsyncEngine, campaign_id: str, days: Sequence[int], *, feature: Feature
) -> list[SavedContent]:
    """Return the content saved last for each of these days of a campaign, in their order, without the empty ones.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """
    # one look-up in the index for each day: a campaign may have thousands of posts
    newest = [
        _of_campaign(campaign_id, feature, day).with_only_columns(func.max(col(ContentRow.id))).scalar_subquery()
        for day in days
    ]
    wanted = select(ContentRow).where(col(ContentRow.id).in_(newest))
    by_day = {content.day: content for content in await fetch(engine, lambda session: _all(wanted, session=session))}
    return [by_day[day] for day in days if day in by_day]


async def set_state(engine: AsyncEngine, content_id: str, state: ContentState, revision: int) -> SavedContent | None:
    """Set the state of content read at `revision`, and return it with the next one; None: there is no such content.

    Raises:
        StaleContent: It has another revision by now.
        StorageError: The database refuses, and waiting does not help.
    """
    # outside of the transaction: a retry recognises its own change by its time, to the microsecond
    at = utc_now()
    return await persist(engine, lambda session: _set_state(content_id, state, revision, at, session=session))


def _of_campaign(campaign_id: str, feature: Feature, day: int | None) -> Select[ContentRow]:
    return select(ContentRow).where(
        col(ContentRow.campaign_id) == campaign_id,
        col(ContentRow.feature) == feature.value,
        col(ContentRow.day).is_(None) if day is None else col(ContentRow.day) == day,
    )


def _with_id(content_id: str) -> Select[ContentRow]:
    return select(ContentRow).where(col(ContentRow.content_id) == content_id)


async def _all(wanted: Select[ContentRow], *, session: AsyncSession) -> list[SavedContent]:
    return [_content_of(row) for row in await session.scalars(wanted)]


async def _first(wanted: Select[ContentRow], *, session: AsyncSession) -> SavedContent | None:
    row = await session.scalar(wanted)
    return None if row is None else _content_of(row)


async def _add(content: SavedContent, *, session: AsyncSession) -> None:
    saved = await _first(_with_id(content.content_id), session=session)
    if saved is not None and saved.request_id == content.request_id:
        # a retry: the answer to the first commit was lost
        return
    values = {name: getattr(content, name) for name in _NAMES}
    session.add(
        ContentRow(**{name: value.value if isinstance(value, Enum) else value for name, value in values.items()})
    )
    await session.flush()


async def _set_state(
    content_id: str, state: ContentState, revision: int, at: datetime, *, session: AsyncSession
) -> SavedContent | None:
    change = (
        update(ContentRow)
        .where(col(ContentRow.content_id) == content_id, col(ContentRow.revision) == revision)
        .values(state=state.value, revision=col(ContentRow.revision) + 1, updated_at=at)
        .returning(ContentRow)
    )
    row = await session.scalar(change)
    if row is not None:
        return _content_of(row)
    current = await _first(_with_id(content_id), session=session)
    if current is None or (current.revision, current.state, current.updated_at) == (revision + 1, state, at):
        return current
    raise StaleContent(
        f"content {content_id!r} is at revision {current.revision}, not {revision}: read it again, then decide anew"
    )


def _content_of(row: ContentRow) -> SavedContent:
    values = {name: getattr(row, name) for name in _NAMES}
    values["feature"] = Feature(row.feature)
    values["content_type"] = None if row.content_type is None else ContentType(row.content_type)
    values["state"] = ContentState(row.state)
    return SavedContent(**values)
