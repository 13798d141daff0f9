"""What is asked of a model, besides the brief: one typed task per kind of question."""

from datetime import date
from typing import Literal

from models.base import Given
from models.brief import Offer
from models.image import AspectRatio
from models.messaging import Channel, Turn
from models.vocabulary import ContentType, Network, Role


class PillarTask(Given):
    """Name the subjects of a campaign."""

    kind: Literal["pillars"] = "pillars"
    language: str
    """BCP 47 tag to write in."""


class DayBrief(Given):
    """One day that a theme is asked for."""

    day: int
    date: date
    content_type: ContentType
    network: Network | None
    role: Role
    angle: str
    """The way in, e.g. `common_mistake`."""
    angle_hint: str
    """The angle in a few English words."""
    pillar: str
    offer: Offer | None
    key_date: str | None


class ThemeTask(Given):
    """Write the themes of some days."""

    kind: Literal["themes"] = "themes"
    language: str
    days: list[DayBrief]
    avoid: list[str]
    """Themes that are taken: none may come near one of them."""


class DayTask(Given):
    """One planned day that something is made for."""

    day: int
    date: date
    theme: str
    content_type: ContentType
    network: Network | None
    role: Role
    pillar: str
    offer: Offer | None
    key_date: str | None
    call_to_action: str | None


class PostTask(Given):
    """Write the post of a day."""

    kind: Literal["post"] = "post"
    language: str
    day: DayTask


class VideoTask(Given):
    """Write the video script of a day."""

    kind: Literal["video_script"] = "video_script"
    language: str
    day: DayTask
    duration_s: int
    """Seconds the whole script takes to speak."""
    words: int
    """Words that fit into it."""


class ReplyTask(Given):
    """Suggest a reply to a customer."""

    kind: Literal["reply"] = "reply"
    language: str
    """The business's language, for when the customer's can't be told."""
    customer_message: str
    channel: Channel | None
    thread: list[Turn]
    """Earlier messages, oldest first."""


class ImageTask(Given):
    """Draw the picture of a day."""

    kind: Literal["image"] = "image"
    language: str
    day: DayTask
    aspect_ratio: AspectRatio


Task = PillarTask | ThemeTask | PostTask | VideoTask | ReplyTask | ImageTask
