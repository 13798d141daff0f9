"""Finds the texts in a nested value."""

from collections.abc import Iterator

from pydantic import BaseModel, JsonValue


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
