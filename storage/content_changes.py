"""Changes of saved content, one hand at a time: its state, with who changed it when."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import JsonValue
from sqlalchemy import Connection, Row, select
from sqlalchemy.ext.asyncio import AsyncEngine

from models.content_states import NEXT_STATES, edited_state
from models.records import ContentChange, SavedContent
from models.vocabulary import ContentState, Violation
from storage.content import content_of
from storage.failures import StaleContent, StateRefused
from storage.patience import fetch, persist
from storage.tables import ContentChangeRow, ContentRow, table_of, utc_now

_NEW_VERSION = "what is published stays as it is; generate a new version"
_CONTENT, _CHANGES = table_of(ContentRow), table_of(ContentChangeRow)


class Hand(NamedTuple):
    """Who changes what, and what was read before."""

    business_id: str
    content_id: str
    revision: int
    """The revision that was read."""
    user_id: str | None
    at: datetime
    """A retry recognises its own change by this time, to the microsecond."""


async def set_state(
    engine: AsyncEngine,
    business_id: str,
    content_id: str,
    state: ContentState,
    revision: int,
    *,
    user_id: str | None = None,
) -> SavedContent | None:
    """Set the state of content read at `revision`, and return it with the next one; None: the business has none such.

    Raises:
        StaleContent: It has another revision by now.
        StateRefused: The state may not follow on the present one.
        StorageError: The database refuses, and waiting does not help.
    """
    hand = Hand(business_id, content_id, revision, user_id, utc_now())

    def work(connection: Connection) -> SavedContent | None:
        current = _current(hand, connection=connection)
        if current is None or _is_done(current, hand):
            return current
        if state not in (allowed := NEXT_STATES[current.state]):
            raise StateRefused(_refusal(current.state, state, allowed))
        return _write(current, hand, state, connection=connection)

    return await persist(engine, work)


async def save_edit(
    engine: AsyncEngine,
    business_id: str,
    content_id: str,
    output: Mapping[str, JsonValue],
    revision: int,
    *,
    flags: Sequence[Violation],
    user_id: str,
) -> SavedContent | None:
    """Save a person's text beside the generated one, with the flags that it has; otherwise as `set_state`.

    It needs a review afterwards, unless it was a draft and has no hard flag.
    """
    hand = Hand(business_id, content_id, revision, user_id, utc_now())

    def work(connection: Connection) -> SavedContent | None:
        current = _current(hand, connection=connection)
        if current is None or _is_done(current, hand):
            return current
        state = edited_state(current.state, flags)
        if state is None:
            raise StateRefused(f"content that is {current.state} cannot be edited: {_NEW_VERSION}")
        return _write(current, hand, state, output=dict(output), connection=connection)

    return await persist(engine, work)


async def content_history(engine: AsyncEngine, business_id: str, content_id: str) -> list[ContentChange]:
    """Return the changes of a business's content, oldest first; it begins as it was generated.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """
    its_own = (_CHANGES.c.content_id == content_id, _CHANGES.c.business_id == business_id)
    wanted = select(_CHANGES).where(*its_own).order_by(_CHANGES.c.revision)
    return await fetch(engine, lambda connection: [_change_of(row) for row in connection.execute(wanted)])


def _current(hand: Hand, *, connection: Connection) -> SavedContent | None:
    """Return the content as it is now, locked; None: the business has none such. Raises StaleContent."""
    this = (_CONTENT.c.business_id == hand.business_id, _CONTENT.c.content_id == hand.content_id)
    row = connection.execute(select(_CONTENT).where(*this).with_for_update()).first()
    if row is None:
        return None
    current = content_of(row)
    if current.revision != hand.revision and not _is_done(current, hand):
        raise StaleContent(
            f"content {hand.content_id!r} is at revision {current.revision}, not {hand.revision}: "
            "read it again, then decide anew"
        )
    return current


def _is_done(current: SavedContent, hand: Hand) -> bool:
    """Whether this hand made the change before, and the answer to its commit was lost."""
    return (current.revision, current.updated_at) == (hand.revision + 1, hand.at)


def _write(
    current: SavedContent,
    hand: Hand,
    state: ContentState,
    *,
    output: dict[str, JsonValue] | None = None,
    connection: Connection,
) -> SavedContent:
    """Write the change and its entry in the history; `output` None: the text stays."""
    revision = current.revision + 1
    changed: dict[str, object] = {"state": state.value, "revision": revision}
    changed |= {"user_id": hand.user_id, "updated_at": hand.at}
    if output is not None:
        changed |= {"output": output, "generated": current.generated or current.output}
    this = _CONTENT.c.content_id == current.content_id
    row = connection.execute(_CONTENT.update().where(this).values(**changed).returning(_CONTENT)).one()
    connection.execute(
        _CHANGES.insert().values(
            content_id=current.content_id,
            business_id=current.business_id,
            revision=revision,
            was=current.state.value,
            state=state.value,
            edited=output is not None,
            user_id=hand.user_id,
            changed_at=hand.at,
        )
    )
    return content_of(row)


def _refusal(now: ContentState, state: ContentState, allowed: tuple[ContentState, ...]) -> str:
    way_out = f"set {', '.join(allowed)}" if allowed else _NEW_VERSION
    return f"content that is {now} cannot become {state}: {way_out}"


def _change_of(row: Row[Any]) -> ContentChange:
    return ContentChange(
        revision=row.revision,
        was=ContentState(row.was),
        state=ContentState(row.state),
        edited=row.edited,
        user_id=row.user_id,
        changed_at=row.changed_at,
    )
