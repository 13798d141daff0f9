"""The tasks of the content feature: a post, and the same idea for another network."""

from typing import Literal

from pydantic import Field

from deps.tasks import DayTask, PartsTask


class CopyTask(PartsTask):
    """Write what is published on one network."""

    day: DayTask
    caption_characters: int = 2200
    """Maximum characters of the caption, so that caption and hashtags fit the network's limit."""
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
