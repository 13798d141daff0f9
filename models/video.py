"""A script for a short video."""

from pydantic import Field

from models.base import Output


class VideoScript(Output):
    """A script to be spoken and filmed with a phone."""

    hook: str = Field(min_length=1, max_length=200)
    """The first spoken sentence, at most three seconds long. No greeting; it makes a viewer stay."""
    body: str = Field(min_length=1, max_length=4000)
    """What is said after the hook, sentence by sentence, without stage directions."""
    cta: str = Field(min_length=1, max_length=200)
    """The last sentence: one thing to do."""
