"""One call of a host: its request and limits, and the account of its attempts so far."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from deps.clock import CLOCK, Clock
from deps.protocols import Ledger
from models.attempt import Attempt
from models.vocabulary import Feature

_SAVING_SHARE, _MOST_SAVING_S = 0.25, 1.0
"""Time that parts of a call leave for saving what they gave: a share of the deadline, and at most so many seconds."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point on the monotonic clock that a whole call ends at."""

    ends_at: float
    """Seconds of `clock.monotonic`."""
    limit_s: float
    """Seconds that the call had at its beginning."""
    clock: Clock = CLOCK

    @classmethod
    def after(cls, seconds: float, clock: Clock = CLOCK) -> "Deadline":
        """Return the deadline `seconds` from now."""
        return cls(clock.monotonic() + seconds, seconds, clock)

    def remaining_s(self) -> float:
        """Return the seconds left, negative when it has passed."""
        return self.ends_at - self.clock.monotonic()


@dataclass(kw_only=True)
class Account:
    """What a call has tried so far."""

    attempts: list[Attempt] = field(default_factory=list[Attempt])
    """All attempts of all questions, in the order they were sent."""
    opening: list[Attempt] = field(default_factory=list[Attempt])
    """Those whose rows are being written."""
    questions: int = 0
    input_warnings: list[str] = field(default_factory=list[str])
    retry_after_s: float | None = None
    """After how many seconds the call may be made again, where all its models were out when it failed."""

    def next_question(self) -> int:
        """Return the number of a new question."""
        number = self.questions
        self.questions += 1
        return number


@dataclass(frozen=True, kw_only=True)
class Call:
    """What a host asked for, and what it may take. Its questions share the ids, the ledger and the deadline."""

    feature: Feature
    business_id: str
    ledger: Ledger
    deadline: Deadline
    max_attempts: int
    """HTTP requests per question."""
    request_timeout_s: float
    max_output_tokens: int
    """Token limit of one answer, before truncation raises it."""
    spend_at_most_usd: Decimal | None = None
    """The host's bound on what all attempts may cost; None: none."""
    request_id: str = field(default_factory=lambda: str(uuid4()))
    content_id: str | None = None
    campaign_id: str | None = None
    user_id: str | None = None
    customer_id: str | None = None
    idempotency_key: str | None = None
    least_request_s: float = 0.0
    """A request with less time left than this is not sent: it would cost money and not be answered in time."""
    settling_s: float = 0.0
    """Seconds between `deadline` and the end of the call, reserved for settling the ledger."""
    backoff_s: float = 0.5
    """Wait after the first failure; doubled for each later one, up to 2 s, jittered downwards."""
    account: Account = field(default_factory=Account, compare=False)

    @property
    def clock(self) -> Clock:
        """The clock that the whole call runs on."""
        return self.deadline.clock

    def now(self) -> datetime:
        """Return the present moment, aware."""
        return self.clock.now()

    def for_part(self) -> "Call":
        """Return the call as one of its parts may use it: with a deadline that leaves time to save the others."""
        saving_s = min(_SAVING_SHARE * self.deadline.limit_s, _MOST_SAVING_S)
        return replace(self, deadline=replace(self.deadline, ends_at=self.deadline.ends_at - saving_s))

    def may_ask(self, *, after_s: float = 0.0) -> bool:
        """Return whether a request that is sent `after_s` seconds from now has enough time before the deadline."""
        return self.deadline.remaining_s() > after_s + self.least_request_s
