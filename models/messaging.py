"""A suggested answer to a customer's message."""

from enum import StrEnum

from pydantic import Field

from models.base import Given, Output


class Intent(StrEnum):
    """What a customer wants."""

    QUESTION = "question"
    BOOKING = "booking"
    COMPLAINT = "complaint"
    PRAISE = "praise"
    REFUND = "refund"
    SPAM = "spam"
    OTHER = "other"


class Channel(StrEnum):
    """Where the customer wrote."""

    COMMENT = "comment"
    INSTAGRAM_DM = "instagram_dm"
    MESSENGER = "messenger"
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    WEB_CHAT = "web_chat"


class Turn(Given):
    """One earlier message of the same conversation."""

    author: str = Field(pattern="^(customer|business)$")
    """`customer` or `business`."""
    text: str = Field(min_length=1, max_length=4000)
    """What was written."""


class ReplySuggestion(Output):
    """A reply for a person to send, or to take over from."""

    reply: str = Field(min_length=1, max_length=1500)
    """The answer, in the customer's language, from the business's own facts alone."""
    intent: Intent
    """What the customer wants."""
    needs_human: bool
    """True when a person must decide: refunds, legal, medical or safety matters, threats, minors, missing facts."""
    needs_human_reason: str | None = Field(max_length=300)
    """Why a person must decide; null when none must."""
    language: str = Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    """BCP 47 tag of the reply."""
