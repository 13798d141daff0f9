"""Finds where the answer may begin in a text that contains reasoning.

What stands in an element (`<think>…</think>`, `[THINK]…[/THINK]`) or a channel before the answer is reasoning, with
braces in it or without, and so is all before a closing tag that was never opened. An element that holds the answer
alone is none, unless its name says so.
"""

import re
from collections.abc import Iterator

_NAME = r"[A-Za-z][\w:.-]{0,40}"
MARKER = re.compile(
    rf"<(?P<close>/)?(?P<name>{_NAME})>|\[(?P<close_square>/)?(?P<square>[A-Z_]{{3,20}})\]"
    rf"|◁(?P<close_kimi>/)?(?P<kimi>{_NAME})▷|<\|(?P<channel>[^|<>\n]{{1,40}})\|>"
)
_THOUGHT = re.compile(r"think|thought|reason|reflect|analy|scratch|draft|plan|monolog|deliberat", re.IGNORECASE)
_END = re.compile(rf"(?:<\|[^|<>\n]{{1,40}}\|>|</{_NAME}>|\[/[A-Z_]{{3,20}}\])\Z")
_LONGEST_END = 50
_MOST_MARKERS = 64
"""Each costs as much as the text is long."""


def regions(text: str) -> Iterator[str]:
    """Yield the stretches of `text` that may be the answer, in order; a later one counts where an earlier can't be.

    Empty where all of it is reasoning.
    """
    start = position = markers = 0
    is_thought = False
    while (marker := MARKER.search(text, position)) and (markers := markers + 1) <= _MOST_MARKERS:
        before, position = text[start : marker.start()], marker.end()
        is_answer = _may_hold(before) and not is_thought
        name = marker["name"] or marker["square"] or marker["kimi"] or ""
        closes = bool(marker["close"] or marker["close_square"] or marker["close_kimi"])
        if is_answer and not (closes and names_reasoning(name)):
            yield _trimmed(text[start:])  # the marker may stand behind the answer, or in one of its texts
        if marker["channel"]:
            is_thought = not _may_hold(before) and names_reasoning(before)
            start = position
        elif closes:
            start, is_thought = position, False
        else:
            end = _end_of_element(text, marker)
            if end is None and names_reasoning(name):
                return  # reasoning that was cut off
            if end is not None and _may_hold(text[end:]):
                position = end
            elif end is not None and names_reasoning(name):
                return
            start = position
    if not is_thought and markers <= _MOST_MARKERS:
        yield _trimmed(text[start:])


def names_reasoning(name: str) -> bool:
    """Return whether a name is one of reasoning: what stands under it is no answer."""
    return _THOUGHT.search(name) is not None


def _may_hold(text: str) -> bool:
    return "{" in text or "[" in text


def _end_of_element(text: str, opening: re.Match[str]) -> int | None:
    closing = f"{opening[0][0]}/{opening[0][1:]}"
    at = text.find(closing, opening.end())
    return None if at < 0 else at + len(closing)


def _trimmed(text: str) -> str:
    """Return `text` without the blanks and markers that it ends with."""
    text = text.strip()
    for _ in range(_MOST_MARKERS):
        if not (end := _END.search(text[-_LONGEST_END:])):
            break
        text = text[: -len(end[0])].rstrip()
    return text
