"""Idempotency keys: one call answers for all that carry the same key, and its answer is given to every later one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import IdempotencyRow, table_of

_KEYS = table_of(IdempotencyRow)
_UNANSWERED = _KEYS.c.content_id.is_(None)


@dataclass(frozen=True, slots=True)
class Mine:
    """The key is the caller's: answer, then `finish` or `give_up`; `renew` the lease meanwhile."""


@dataclass(frozen=True, slots=True)
class Stored:
    """There is an answer."""

    request_id: str
    content_id: str


@dataclass(frozen=True, slots=True)
class InFlight:
    """Another call is answering: claim again, at the latest when its lease ends."""

    request_id: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Conflict:
    """The key was given to a call with other arguments."""


Claim = Mine | Stored | InFlight | Conflict


async def claim(
    *,
    session: AsyncSession,
    business_id: str,
    key: str,
    fingerprint: str,
    request_id: str,
    owner: str,
    lease_s: float,
    now: datetime,
) -> Claim:
    """Claim a key of the business for the call `request_id`, or tell who has it.

    A key is free when nobody had it, when the call that had it failed, and when its lease has run out or its owner
    was found dead. Claiming again for the same call begins the lease anew.
    """
    fresh = insert(_KEYS).values(
        business_id=business_id,
        key=key,
        fingerprint=fingerprint,
        request_id=request_id,
        owner=owner,
        until=now + timedelta(seconds=lease_s),
        content_id=None,
        claimed_at=now,
    )
    taken_over = {name: fresh.excluded[name] for name in ("fingerprint", "request_id", "owner", "until", "claimed_at")}
    free_or_mine = or_(_KEYS.c.until <= now, _KEYS.c.request_id == request_id)
    # one statement decides; in PostgreSQL's words, which SQLite shares
    decided = fresh.on_conflict_do_update(
        index_elements=["business_id", "key"], set_=taken_over, where=and_(_UNANSWERED, free_or_mine)
    ).returning(_KEYS.c.request_id)
    if await session.scalar(decided) is not None:
        return Mine()
    found = (await session.execute(select(_KEYS).where(_is(business_id, key)))).one()
    if found.fingerprint != fingerprint:
        return Conflict()
    if found.content_id is None:
        return InFlight(found.request_id, found.until)
    return Stored(found.request_id, found.content_id)


async def renew(
    *, session: AsyncSession, business_id: str, key: str, request_id: str, lease_s: float, now: datetime
) -> bool:
    """Begin the lease of a claimed key anew. False: it has run out, and another call has taken over."""
    held = _KEYS.update().where(_is(business_id, key), _KEYS.c.request_id == request_id, _UNANSWERED)
    until = now + timedelta(seconds=lease_s)
    return await session.scalar(held.values(until=until).returning(_KEYS.c.key)) is not None


async def finish(*, session: AsyncSession, business_id: str, key: str, request_id: str, content_id: str) -> bool:
    """Store the answer of a claimed key. False: another call has taken over, and its answer is the one that counts."""
    held = _KEYS.update().where(_is(business_id, key), _KEYS.c.request_id == request_id)
    stored = held.values(content_id=content_id).returning(_KEYS.c.key)
    return await session.scalar(stored) is not None


async def give_up(*, session: AsyncSession, business_id: str, key: str, request_id: str) -> None:
    """Free a claimed key after a failure, which is not replayed; one that is the call's no more is left alone."""
    held = and_(_is(business_id, key), _KEYS.c.request_id == request_id, _UNANSWERED)
    await session.execute(_KEYS.delete().where(held))


def free(connection: Connection, owners: Sequence[str]) -> None:
    """Free the keys that these owners' calls were answering."""
    connection.execute(_KEYS.delete().where(_KEYS.c.owner.in_(owners), _UNANSWERED))


def _is(business_id: str, key: str) -> ColumnElement[bool]:
    return and_(_KEYS.c.business_id == business_id, _KEYS.c.key == key)
