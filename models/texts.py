"""Finds the texts in a nested value, and reads a text of several lines."""

from collections.abc import Iterator
from typing import Annotated, cast

from pydantic import BaseModel, BeforeValidator, JsonValue


def _joined(value: object) -> object:
    """Accept the lines of a text as a list."""
    if not isinstance(value, list):
        return value
    lines = cast(list[object], value)
    texts = [line for line in lines if isinstance(line, str)]
    return "\n".join(filter(str.strip, texts)) if len(texts) == len(lines) else lines


Lines = Annotated[str, BeforeValidator(_joined)]
"""A text of several lines, such as a script: not one that a list would give to choose from."""


def every_text(value: JsonValue, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield each string in `value` with its path, e.g. `business.facts.0`."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from every_text(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from every_text(item, f"{path}.{index}" if path else str(index))


def texts_of(model: BaseModel) -> dict[str, str]:
    """Return every text of a brief or an output by its path."""
    return dict(every_text(model.model_dump(mode="json")))
