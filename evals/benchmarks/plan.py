"""The fault plan: which call gets which faults, by the call's number alone, so that it is the same for all."""

from enum import StrEnum
from functools import cache
from random import Random

MARK = "bench-call-"
"""Precedes the call's number in the user message, where the provider finds it."""


class Fault(StrEnum):
    """One way in which a request can fail."""

    RATE_LIMITED = "429 with Retry-After 1 s"
    SERVER_ERROR = "500"
    UNAVAILABLE = "503"
    HANG = "hang"
    TRUNCATED = "cut off by the token limit"
    FENCED = "fenced with prose"
    LOOSE = "single quotes and trailing commas"
    WRONG = "a value out of its set and a missing field"
    EMPTY = "empty"
    RESET = "connection reset"
    UNAUTHORIZED = "401"


PER_HUNDRED: tuple[tuple[int, tuple[Fault, ...]], ...] = (
    (8, (Fault.RATE_LIMITED,)),
    (6, (Fault.SERVER_ERROR,)),
    (4, (Fault.UNAVAILABLE, Fault.UNAVAILABLE)),
    (4, (Fault.HANG,)),
    (8, (Fault.TRUNCATED,)),
    (6, (Fault.FENCED,)),
    (4, (Fault.LOOSE,)),
    (8, (Fault.WRONG,)),
    (4, (Fault.WRONG, Fault.WRONG)),
    (2, (Fault.EMPTY,)),
    (2, (Fault.RESET,)),
    (2, (Fault.UNAUTHORIZED,)),
)
"""Number of calls in a hundred by their faults, one fault per request; all other answers are good.

A post has no enum field: a hashtag without `#`, which violates its pattern, stands for a value outside an enum.
"""

READABLE = {Fault.FENCED, Fault.LOOSE}
"""Faulty answers with a certain meaning, which need no second request."""


class Order(StrEnum):
    """How the faults follow each other."""

    SHUFFLED = "shuffled"
    """So that faults do not come in blocks."""
    BURSTS = "bursts"
    """In blocks, the blocks in an order drawn from the seed."""
    LISTED = "listed"
    """In blocks, as they are listed."""


_GOOD_BLOCK = 8
"""Good calls between bursts."""


@cache
def _hundred(number: int, order: Order) -> tuple[tuple[Fault, ...], ...]:
    """Return the faults of one hundred calls; their number is the seed."""
    blocks = [[faults] * count for count, faults in PER_HUNDRED]
    good = 100 - sum(map(len, blocks))
    blocks += [[()] * min(_GOOD_BLOCK, good - begun) for begun in range(0, good, _GOOD_BLOCK)]
    if order is Order.BURSTS:
        Random(number).shuffle(blocks)
    calls = [faults for block in blocks for faults in block]
    if order is Order.SHUFFLED:
        Random(number).shuffle(calls)
    return tuple(calls)


def faults_of(call: int, order: Order = Order.SHUFFLED) -> tuple[Fault, ...]:
    """Return the faults of the first requests of a call, in order."""
    return _hundred(call // 100, order)[call % 100]


def winnable(call: int, order: Order = Order.SHUFFLED) -> bool:
    """Return whether three attempts can succeed."""
    return Fault.UNAUTHORIZED not in faults_of(call, order)


def fewest_requests(calls: int, order: Order = Order.SHUFFLED) -> int:
    """Return the minimum number of requests to win all winnable calls: one more for each fault that needs one."""
    return calls + sum(
        fault not in {*READABLE, Fault.UNAUTHORIZED} for call in range(calls) for fault in faults_of(call, order)
    )
