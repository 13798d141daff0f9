"""Reads the requested JSON from the text of an answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from agents.repair.fitting import fit
from agents.repair.shapes import shape_of
from agents.repair.surroundings import find
from agents.repair.unclear import Unclear

_LONGEST = 200_000
"""Characters: several times the longest answer that is asked for."""


@dataclass(frozen=True, slots=True)
class Reading:
    """JSON in the shape that was asked for, and what was changed to get there."""

    text: str
    changes: list[str]


def read(text: str, schema: Mapping[str, JsonValue]) -> Reading:
    """Return the object that `text` means, in the shape of `schema`, an object's.

    It may still break the schema: what it has of the wrong type stays as it is. Raises Unclear where the meaning isn't
    certain.
    """
    if len(text) > _LONGEST:
        raise Unclear("it is too long")
    try:
        found = find(text)
        changes = list(found.changes)
        value = fit(found.value, shape_of(schema), changes)
        if not isinstance(value, dict):
            raise Unclear("the answer must be one whole JSON object and nothing else")
        return Reading(json.dumps(value, ensure_ascii=False), list(dict.fromkeys(changes)))
    except RecursionError as error:
        raise Unclear("the answer is nested too deep") from error
