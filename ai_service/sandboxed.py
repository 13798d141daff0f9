"""What is said of a result that the sandbox wrote, and what is left out of it."""

from typing import TypeVar, cast

from models.base import Output
from models.vocabulary import Quality

OutputT = TypeVar("OutputT", bound=Output)

_OF_LANGUAGE = {"q.language", "q.cliche", "q.cta", "r.language"}
"""Measures that ask whether a text is in the language asked for, or look for its words."""


def sandbox_notes(language: str) -> list[str]:
    """Return what a caller should know of an answer of the sandbox in a language."""
    notes = ["written by the sandbox, not by a language model: not for publication"]
    if not _writes(language):
        notes.append(f"the sandbox has no phrase file for {language!r} and wrote in English")
    return notes


def in_fallback_language(output: OutputT, language: str) -> OutputT:
    """Return an output without the measures of its language where the sandbox has no phrases in it.

    Language is not applicable there: it neither passed nor failed.
    """
    return output if _writes(language) else _without_language(output)


def _without_language(output: OutputT) -> OutputT:
    changes: dict[str, object] = {}
    for name, value in output:
        if isinstance(value, list):
            items = cast(list[object], value)
            kept = [item for item in items if not (isinstance(item, Quality) and item.name in _OF_LANGUAGE)]
            changes[name] = [_without_language(item) if isinstance(item, Output) else item for item in kept]
    return output.model_copy(update=changes)


def _writes(language: str) -> bool:
    from agents.sandbox.phrases import has_phrases  # phrase files are loaded only where the sandbox is used

    return has_phrases(language)
