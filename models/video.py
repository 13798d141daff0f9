"""A script for a short video: what a model writes of it, and what code makes of that."""

from typing import Annotated

from pydantic import Field, StringConstraints

from models.base import Output
from models.vocabulary import Quality, Violation

Shot = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class VideoCopy(Output):
    """What a model writes of a script to be spoken and filmed with a phone."""

    hook: str = Field(min_length=1, max_length=200)
    """The first spoken sentence, at most three seconds long. No greeting; it makes a viewer stay."""
    body: str = Field(min_length=1, max_length=4000)
    """What is said after the hook, sentence by sentence, without stage directions."""
    cta: str = Field(min_length=1, max_length=200)
    """The last sentence: one thing to do."""
    shots: list[Shot] = Field(min_length=2, max_length=12)
    """Two to twelve shots in order: what is seen in each, as the business can film it with a phone in its own place."""


class SpokenSeconds(Output):
    """How long the parts of a script take to speak, estimated at the pace of spoken advertising in its language."""

    hook: float
    body: float
    cta: float
    total: float


class VideoScript(VideoCopy):
    """A script that can be filmed."""

    seconds: SpokenSeconds
    """Seconds that each part takes to speak."""
    on_screen: str | None
    """The label of advertising: text to show from the first second on, since somebody pays for or gives what is shown.
    To be surest, say it too. None: there is no such connection."""
    flags: list[Violation]
    """Soft rules that it breaks, for a person to look at. No legal advice: one without a flag may break the law."""
    quality: list[Quality]
    """What was measured on what is spoken."""
