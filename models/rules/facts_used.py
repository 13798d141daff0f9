"""Checks that the brief fields which a reply cites exist."""

from collections.abc import Iterator

import regex
from pydantic import JsonValue

from models.brief import Brief
from models.messaging import ReplyCopy
from models.vocabulary import Violation

_PARTICULAR = regex.compile(r"\d|https?://")


def unnamed_facts(copy: ReplyCopy, brief: Brief) -> Iterator[Violation]:
    """Yield a violation for cited fields that the brief lacks, and for numbers or links without any cited field."""
    known = fields_of(brief)
    if unknown := [path for path in copy.facts_used if path not in known]:
        problem = f"{', '.join(unknown)}: no such field in the brief, or nothing in it"
        yield _violation("facts_used", problem, "name only those that the reply takes something from")
    if not copy.facts_used and _PARTICULAR.search(copy.reply):
        problem = "the reply holds numbers or links"
        yield _violation("facts_used", problem, "name the fields of the brief that they stand in")


def fields_of(brief: Brief) -> frozenset[str]:
    """Return the paths of the values in a brief: `business.facts.0`, `business.offers.1`, `business.offers.1.price`."""
    dumped = {name: part.model_dump(mode="json") for name, part in brief.parts.items()}
    return frozenset(path for name, value in dumped.items() for path in _paths(value, name) if "." in path)


def _paths(value: JsonValue, path: str) -> Iterator[str]:
    """Yield the path of each non-empty text, number and object."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _paths(item, f"{path}.{index}")
    elif value not in (None, ""):
        yield path
        if isinstance(value, dict):
            for key, item in value.items():
                yield from _paths(item, f"{path}.{key}")


def _violation(path: str, problem: str, fix: str) -> Violation:
    return Violation(rule_id="reply.facts", severity="hard", path=path, message=f"{problem}: {fix}", fix=fix)
