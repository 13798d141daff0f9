"""The usage of an answer, where its numbers can be what they say."""

from collections.abc import Mapping
from typing import cast

from pydantic import JsonValue

_MOST_TOKENS = 1_000_000_000
"""More than any model takes, and a number that every database can hold."""


def usage_of_answer(usage: JsonValue, *, total_in: str, total_out: str) -> dict[str, JsonValue] | None:
    """Return a usage with both totals, a missing one as 0; None where the numbers can't be true, or there are none.

    `total_in` and `total_out` are the API's names. A part (cached, reasoning) is never larger than its whole.
    """
    if not isinstance(usage, dict):
        return None
    counts = {name: count for name, value in usage.items() if (count := _count(value)) is not None}
    if any(_is_number(usage.get(name)) and name not in counts for name in (total_in, total_out)):
        return None
    if total_in not in counts and total_out not in counts:
        return None
    whole_in, whole_out = counts.get(total_in, 0), counts.get(total_out, 0)
    details_in, details_out = _details(usage, total_in), _details(usage, total_out)
    if max(details_in.values(), default=0) > whole_in or max(details_out.values(), default=0) > whole_out:
        return None
    return {
        **_stated_costs(usage),
        **counts,
        total_in: whole_in,
        total_out: whole_out,
        "total_tokens": whole_in + whole_out,
        f"{total_in}_details": {"cached_tokens": 0, **details_in},
        f"{total_out}_details": {"reasoning_tokens": 0, **details_out},
    }


def _stated_costs(usage: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return what a router says that the answer cost, as it says it: the vendor's own model reads that."""
    named = {name: value for name, value in usage.items() if "cost" in name}
    flat: dict[str, JsonValue] = {name: value for name, value in named.items() if _is_amount(value)}
    for name, parts in named.items():
        if isinstance(parts, dict):
            flat[name] = {part: value for part, value in parts.items() if _is_amount(value)}
    return flat


def _is_amount(value: JsonValue) -> bool:
    return _is_number(value) and 0 <= cast(float, value) <= _MOST_TOKENS


def _details(usage: Mapping[str, JsonValue], total: str) -> dict[str, int]:
    details = usage.get(f"{total}_details")
    if not isinstance(details, dict):
        return {}
    # a part that can't be read is larger than its whole: the usage is not to be trusted
    return {
        name: _MOST_TOKENS + 1 if count is None else count
        for name, value in details.items()
        if _is_number(value)
        for count in (_count(value),)
    }


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _count(value: JsonValue) -> int | None:
    """Return a number of tokens; None for what can be none."""
    if isinstance(value, str):
        value = int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MOST_TOKENS:
        return None
    return int(value) if value == int(value) else None
