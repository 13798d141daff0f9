"""A generated picture."""

from typing import Literal

from pydantic import Field

from models.base import Output
from models.vocabulary import Violation

AspectRatio = Literal["1:1", "4:5", "2:3", "9:16", "3:2", "16:9"]
"""Width before height."""


class GeneratedImage(Output):
    """A picture for one day of the calendar."""

    kind: Literal["generated", "rendered_card"]
    """`generated` by an image model, or a `rendered_card` that the sandbox drew."""
    url: str | None
    """The provider's address of what it drew, where it sent one; it may end soon. None: it sent the bytes."""
    base64: str = Field(repr=False)
    """The picture, as its network takes it."""
    mime_type: str
    """`image/png`, `image/jpeg` or `image/webp`, detected from the bytes."""
    width: int = Field(ge=1)
    """Pixels."""
    height: int = Field(ge=1)
    """Pixels."""
    sha256: str
    """Hash of the bytes, hex. The ledger's `raw_output` holds that of the bytes that the provider sent."""
    alt_text: str = Field(min_length=1, max_length=300)
    """Description of the picture for screen readers."""
    ai_generated: bool
    """Always true: networks require the declaration."""
    changes: list[str] = Field(default_factory=list[str])
    """What code did to what the provider drew, e.g. `cropped from 1024 x 1536 to 864 x 1536`."""
    flags: list[Violation] = Field(default_factory=list[Violation])
    """Rules that the picture breaks, for a person to review: another ratio than asked, what its network refuses."""
