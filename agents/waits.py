"""Waits between requests that fail: each twice as long as the one before, jittered downwards only."""

import random
from collections.abc import Callable

_MOST_S = 2.0


def shortened(wait_s: float) -> float:
    """Return at least three quarters of a wait, so that not all who wait come at once."""
    return random.uniform(0.75 * wait_s, wait_s)


class Waits:
    """Waits that grow from `first_s` to 2 s, or stay at `first_s` where that is longer."""

    def __init__(self, first_s: float, *, jitter: Callable[[float], float] = shortened) -> None:
        self.first_s = first_s
        self._longest_s = max(first_s, _MOST_S)
        self._next_s = first_s
        self._jitter = jitter

    def next_s(self) -> float:
        """Return the seconds of the next wait."""
        wait_s, self._next_s = self._next_s, min(2 * self._next_s, self._longest_s)
        return self._jitter(wait_s)

    def begin_anew(self) -> None:
        """Let the next wait be the first again."""
        self._next_s = self.first_s
