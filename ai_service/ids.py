"""Ids and keys as callers write them, and as the tables hold them."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, StringConstraints, ValidationInfo

Id = UUID | str
"""An id as a caller passes it: 1 to 64 visible characters, or a UUID."""

HOSTS_IDS = "hosts_ids"
"""The validation context's key: whether ids come from a host's own `ContextSource`."""


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, UUID) else value


def _visible(text: str) -> str:
    if not text.isprintable() or " " in text:
        raise ValueError(f"{text!r} has characters that cannot be seen: an id is 1 to 64 visible characters")
    return text


def _as_stored(text: str, info: ValidationInfo) -> str:
    """Return a UUID as `add_brief` writes it, whatever its spelling; a host's own ids keep theirs."""
    if info.context and info.context[HOSTS_IDS]:
        return text
    try:
        return str(UUID(text))
    except ValueError:
        return text


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError(f"{text!r} has characters that cannot be printed: remove them")
    return text


StoredId = Annotated[
    str,
    BeforeValidator(_as_text),
    StringConstraints(min_length=1, max_length=64),
    AfterValidator(_visible),
    AfterValidator(_as_stored),
]
"""The id of a business or a campaign, as the tables hold it."""

Key = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_printable)]
"""A user, a customer or an idempotency key in the host's terms: 1 to 200 printable characters."""
