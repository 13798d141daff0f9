"""A conversation with a customer, as far as the checks of a reply read it."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from models.messaging import Channel

_READ_WHOLE, _BEGINNING = 8_000, 200
"""Characters of earlier messages read in full, latest first; characters read of each message before those."""


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """The messages to the business, and their channel."""

    customer_message: str
    customer_before: tuple[str, ...]
    """The customer's earlier messages, oldest first."""
    opens: bool
    """Whether the reply is the first message of the business."""
    channel: Channel | None
    last_customer_message_at: datetime | None
    today: date
    """The day it is answered on, where the business is."""

    @cached_property
    def by_customer(self) -> tuple[str, ...]:
        """The customer's messages, as far as they are read: the latest in full, of older ones the beginning.

        The bound keeps a very long conversation from delaying all others while it is read.
        """
        return (*_as_far_as_read(self.customer_before), self.customer_message)


def _as_far_as_read(messages: tuple[str, ...]) -> list[str]:
    left, read = _READ_WHOLE, list[str]()
    for message in reversed(messages):
        read.append(message[: max(left, _BEGINNING)])
        left -= len(message)
    return read[::-1]
