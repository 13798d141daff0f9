"""Saved content: drafts as they were generated, and what became of them."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.records import SavedContent
from models.vocabulary import ContentState, ContentType, Feature
from storage.errors import StaleContent
from storage.tables import ContentRow, utc_now

_NAMES = tuple(field.name for field in fields(SavedContent))


async def save_content(
    *,
    session: AsyncSession,
    content_id: str,
    business_id: str,
    campaign_id: str | None,
    feature: Feature,
    day: int | None,
    content_type: ContentType | None,
    output: dict[str, JsonValue],
    request_id: str,
    model: str,
    sandbox: bool,
    prompt_version: str,
    notes: Sequence[str] = (),
) -> SavedContent:
    """Add new content as a draft of revision 1, once. Parameters as the fields of `SavedContent`."""
    saved = await get_content(session=session, content_id=content_id)
    if saved is not None and saved.request_id == request_id:
        # tried again, since the answer to the first commit was lost
        return saved
    row = ContentRow(
        content_id=content_id,
        business_id=business_id,
        campaign_id=campaign_id,
        feature=feature.value,
        day=day,
        content_type=None if content_type is None else content_type.value,
        state=ContentState.DRAFT.value,
        revision=1,
        output=output,
        request_id=request_id,
        model=model,
        sandbox=sandbox,
        prompt_version=prompt_version,
        notes=list(notes),
    )
    session.add(row)
    await session.flush()
    return _content_of(row)


async def get_content(*, session: AsyncSession, content_id: str) -> SavedContent | None:
    """Return the content with this UUID; None: there is none."""
    row = await session.scalar(select(ContentRow).where(col(ContentRow.content_id) == content_id))
    return None if row is None else _content_of(row)


async def latest_content(
    *, session: AsyncSession, campaign_id: str, feature: Feature, day: int | None = None
) -> SavedContent | None:
    """Return what was saved last for a campaign's day; without a day, what belongs to none, as a calendar does."""
    newest = (
        select(ContentRow)
        .where(
            col(ContentRow.campaign_id) == campaign_id,
            col(ContentRow.feature) == feature.value,
            col(ContentRow.day).is_(None) if day is None else col(ContentRow.day) == day,
        )
        .order_by(col(ContentRow.id).desc())
        .limit(1)
    )
    row = await session.scalar(newest)
    return None if row is None else _content_of(row)


async def newest_of_days(
    *, session: AsyncSession, campaign_id: str, feature: Feature, days: Sequence[int]
) -> list[SavedContent]:
    """Return what was saved last for each of these days of a campaign that has something, in the order of `days`."""
    # a look into the index for each day: a campaign may have thousands of posts
    newest = [
        select(func.max(col(ContentRow.id)))
        .where(
            col(ContentRow.campaign_id) == campaign_id,
            col(ContentRow.feature) == feature.value,
            col(ContentRow.day) == day,
        )
        .scalar_subquery()
        for day in days
    ]
    found = await session.scalars(select(ContentRow).where(col(ContentRow.id).in_(newest)))
    by_day = {content.day: content for content in map(_content_of, found)}
    return [by_day[day] for day in days if day in by_day]


async def set_state(
    *, session: AsyncSession, content_id: str, state: ContentState, revision: int, at: datetime | None = None
) -> SavedContent | None:
    """Set the state of content seen at `revision`, and return it with the next one; None: there is no such content.

    With the moment `at` it can be tried again when the answer to a commit was lost: by it the change is known again,
    to the microsecond, from the same one made by somebody else.

    Raises:
        StaleContent: It has another revision by now.
    """
    change = (
        update(ContentRow)
        .where(col(ContentRow.content_id) == content_id, col(ContentRow.revision) == revision)
        .values(state=state.value, revision=col(ContentRow.revision) + 1, updated_at=at or utc_now())
        .returning(ContentRow)
    )
    row = await session.scalar(change)
    if row is not None:
        return _content_of(row)
    current = await get_content(session=session, content_id=content_id)
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
