"""Pages of a list, and the cursor from one to the next."""

import json
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar, cast

ItemT = TypeVar("ItemT")


@dataclass(frozen=True, kw_only=True, slots=True)
class Page(Generic[ItemT]):
    """Some items of a list, in its order."""

    items: list[ItemT]
    after: str | None
    """Pass it as `after=` to get the next page; None: this is the last one. What is added meanwhile moves nothing."""


class NoCursor(ValueError):
    """A text is no cursor of this list."""


def cursor(*place: int | str | datetime) -> str:
    """Return the cursor of the place after the item with these sort keys."""
    keys = [key.isoformat() if isinstance(key, datetime) else key for key in place]
    return urlsafe_b64encode(json.dumps(keys, separators=(",", ":")).encode()).decode().rstrip("=")


def number_at(after: str) -> int:
    """Return the row number of a cursor. Raises NoCursor."""
    place = _place(after, keys=1)[0]
    if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < 2**63:
        raise NoCursor
    return place


def moment_at(after: str) -> tuple[datetime, str]:
    """Return the time and the id of a cursor. Raises NoCursor."""
    moment, key = _place(after, keys=2)
    if not isinstance(moment, str) or not isinstance(key, str):
        raise NoCursor
    try:
        at = datetime.fromisoformat(moment)
    except ValueError as error:
        raise NoCursor from error
    if at.tzinfo is None or "\0" in key:
        raise NoCursor
    return at, key


def _place(after: str, *, keys: int) -> list[object]:
    try:
        place: object = json.loads(b64decode(after + "=" * (-len(after) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError) as error:
        raise NoCursor from error
    if not isinstance(place, list) or len(found := cast(list[object], place)) != keys:
        raise NoCursor
    return found
