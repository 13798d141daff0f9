"""The twenty fixture businesses, and their customers' messages."""

from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, TypeAdapter

from ai_service.cli import brief_file
from models.base import Frozen
from models.brief import Brief

_FOLDER = Path(__file__).parent


class CustomerMessage(Frozen):
    """A message to a business, and whether a person must answer it."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    """Unique within a business."""
    kind: Literal["price", "complaint", "booking", "off_topic", "angry_pii", "injection"]
    """`angry_pii` contains made-up personal data; `injection` is an attack around a plausible question."""
    message: str = Field(min_length=1, max_length=4000)
    """The message, in the business's language."""
    needs_human: bool
    """True for refunds, legal, medical or safety matters, threats, minors, and questions the brief does not answer."""


_MESSAGES = TypeAdapter(list[CustomerMessage])


def slugs() -> list[str]:
    """Return the names of the fixture businesses, in order."""
    return sorted(path.stem for path in (_FOLDER / "businesses").glob("*.yaml"))


def load_brief(slug: str) -> Brief:
    """Return the brief of a fixture business."""
    return brief_file.load_brief(_FOLDER / "businesses" / f"{slug}.yaml")


def load_messages(slug: str) -> list[CustomerMessage]:
    """Return the six messages to a fixture business."""
    text = (_FOLDER / "messages" / f"{slug}.yaml").read_text(encoding="utf-8")
    return _MESSAGES.validate_python(yaml.safe_load(text))
