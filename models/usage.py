"""Sums a call's tokens and costs over its attempts."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from models.attempt import Attempt


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """Tokens by kind, of all attempts, failed ones included."""

    requests: int = 0
    """HTTP requests."""
    input_tokens: int = 0
    """All input tokens, cached ones included."""
    cached_input_tokens: int = 0
    cache_write_tokens: int = 0
    output_tokens: int = 0
    """All output tokens, reasoning and image tokens included."""
    reasoning_tokens: int = 0
    image_tokens: int = 0


def usage_of(attempts: Iterable[Attempt]) -> Usage:
    """Return the sum of the attempts' tokens."""
    rows = list(attempts)
    return Usage(
        requests=len(rows),
        input_tokens=sum(row.input_tokens for row in rows),
        cached_input_tokens=sum(row.cached_input_tokens for row in rows),
        cache_write_tokens=sum(row.cache_write_tokens for row in rows),
        output_tokens=sum(row.output_tokens for row in rows),
        reasoning_tokens=sum(row.reasoning_tokens for row in rows),
        image_tokens=sum(row.image_tokens for row in rows),
    )


def cost_of(attempts: Iterable[Attempt]) -> Decimal | None:
    """Return the sum of the attempts' costs in USD; None if the price of one of them is unknown."""
    total = Decimal(0)
    for row in attempts:
        if row.cost_usd is None:
            return None
        total += row.cost_usd
    return total
