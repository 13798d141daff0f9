"""One call of a host: who asked, what it may take, and what it has tried so far."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

from deps.protocols import Ledger
from models.attempt import Attempt
from models.vocabulary import Feature


def utc_now() -> datetime:
    """Return the present moment, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point on the monotonic clock that a whole call ends at."""

    ends_at: float
    """Seconds of `clock`."""
    clock: Callable[[], float] = time.monotonic

    @classmethod
    def after(cls, seconds: float, clock: Callable[[], float] = time.monotonic) -> "Deadline":
        """Return the deadline `seconds` from now."""
        return cls(clock() + seconds, clock)

    def remaining_s(self) -> float:
        """Return the seconds left, negative when it has passed."""
        return self.ends_at - self.clock()


@dataclass(kw_only=True)
class Call:
    """One call of a host. Its questions share the ids, the ledger and the deadline."""

    feature: Feature
    business_id: str
    ledger: Ledger
    deadline: Deadline
    max_attempts: int
    """HTTP requests per question."""
    request_timeout_s: float
    max_output_tokens: int
    """Token limit of one answer, before truncation raises it."""
    request_id: str = field(default_factory=lambda: str(uuid4()))
    content_id: str | None = None
    campaign_id: str | None = None
    user_id: str | None = None
    customer_id: str | None = None
    idempotency_key: str | None = None
    least_request_s: float = 0.0
    """A request with no more time than this left is not begun: it would be paid for in vain."""
    settling_s: float = 0.0
    """What is kept for closing the books, after the deadline: the call as a whole ends with it."""
    input_warnings: list[str] = field(default_factory=list[str])
    backoff_s: float = 0.5
    """Wait before the second attempt; doubled for each later one, with jitter."""
    now: Callable[[], datetime] = utc_now
    attempts: list[Attempt] = field(default_factory=list[Attempt])
    """All attempts of all questions, in the order they were sent."""
    questions: int = 0
    reserved: bool = False
    """Whether the worst case is reserved against a budget."""
    limit_s: float = field(init=False)
    """What the call had at its beginning, in seconds."""

    def __post_init__(self) -> None:
        self.limit_s = self.deadline.remaining_s()

    def next_question(self) -> int:
        """Return the number of a new question."""
        number = self.questions
        self.questions += 1
        return number

    def may_ask(self, *, after_s: float = 0.0) -> bool:
        """Return whether a request that is sent `after_s` seconds from now has enough time before the deadline."""
        return self.deadline.remaining_s() > after_s + self.least_request_s
