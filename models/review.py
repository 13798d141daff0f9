"""How saved content is reviewed: its first state, and which state may follow which."""

from models.base import Output
from models.messaging import ReplySuggestion
from models.vocabulary import ContentState, Violation

_DRAFT, _WAITING, _APPROVED = ContentState.DRAFT, ContentState.NEEDS_REVIEW, ContentState.APPROVED
_REJECTED, _PUBLISHED = ContentState.REJECTED, ContentState.PUBLISHED

NEXT_STATES: dict[ContentState, tuple[ContentState, ...]] = {
    _DRAFT: (_WAITING, _APPROVED, _REJECTED),
    _WAITING: (_DRAFT, _APPROVED, _REJECTED),
    _APPROVED: (_WAITING, _REJECTED, _PUBLISHED),
    _REJECTED: (_DRAFT, _WAITING),
    _PUBLISHED: (),
}
"""What is published stays as it was published."""


def first_state(output: Output) -> ContentState:
    """Return the state of new content: a draft, or what a person must look at first.

    The latter is a reply that may not be sent without a person, and whatever has a hard flag.
    """
    held = isinstance(output, ReplySuggestion) and not output.auto_sendable
    return _WAITING if held or any(flag.severity == "hard" for flag in flags_of(output)) else _DRAFT


def flags_of(output: Output) -> list[Violation]:
    """Return the flags of an output and of its variants; a picture has none."""
    flags: list[Violation] = list(getattr(output, "flags", []))
    return flags + [flag for variant in getattr(output, "variants", []) for flag in variant.flags]
