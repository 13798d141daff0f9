"""A generated picture."""

from typing import Literal, Self

from pydantic import Field, model_validator

from models.base import Output

AspectRatio = Literal["1:1", "4:5", "2:3", "9:16", "3:2", "16:9"]
"""Width before height."""


class GeneratedImage(Output):
    """A picture for one day of the calendar, as a URL or as base64, never both."""

    kind: Literal["generated", "rendered_card"]
    """`generated` by an image model, or a `rendered_card` that the sandbox drew."""
    url: str | None
    """The provider's URL of the picture, or None."""
    base64: str | None = Field(repr=False)
    """The picture, or None."""
    mime_type: str
    """`image/png`, `image/jpeg` or `image/webp`, detected from the bytes."""
    width: int = Field(ge=1)
    """Pixels."""
    height: int = Field(ge=1)
    """Pixels."""
    sha256: str
    """Hash of the bytes, hex; the ledger's `raw_output` holds the same."""
    alt_text: str = Field(min_length=1, max_length=300)
    """Description of the picture for screen readers."""
    ai_generated: bool
    """Always true: networks require the declaration."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.url is None) == (self.base64 is None):
            raise ValueError("a picture is either a url or base64")
        return self
