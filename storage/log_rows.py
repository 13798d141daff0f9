"""Converts between attempts and rows of `ai_logs`."""

from collections.abc import Sequence
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Connection, Row, bindparam
from sqlalchemy.dialects.postgresql import insert

from models.attempt import Attempt, AttemptStatus
from models.vocabulary import Feature
from storage.prepared import prepared
from storage.tables import AttemptRow, table_of, utc_now

Values = dict[str, object]
"""The values of one row, by column."""

MAX_CHARS = {"error": 500, "raw_output": 20_000}
"""Longer texts are cut, to bound the size of a row."""

_KEY = ("request_id", "question", "attempt")
SETTLED_ROW = tuple(f"key_{name}" for name in _KEY)
"""The key of the row among the values of its settlement."""
_NAMES = tuple(field.name for field in fields(Attempt))
_OPENING = (
    *_KEY,
    *("feature", "provider", "started_at", "prompt_version", "rule_pack_version"),
    *("business_id", "campaign_id", "content_id", "user_id", "customer_id", "idempotency_key"),
)
"""What is known before the request and never changes."""
_OUTCOME = tuple(name for name in _NAMES if name not in _OPENING)

_TABLE = table_of(AttemptRow)
INSERT = _TABLE.insert().inline()
# PostgreSQL's dialect, whose syntax SQLite shares
_INSERT_UNLESS_THERE = insert(_TABLE).on_conflict_do_nothing().inline()
_SETTLE = (
    _TABLE.update()
    .where(*(_TABLE.c[name] == bindparam(key) for name, key in zip(_KEY, SETTLED_ROW, strict=True)))
    .values({name: bindparam(name) for name in _OUTCOME})
)


def write(
    connection: Connection, *, rows: Sequence[Values], doubtful: Sequence[Values], outcomes: Sequence[Values]
) -> None:
    """Write new rows, doubtful ones that may be written already, and the outcomes of earlier ones."""
    for statement, values in ((INSERT, rows), (_INSERT_UNLESS_THERE, doubtful), (_SETTLE, outcomes)):
        if values and connection.dialect.name == "sqlite":
            prepared(statement, tuple(values[0])).execute(connection, values)
        elif values:
            connection.execute(statement, values)


def opening(attempt: Attempt, *, owner: str) -> Values:
    """Return the values of a new row, for a request about to be sent."""
    return {"owner": owner, **_values(attempt, _NAMES)}


def outcome(attempt: Attempt) -> Values:
    """Return the values that settle a row, as the attempt is now."""
    key = {key: getattr(attempt, name) for name, key in zip(_KEY, SETTLED_ROW, strict=True)}
    return {**key, **_values(attempt, _OUTCOME)}


def unsent(attempt: Attempt) -> Attempt:
    """Return the attempt as cancelled before it was sent."""
    return replace(
        attempt,
        status="cancelled",
        cost_usd=Decimal(0),
        cost_estimated=False,
        error="cancelled before it was sent",
        finished_at=utc_now(),
    )


def attempt_of(row: Row[Any]) -> Attempt:
    """Return the attempt of a row."""
    values = {name: getattr(row, name) for name in _NAMES}
    values["feature"] = Feature(row.feature)
    values["status"] = cast(AttemptStatus, row.status)
    return Attempt(**values)


def _values(attempt: Attempt, names: tuple[str, ...]) -> Values:
    values: Values = {}
    for name in names:
        value: object = getattr(attempt, name)
        if isinstance(value, str):
            value = _storable(value[: MAX_CHARS.get(name)])
        elif isinstance(value, list):
            value = [*cast(list[str], value)]
        values[name] = value
    return values


def _storable(text: str) -> str:
    """Replace what databases reject: NUL, and lone surrogates, which JSON can spell."""
    if text.isascii() and "\0" not in text:
        return str(text)
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
