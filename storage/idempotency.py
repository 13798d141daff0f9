"""Idempotency keys: one call answers for all that carry the same key, and later ones get its answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from models.records import SavedContent
from storage.patience import persist
from storage.tables import IdempotencyRow, table_of

_KEYS = table_of(IdempotencyRow)
_UNANSWERED = _KEYS.c.content_id.is_(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedCall:
    """A call that carries an idempotency key."""

    business_id: str
    key: str
    fingerprint: str
    """Of the call's arguments."""
    request_id: str
    owner: str
    """The ledger of the call, a UUID."""


@dataclass(frozen=True, slots=True)
class Mine:
    """The caller holds the key.

    It answers with `save_content` or frees the key with `give_up`, and calls `renew` before the lease ends.
    """


@dataclass(frozen=True, slots=True)
class Stored:
    """There is an answer."""

    request_id: str
    content_id: str


@dataclass(frozen=True, slots=True)
class InFlight:
    """Another call holds the key: claim again, at the latest when its lease ends."""

    request_id: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Conflict:
    """The key was used by a call with other arguments."""


Claim = Mine | Stored | InFlight | Conflict


async def claim(engine: AsyncEngine, call: KeyedCall, *, lease_s: float, now: datetime) -> Claim:
    """Claim the key of a call, or return who holds it.

    A key is free when no call has used it, when the call that held it failed, and when the lease has ended or the
    owner was found dead. Claiming again for the same call renews the lease.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """
    return await persist(engine, lambda connection: _claim(call, lease_s, now, connection=connection))


async def renew(engine: AsyncEngine, call: KeyedCall, *, lease_s: float, now: datetime) -> bool:
    """Renew the lease of a claimed key. False: it has ended, and another call has taken over.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """
    held = _KEYS.update().where(_is(call.business_id, call.key), _KEYS.c.request_id == call.request_id, _UNANSWERED)
    renewed = held.values(until=now + timedelta(seconds=lease_s)).returning(_KEYS.c.key)
    return await persist(engine, lambda connection: connection.scalar(renewed)) is not None


async def give_up(engine: AsyncEngine, call: KeyedCall) -> None:
    """Free the key of a call that failed; a failure is not replayed. A key that the call no longer holds stays.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """
    held = and_(_is(call.business_id, call.key), _KEYS.c.request_id == call.request_id, _UNANSWERED)
    await persist(engine, lambda connection: connection.execute(_KEYS.delete().where(held)))


def answer_key(content: SavedContent, key: str, *, connection: Connection) -> None:
    """Store the answer of a claimed key. Where another call has taken over, its answer counts, and nothing changes."""
    held = and_(_is(content.business_id, key), _KEYS.c.request_id == content.request_id)
    connection.execute(_KEYS.update().where(held).values(content_id=content.content_id))


def free(connection: Connection, owners: Sequence[str]) -> None:
    """Free the keys that calls of these owners hold."""
    connection.execute(_KEYS.delete().where(_KEYS.c.owner.in_(owners), _UNANSWERED))


def _claim(call: KeyedCall, lease_s: float, now: datetime, *, connection: Connection) -> Claim:
    fresh = insert(_KEYS).values(
        business_id=call.business_id,
        key=call.key,
        fingerprint=call.fingerprint,
        request_id=call.request_id,
        owner=call.owner,
        until=now + timedelta(seconds=lease_s),
        content_id=None,
        claimed_at=now,
    )
    taken_over = {name: fresh.excluded[name] for name in ("fingerprint", "request_id", "owner", "until", "claimed_at")}
    free_or_mine = or_(_KEYS.c.until <= now, _KEYS.c.request_id == call.request_id)
    # one statement decides; PostgreSQL's dialect, whose syntax SQLite shares
    decided = fresh.on_conflict_do_update(
        index_elements=["business_id", "key"], set_=taken_over, where=and_(_UNANSWERED, free_or_mine)
    ).returning(_KEYS.c.request_id)
    if connection.scalar(decided) is not None:
        return Mine()
    found = (connection.execute(select(_KEYS).where(_is(call.business_id, call.key)))).one()
    if found.fingerprint != call.fingerprint:
        return Conflict()
    if found.content_id is None:
        return InFlight(found.request_id, found.until)
    return Stored(found.request_id, found.content_id)


def _is(business_id: str, key: str) -> ColumnElement[bool]:
    return and_(_KEYS.c.business_id == business_id, _KEYS.c.key == key)
