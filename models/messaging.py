"""A suggested answer to a customer's message: what a model writes of it, and what code makes of that."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from models.base import Given, Output
from models.vocabulary import Quality, Violation

FactPath = Annotated[
    str, StringConstraints(pattern=r"^(business|campaign)\.[a-z_]+(\.[0-9]+)?(\.[a-z_]+)?$", max_length=80)
]


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


class Handover(StrEnum):
    """Why a person must decide, whatever the brief says."""

    REFUND = "refund"
    LEGAL = "legal"
    MEDICAL = "medical"
    SAFETY = "safety"
    THREAT = "threat"
    MINOR = "minor"


class Turn(Given):
    """One earlier message of the same conversation."""

    author: str = Field(pattern="^(customer|business)$")
    """`customer` or `business`."""
    text: str = Field(min_length=1, max_length=4000)
    """What was written."""


class ReplyCopy(Output):
    """What a model writes of a reply."""

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
    facts_used: list[FactPath] = Field(max_length=10)
    """The few fields of the brief that the reply takes something from, e.g. `business.facts.0`; empty: none."""


class ReplySuggestion(ReplyCopy):
    """A reply for a person to send, or to take over from; a host may send by itself what is `auto_sendable`."""

    handover: list[Handover]
    """What of the conversation a person must decide on, found by word lists. With one, `needs_human` is true, whatever
    the model said."""
    ai_disclosure: str
    """Says, in the language of the reply, that a machine writes. Put it before the reply wherever no person reads the
    reply first (EU AI Act, article 50; Meta's rules for chats)."""
    window_closes_at: AwareDatetime | None
    """UTC: until when the channel takes the reply as free text. None: it has no such window, or
    `last_customer_message_at` was not said."""
    auto_sendable: bool
    """Whether it may go out, behind `ai_disclosure`, without a person reading it: none must decide, nothing is flagged
    (but a price cut that an offer of the brief says word for word), and the channel took it when it was written."""
    flags: list[Violation]
    """What a person should look at. `soft`: a rule of law or quality that it may break. `hard`: the channel would not
    take it now as free text (`wa.window`, `ms.window`); a person can send it as a template, or once the customer has
    written again. No legal advice: a reply without a flag may break the law."""
    quality: list[Quality]
    """What was measured on it; what can't be told is not in it."""
