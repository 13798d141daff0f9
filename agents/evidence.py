"""What the last requests say of one model: whether it is out. Pure, without a clock."""

from collections import deque
from typing import Literal

from pydantic_ai.exceptions import AgentRunError

from agents.outcomes import OUTAGES, http_status_of, retry_after_s, status_of

Verdict = Literal["up", "down", "limited", "nothing"]
"""What one request says of its model; `limited`: it asks to wait, by a 429 or by `Retry-After` on a server error."""

_LAST = 10
_LEAST_FAILURES = 3
_OF_ONE_REQUEST = {"rejected", "quota", "cancelled"}


class Evidence:
    """The last ten requests to one model, since the last time that it came back."""

    def __init__(self) -> None:
        self._last: deque[Verdict] = deque(maxlen=_LAST)
        self._begun = 0
        self._since = 0
        """Requests that were begun up to this one were begun before the model came back."""
        self._failed_after: int | None = None
        """How many were begun when one failed; None: the last one that said anything was answered."""

    def begin(self) -> int:
        """Return the number of a request that begins now."""
        self._begun += 1
        return self._begun

    def is_old(self, number: int) -> bool:
        """Return whether a request was begun before the model came back: its failure is a thing of the past."""
        return number <= self._since

    def note_success(self) -> None:
        """Take in that a request was answered."""
        self._last.append("up")
        self._failed_after = None

    def note_failure(self, number: int) -> bool:
        """Take in that a request failed. Return whether the model is out.

        It is where failures outnumber successes and are three at least, or where a request that was begun after a
        failure fails too, with no success between.
        """
        if self.is_old(number):
            return False
        self._last.append("down")
        if self._failed_after is None:
            self._failed_after = self._begun
        failures = self._last.count("down")
        outnumbered = failures >= _LEAST_FAILURES and failures > len(self._last) - failures
        return outnumbered or number > self._failed_after

    def begin_anew(self) -> None:
        """Forget the outage: the model is back."""
        self._last.clear()
        self._failed_after = None
        self._since = self._begun


def verdict_of(error: BaseException, *, had_time: bool) -> Verdict:
    """Return what a failed request says of its model.

    Without `had_time` the request had less time than its own limit, so that its timeout says nothing. Whatever the
    model answered shows that it is there, however useless; what is refused about the one request, or the account,
    shows nothing.
    """
    status = status_of(error)
    if status == "rate_limited" or (status == "server_error" and retry_after_s(error) is not None):
        return "limited"
    if status in _OF_ONE_REQUEST or not isinstance(error, AgentRunError):
        return "nothing"
    if status in OUTAGES:
        return "down" if had_time or status != "timeout" else "nothing"
    return "nothing" if (http_status_of(error) or 0) >= 400 else "up"
