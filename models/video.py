"""A script for a short video: the part that a model writes, and the finished script."""

from typing import Annotated

from pydantic import Field, StringConstraints

from models.base import Output
from models.texts import Lines
from models.vocabulary import Quality, Violation

Shot = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class VideoCopy(Output):
    """What a model writes of a script to be spoken and filmed with a phone."""

    hook: str = Field(min_length=1, max_length=200)
    """The first spoken sentence, at most three seconds long. No greeting; it makes a viewer stay."""
    body: Lines = Field(min_length=1, max_length=4000)
    """What is said after the hook, sentence by sentence, without stage directions."""
    cta: str = Field(min_length=1, max_length=200)
    """The last sentence: one thing to do."""
    shots: list[Shot] = Field(min_length=2, max_length=12)
    """Two to twelve shots in order: what is seen in each, as the business can film it with a phone in its own place."""


class SpokenSeconds(Output):
    """Speaking time of a script's parts in seconds, estimated at the rate of spoken advertising in its language."""

    hook: float
    body: float
    cta: float
    total: float


class VideoScript(VideoCopy):
    """A script that can be filmed."""

    seconds: SpokenSeconds
    """Speaking time of each part."""
    on_screen: str | None
    """The advertising label, to be shown as text from the first second, since somebody pays for or gives what is shown.
    Speaking it as well is safest. None if nobody does."""
    flags: list[Violation]
    """Soft rules that it breaks, for a person to review. Not legal advice: no flag does not mean that it is lawful."""
    quality: list[Quality]
    """The measured quality of the spoken text."""
