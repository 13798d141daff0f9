"""The task of the messaging feature."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field

from deps.tasks import Task
from models.brief import Weekday
from models.messaging import Channel, Turn
from models.vocabulary import Violation


class ReplyTask(Task):
    """Suggest a reply to a customer."""

    kind: Literal["reply"] = "reply"
    customer_message: str
    channel: Channel | None
    thread: list[Turn]
    """Earlier messages, oldest first."""
    today: date
    """The day where the business is."""
    weekday: Weekday
    """Its day of the week."""
    time: str | None
    """Time of day where the business is, `HH:MM`; None: its time zone is not known."""
    unread: list[Violation] = Field(default_factory=list[Violation], exclude=True)
    """Why a person must read the message first; of no use to a model."""
    last_customer_message_at: AwareDatetime | None = Field(default=None, exclude=True)
    """When the customer last wrote; of no use to a model."""
