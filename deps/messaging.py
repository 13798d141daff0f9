"""The task of the messaging feature."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field

from deps.tasks import Task
from models.brief import Weekday
from models.messaging import Channel, Turn


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
    last_customer_message_at: AwareDatetime | None = Field(default=None, exclude=True)
    """When the customer last wrote; of no use to a model."""
