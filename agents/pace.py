"""How far apart requests are sent after a rate limit: as far as what was let through before it says. Pure."""

from collections import deque

_MOST_S = 2.0
_LEAST_S = 0.005
_EASING = 0.97
_REMEMBERED = 1_000


class Pace:
    """The pace of the requests to one model. Times are seconds of one monotonic clock."""

    def __init__(self) -> None:
        self.spacing_s = 0.0
        """Seconds between two requests; 0: as they come."""
        self.next_at = 0.0
        """No request is sent before."""
        self._answered: deque[float] = deque(maxlen=_REMEMBERED)
        """When the requests began that were answered."""
        self._limited: tuple[float, float] | None = None

    def begin(self, now: float) -> None:
        """Take in that a request is sent."""
        self.next_at = now + self.spacing_s

    def note_answer(self, began_at: float) -> None:
        """Take in that a request was answered: the pace quickens a little."""
        self._answered.append(began_at)
        self.spacing_s = self.spacing_s * _EASING if self.spacing_s > _LEAST_S else 0.0

    def limit(self, now: float, hold_s: float) -> None:
        """Take in that the provider limits the rate, and holds for so many seconds."""
        if self._limited is None:
            self._limited = (now - hold_s, hold_s)

    def resume(self) -> None:
        """Set the pace after a hold: what began in as much time before it, and was answered, is the rate that holds."""
        if self._limited is None:
            return
        (since, hold_s), self._limited = self._limited, None
        answered = sum(since <= began_at <= since + hold_s for began_at in self._answered)
        self.spacing_s = min(hold_s / answered, _MOST_S) if answered else 0.0
