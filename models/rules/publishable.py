"""The content of a publication, as far as the caller knows it: a rule applies only where its field is given."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from models.base import Given
from models.vocabulary import ContentType

Text = Annotated[str, StringConstraints(max_length=100_000)]
Texts = Annotated[list[Text], Field(max_length=500)]


class Media(Given):
    """One picture or video."""

    kind: Literal["image", "video", "gif"]
    """Kind of medium; an animated GIF is a `gif`."""
    mime_type: str | None = None
    """For instance `image/jpeg`, detected from the bytes."""
    width: int | None = Field(default=None, ge=1)
    """Pixels."""
    height: int | None = Field(default=None, ge=1)
    """Pixels."""
    size_bytes: int | None = Field(default=None, ge=0)
    """Size of the file."""
    duration_s: float | None = Field(default=None, ge=0)
    """Length of a video."""
    frames_per_s: float | None = Field(default=None, ge=0)
    """Frame rate of a video."""
    has_mark: bool | None = None
    """Whether it carries a promotional watermark, logo or border."""


class Template(Given):
    """A WhatsApp message template; a variable is written `{{1}}` or `{{name}}`."""

    category: str | None = None
    """`MARKETING`, `UTILITY` or `AUTHENTICATION`."""
    header: Text | None = None
    """Text above the body."""
    body: Text | None = None
    """The message."""
    footer: Text | None = None
    """Text below the body."""
    buttons: Texts = Field(default_factory=list[str])
    """Labels of the buttons."""
    examples: Texts = Field(default_factory=list[str])
    """One for each variable of header and body."""


class Publishable(Given):
    """A post or a message, with its media and metadata."""

    caption: Text | None = None
    """The text, without the hashtags in `hashtags`."""
    hashtags: Texts = Field(default_factory=list[str])
    """Hashtags published with the caption, each with its #."""
    title: Text | None = None
    """Title of a YouTube video, a TikTok photo post or a pin."""
    description: Text | None = None
    """Description, where the network has one; None means that the caption is used."""
    alt_text: Text | None = None
    """Description of the picture for screen readers."""
    link: Text | None = None
    """The link that the network shows apart from the text."""
    keywords: Texts = Field(default_factory=list[str])
    """Tags of a YouTube video."""
    topic_tag: Text | None = None
    """Topic of a Threads post, without #."""
    event_title: Text | None = None
    """Title of a Google Business event."""
    coupon_code: Text | None = None
    """Code of a Google Business offer."""
    button: Text | None = None
    """Type of a Google Business button, e.g. `BOOK`."""
    content_type: ContentType | None = None
    """The format of the content."""
    media: list[Media] = Field(default_factory=list[Media], max_length=100)
    """Pictures and videos, in order."""
    has_cover: bool | None = None
    """Whether a video has a cover picture."""
    template: Template | None = None
    """The approved template of a WhatsApp message; None means free text."""
    ai_generated: bool | None = None
    """Whether a model made the pictures or videos."""
    ai_labelled: bool | None = None
    """Whether the post declares that to the network (`is_aigc`, `made_with_ai`)."""
    sponsored: bool | None = None
    """Whether somebody paid for or gave what is shown."""
    sponsorship_labelled: bool | None = None
    """Whether the post declares that to the network (`paid_partnership`)."""
    copyright_claimed: bool | None = None
    """Whether somebody holds a copyright claim on the video's sound or picture."""
    posts_in_24_h: int | None = Field(default=None, ge=0)
    """Posts published through the API in the last 24 hours."""
    hours_since_customer: float | None = Field(default=None, ge=0)
    """Hours since the customer's last message."""
