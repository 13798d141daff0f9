"""The vocabulary that the calendar, the content table and the API share."""

from enum import StrEnum
from typing import Literal

from models.base import Output
from models.choices import Choice


class Feature(Choice):
    """The five features; also the stem of their modules."""

    STRATEGY = "strategy"
    CONTENT = "content"
    VIDEO = "video"
    MESSAGING = "messaging"
    IMAGE = "image"


class ContentType(Choice):
    """The format of one day's content."""

    REEL = "Reel"
    POST = "Post"
    CAROUSEL = "Carousel"
    STORY = "Story"
    IMAGE = "Image"
    VIDEO = "Video"


class Network(Choice):
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

    @classmethod
    def other_names(cls) -> dict[str, str]:
        """Return the names that networks had before, or have in full."""
        return {
            "twitter": cls.X,
            "google_my_business": cls.GOOGLE_BUSINESS,
            "google_business_profile": cls.GOOGLE_BUSINESS,
            "whatsapp_business": cls.WHATSAPP,
        }


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
"""Formats that a network accepts, its favourite first (no reel on Google Business, no text-only post on TikTok and
Pinterest). None stands for a brief without a network."""


class Role(StrEnum):
    """The part of a day in the campaign's arc."""

    TEASER = "teaser"
    LAUNCH = "launch"
    EDUCATION = "education"
    PROOF = "proof"
    COMMUNITY = "community"
    OFFER = "offer"
    RECAP = "recap"


class FunnelStage(StrEnum):
    """The reader's stage on the way to buying."""

    AWARENESS = "awareness"
    CONSIDERATION = "consideration"
    CONVERSION = "conversion"
    RETENTION = "retention"


class ContentState(Choice):
    """The state of saved content. Nothing is published automatically."""

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
    """What is wrong, with the value and the fix."""
    span: list[int] | None = None
    """Place in the text at `path`: the first character and the one after the last. None means the whole text."""
    fix: str = ""
    """The fix on its own, if the rule has one."""


class Quality(Output):
    """One measured property of an answer."""

    name: str
    """The metric, e.g. `c.distinct2`."""
    value: float
    """The measured value."""
    target: float
    """The bound for the value."""
    severity: Severity
    """`hard` is asked again where it is missed, `soft` is only reported."""
    passed: bool
    """Whether the value is within the bound."""
