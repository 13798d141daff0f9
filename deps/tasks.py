"""What is asked of a model, besides the brief: one typed task per kind of question."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field

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


class Rewrite(Given):
    """One part of an earlier answer that broke a rule."""

    part: str
    """Its field, e.g. `caption`."""
    text: str
    """As it was."""
    reason: str
    """What is wrong with it, and the way out."""


class PartsTask(Given):
    """A task whose answer can be asked for again in parts."""

    rewrite: list[Rewrite] = Field(default_factory=list[Rewrite])
    """The parts to write anew, and nothing else; empty: all of it."""
    kept: dict[str, str] = Field(default_factory=dict[str, str])
    """The parts of the earlier answer that stay as they are."""


class CopyTask(PartsTask):
    """Write what is published on one network."""

    language: str
    day: DayTask
    caption_characters: int = 2200
    """Most letters of the caption, so that the network takes it with its hashtags."""
    max_hashtags: int = 5
    """As many hashtags as the network takes."""
    openings_nearby: list[str] = Field(default_factory=list[str])
    """First lines of the campaign's posts of the days around, the nearest first: none of them is used again."""
    tag_links: bool = Field(default=False, exclude=True)
    """Whether code tags the link that it puts in with UTM parameters; of no use to a model."""


class PostTask(CopyTask):
    """Write the post of a day."""

    kind: Literal["post"] = "post"


class VariantTask(CopyTask):
    """Write the idea of a post for another network: `day` has that network and the format there."""

    kind: Literal["variant"] = "variant"
    idea: str
    """The caption of the post."""


class VideoTask(PartsTask):
    """Write the video script of a day."""

    kind: Literal["video_script"] = "video_script"
    language: str
    day: DayTask
    duration_s: int
    """Seconds the whole script takes to speak."""
    length: int
    """What fits into it, counted in `length_unit`."""
    length_unit: Literal["words", "characters"]
    """Characters, where a language has no spaces or a syllable in each character."""
    hook_length: int
    """The most that a hook of three seconds has, in the same unit."""


class ReplyTask(Given):
    """Suggest a reply to a customer."""

    kind: Literal["reply"] = "reply"
    language: str
    """The business's language, for when the customer's can't be told."""
    customer_message: str
    channel: Channel | None
    thread: list[Turn]
    """Earlier messages, oldest first."""
    last_customer_message_at: AwareDatetime | None = Field(default=None, exclude=True)
    """When the customer last wrote; of no use to a model."""


class ImageTask(Given):
    """Draw the picture of a day."""

    kind: Literal["image"] = "image"
    language: str
    day: DayTask
    aspect_ratio: AspectRatio


Task = PillarTask | ThemeTask | PostTask | VariantTask | VideoTask | ReplyTask | ImageTask
