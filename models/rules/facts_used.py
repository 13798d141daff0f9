"""Corrects the brief fields that a reply cites: existing fields only, indexed as in the whole brief."""

from collections.abc import Iterable, Iterator
from datetime import date

from pydantic import JsonValue

from models.brief import Brief
from models.messaging import ReplyCopy

_OFFERS = ("business", "offers")
_STATING = {
    "business": {"name", "offers", "facts", "links", "reviews", "certifications", "required_phrases"},
    "campaign": {"name", "start_date", "launch_date", "key_dates", "call_to_action"},
}
"""Fields that can support an answer. A banned phrase or a closed day cannot."""
_MOST = 10


def with_facts(copy: ReplyCopy, used: Iterable[str]) -> ReplyCopy:
    """Return a reply that also cites `used`, the fields that support its sentences."""
    named = dict.fromkeys([*copy.facts_used, *used])
    return copy.model_copy(update={"facts_used": list(named)[:_MOST]})


def with_known_facts(copy: ReplyCopy, brief: Brief, *, shown_on: date) -> ReplyCopy:
    """Return a reply without cited fields that are missing or cannot support an answer.

    The model sees only the offers that are valid on `shown_on`. Its offer indices are mapped to the whole brief.
    """
    known = fields_of(brief)
    places = [place for place, offer in enumerate(brief.business.offers) if offer.holds_on(shown_on)]
    paths = [_in_whole_brief(path, places) for path in copy.facts_used]
    kept = [path for path in dict.fromkeys(paths) if path in known and _is_stating(path)]
    return copy.model_copy(update={"facts_used": kept})


def fields_of(brief: Brief) -> frozenset[str]:
    """Return the paths of the values in a brief: `business.facts.0`, `business.offers.1`, `business.offers.1.price`."""
    dumped = {name: part.model_dump(mode="json") for name, part in brief.parts.items()}
    return frozenset(path for name, value in dumped.items() for path in _paths(value, name) if "." in path)


def _is_stating(path: str) -> bool:
    part, name, *_ = path.split(".")
    return name in _STATING[part]


def _in_whole_brief(path: str, places: list[int]) -> str:
    part, _, rest = path.partition(".")
    name, _, number = rest.partition(".")
    index, _, field = number.partition(".")
    if (part, name) != _OFFERS or not index.isdigit() or int(index) >= len(places):
        return path
    return f"{part}.{name}.{places[int(index)]}" + (f".{field}" if field else "")


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
