"""A conversation with a customer, as far as the checks of a reply read it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from models.messaging import Channel

_READ_WHOLE, _BEGINNING = 8_000, 200
"""Letters of earlier messages that are read whole, the last ones first; letters read of each one before those."""


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """What was written to the business, and where."""

    customer_message: str
    customer_before: tuple[str, ...]
    """The customer's earlier messages, oldest first."""
    opens: bool
    """Whether the reply is the first message of the business."""
    channel: Channel | None
    last_customer_message_at: datetime | None

    @cached_property
    def by_customer(self) -> tuple[str, ...]:
        """What the customer wrote, as far as it is read: the last messages whole, of older ones the beginning.

        Hardly any conversation is that long. One that is would hold up all others while it is read.
        """
        return (*_as_far_as_read(self.customer_before), self.customer_message)


def _as_far_as_read(messages: tuple[str, ...]) -> list[str]:
    left, read = _READ_WHOLE, list[str]()
    for message in reversed(messages):
        read.append(message[: max(left, _BEGINNING)])
        left -= len(message)
    return read[::-1]
