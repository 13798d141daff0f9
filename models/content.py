"""A post for one day of the calendar."""

from typing import Annotated

from pydantic import Field, StringConstraints

from models.base import Output


class Post(Output):
    """A publishable post."""

    caption: str = Field(min_length=1, max_length=2200)
    """The text under the picture or video. The first line makes sense alone; no hashtags in it."""
    hashtags: list[Annotated[str, StringConstraints(pattern=r"^#\w+$", max_length=60)]] = Field(
        min_length=1, max_length=5
    )
    """One to five hashtags, each starting with #, local and specific rather than generic, none twice."""
    script: str = Field(min_length=1, max_length=3000)
    """What is seen and said: shots of a video, slides of a carousel, or what the picture shows."""
