"""How saved content is reviewed: its first state, and which state may follow which."""

from collections.abc import Iterable

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
    return _WAITING if held or blocked(flags_of(output)) else _DRAFT


def edited_state(now: ContentState, flags: Iterable[Violation]) -> ContentState | None:
    """Return the state of content that a person edits; None: it may not be edited.

    An approval is of the text that was read, and so is a rejection. A draft that breaks a hard rule needs a review.
    """
    if now is _PUBLISHED:
        return None
    return _WAITING if now is not _DRAFT or blocked(flags) else _DRAFT


def blocked(flags: Iterable[Violation]) -> bool:
    """Return whether a hard rule is among the broken ones."""
    return any(flag.severity == "hard" for flag in flags)


def flags_of(output: Output) -> list[Violation]:
    """Return the flags of an output and of its variants; a picture has none."""
    flags: list[Violation] = list(getattr(output, "flags", []))
    return flags + [flag for variant in getattr(output, "variants", []) for flag in variant.flags]
