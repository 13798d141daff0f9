"""A breaker per provider, endpoint and model: what is down is not waited for by every call anew."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from pydantic_ai.exceptions import AgentRunError

from models.attempt import Attempt

_OUTAGES = {"timeout", "connection", "server_error", "quota"}
_NO_VERDICT = {"sent", "cancelled", "lost", "rate_limited"}
_KEY_REFUSED = (401, 403)


class BreakerOpen(AgentRunError):
    """The model failed several times in a row a moment ago; nothing was sent."""


@dataclass(slots=True)
class _State:
    failures: int = 0
    closed_at: float = 0.0
    """When an open breaker lets a request through again, by the clock."""
    probing: bool = False


class Breakers:
    """The breakers of one service; each opens after `failures` outages in a row, for `open_s` seconds.

    After that one request goes through: its success closes the breaker, its failure opens it again. An answer that is
    merely invalid counts as a success: the provider is there, and one bad answer stops nobody.
    """

    def __init__(self, *, failures: int, open_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = failures
        self._open_s = open_s
        self._clock = clock
        self._states: dict[Hashable, _State] = {}

    def is_open(self, key: Hashable) -> bool:
        """Return whether a request would be refused now."""
        state = self._states.get(key)
        if state is None or state.failures < self._limit:
            return False
        return state.probing or self._clock() < state.closed_at

    def enter(self, key: Hashable) -> None:
        """Let a request through. Raises BreakerOpen."""
        if self.is_open(key):
            raise BreakerOpen(f"{key} failed {self._limit} times in a row; it is tried again in {self._open_s:g} s")
        state = self._states.get(key)
        if state is not None and state.failures >= self._limit:
            state.probing = True

    def note(self, key: Hashable, attempt: Attempt, *, had_time: bool = True) -> None:
        """Take in how a request ended; one that had no time to be answered says nothing of the model."""
        state = self._states.setdefault(key, _State())
        state.probing = False
        if attempt.status in _NO_VERDICT or (attempt.status == "timeout" and not had_time):
            return
        if attempt.status not in _OUTAGES and attempt.http_status not in _KEY_REFUSED:
            state.failures = 0
            return
        state.failures += 1
        if state.failures >= self._limit:
            state.closed_at = self._clock() + self._open_s
