"""Adapts results of the sandbox: notes for the caller, and no quality measures that do not apply."""

from typing import TypeVar, cast

from models.base import Output
from models.vocabulary import Quality

OutputT = TypeVar("OutputT", bound=Output)

_OF_LANGUAGE = {"q.language", "q.cliche", "q.cta", "r.language"}
"""Quality measures that depend on the language of a text."""


def sandbox_notes(language: str) -> list[str]:
    """Return the notes on an answer of the sandbox in a language."""
    notes = ["written by the sandbox, not by a language model: not for publication"]
    if not _writes(language):
        notes.append(f"the sandbox has no phrase file for {language!r} and wrote in English")
    return notes


def in_fallback_language(output: OutputT, language: str) -> OutputT:
    """Return an output, without the measures of language if the sandbox wrote it in another one than asked.

    They would neither pass nor fail: the sandbox has no phrases in that language.
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
    from agents.sandbox.phrases import has_phrases  # loads phrase files

    return has_phrases(language)
