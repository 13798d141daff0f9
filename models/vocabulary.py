"""The words that the calendar, the content table and the API share."""

from enum import StrEnum
from typing import Literal

from models.base import Output


class Feature(StrEnum):
    """The five features; also the stem of their modules."""

    STRATEGY = "strategy"
    CONTENT = "content"
    VIDEO = "video"
    MESSAGING = "messaging"
    IMAGE = "image"


class ContentType(StrEnum):
    """The format of one day's content."""

    REEL = "Reel"
    POST = "Post"
    CAROUSEL = "Carousel"
    STORY = "Story"
    IMAGE = "Image"
    VIDEO = "Video"


class Network(StrEnum):
    """Where content is published."""

    INSTAGRAM = "instagram"
    FACEBOOK = "facebook"
    X = "x"
    TIKTOK = "tiktok"
    LINKEDIN = "linkedin"
    YOUTUBE = "youtube"
    THREADS = "threads"
    PINTEREST = "pinterest"
    GOOGLE_BUSINESS = "google_business"
    WHATSAPP = "whatsapp"


_POST, _IMAGE, _CAROUSEL = ContentType.POST, ContentType.IMAGE, ContentType.CAROUSEL
_REEL, _STORY, _VIDEO = ContentType.REEL, ContentType.STORY, ContentType.VIDEO

FORMATS: dict[Network | None, tuple[ContentType, ...]] = {
    None: (_REEL, _CAROUSEL, _POST, _STORY, _IMAGE, _VIDEO),
    Network.INSTAGRAM: (_REEL, _CAROUSEL, _IMAGE, _STORY, _POST),
    Network.FACEBOOK: (_POST, _REEL, _IMAGE, _CAROUSEL, _STORY),
    Network.X: (_POST, _IMAGE, _VIDEO),
    Network.TIKTOK: (_VIDEO, _CAROUSEL, _STORY),
    Network.LINKEDIN: (_POST, _CAROUSEL, _IMAGE, _VIDEO),
    Network.YOUTUBE: (_REEL, _VIDEO, _POST),
    Network.THREADS: (_POST, _IMAGE, _CAROUSEL, _VIDEO),
    Network.PINTEREST: (_IMAGE, _CAROUSEL, _VIDEO),
    Network.GOOGLE_BUSINESS: (_POST, _IMAGE),
    Network.WHATSAPP: (_POST, _IMAGE, _VIDEO),
}
"""Formats a network takes, the one it favours first (no reel on Google Business, no text-only post on TikTok and
Pinterest: `c.enum` of the marketing facts). None: the brief names no network."""


class Role(StrEnum):
    """What a day does in the campaign's arc."""

    TEASER = "teaser"
    LAUNCH = "launch"
    EDUCATION = "education"
    PROOF = "proof"
    COMMUNITY = "community"
    OFFER = "offer"
    RECAP = "recap"


class FunnelStage(StrEnum):
    """Where the reader stands on the way to buying."""

    AWARENESS = "awareness"
    CONSIDERATION = "consideration"
    CONVERSION = "conversion"
    RETENTION = "retention"


class ContentState(StrEnum):
    """The life of saved content. Nothing publishes by itself."""

    DRAFT = "draft"
    NEEDS_REVIEW = "needs_review"
    APPROVED = "approved"
    PUBLISHED = "published"
    REJECTED = "rejected"


Severity = Literal["hard", "soft"]


class Violation(Output):
    """One rule that a text breaks."""

    rule_id: str
    """The rule, e.g. `ground.link`."""
    severity: Severity
    """`hard` blocks the answer, `soft` flags it."""
    path: str
    """The field, e.g. `caption` or `days.3.theme`."""
    message: str
    """What is wrong, with the value and the way out."""
    span: list[int] | None = None
    """Where it stands in the text at `path`: first character and the one after the last. None: all of it."""
    fix: str = ""
    """The way out alone, where the rule has one."""


class Quality(Output):
    """One measured property of an answer."""

    name: str
    """The metric, e.g. `c.distinct2`."""
    value: float
    """What was measured."""
    target: float
    """The bound it is held to."""
    severity: Severity
    """`hard` blocks the answer, `soft` is reported."""
    passed: bool
    """Whether the value keeps the bound."""
