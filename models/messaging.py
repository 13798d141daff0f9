"""A suggested reply to a customer's message: the part that a model writes, and the finished suggestion."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BeforeValidator, Field, StringConstraints

from models.base import Given, Output
from models.choices import Choice
from models.fact_paths import PATTERN, fact_paths
from models.language_tags import LanguageTag
from models.vocabulary import Quality, Violation

FactPath = Annotated[str, StringConstraints(pattern=PATTERN, max_length=80)]


class Intent(StrEnum):
    """What a customer wants."""

    QUESTION = "question"
    BOOKING = "booking"
    COMPLAINT = "complaint"
    PRAISE = "praise"
    REFUND = "refund"
    SPAM = "spam"
    OTHER = "other"


def _as_intent(value: object) -> object:
    """Accept what is none of the set as `other`, which says so."""
    return value if value in list(Intent) else Intent.OTHER


class Channel(Choice):
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

    author: Literal["customer", "business"]
    """Who wrote it."""
    text: str = Field(min_length=1, max_length=4000)
    """What was written."""


class ReplyCopy(Output):
    """What a model writes of a reply.

    What is there for the books alone, an intent, a language, the sources, is never a reason to ask again.
    """

    reply: str = Field(min_length=1, max_length=1500)
    """The answer, in the customer's language, from the business's own facts alone."""
    intent: Annotated[Intent, BeforeValidator(_as_intent)]
    """What the customer wants."""
    needs_human: bool
    """True when a person must decide: refunds, legal, medical or safety matters, threats, minors, missing facts."""
    needs_human_reason: str | None = Field(max_length=300)
    """Why a person must decide; null when none must."""
    language: LanguageTag
    """BCP 47 tag of the reply."""
    facts_used: Annotated[list[FactPath], Field(max_length=10), BeforeValidator(fact_paths)]
    """The few fields of the brief that the reply takes something from, e.g. `business.facts.0`; empty: none."""


class ReplySuggestion(ReplyCopy):
    """A reply for a person to send or to take over; a host may send an `auto_sendable` one automatically."""

    handover: list[Handover]
    """What a person must decide in the conversation, found by word lists. If there is any, `needs_human` is true,
    whatever the model said."""
    ai_disclosure: str
    """A notice, in the language of the reply, that the reply is automated. Put it before the reply unless a person
    reads the reply first (EU AI Act, article 50; Meta's rules for chats)."""
    window_closes_at: AwareDatetime | None
    """UTC time until which the channel accepts the reply as free text. None if it has no such window, or if
    `last_customer_message_at` was not given."""
    auto_sendable: bool
    """Whether it may be sent, after `ai_disclosure`, without a person reading it: no person must decide, nothing is
    flagged (except a price cut quoted word for word from an offer of the brief), and the channel accepted it when it
    was written."""
    flags: list[Violation]
    """What a person should review. `soft`: a rule of law or quality that it may break. `hard`: the channel would not
    accept it now as free text (`wa.window`, `ms.window`); a person can send it as a template, or after the customer
    has written again. Not legal advice: a reply without a flag may break the law."""
    quality: list[Quality]
    """Its measured quality, without measures that are not available in its language."""
