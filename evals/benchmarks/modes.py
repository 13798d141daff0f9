"""The provider's modes; the first part of a request's path selects one."""

from enum import StrEnum


class Mode(StrEnum):
    """The provider's behaviour."""

    GOOD = "good"
    """Good answers at once."""
    SLOW = "slow"
    """Good answers after up to 60 ms, by the call's number."""
    QUICK_MODEL = "quick-model"
    """Good answers after 0.5 to 1.5 s, by the call's number, as from a fast model."""
    THINKING = "thinking"
    """Good answers, billed with reasoning tokens: between half of the token limit and all of it, by the call."""
    ROUTED = "routed"
    """As `THINKING`, and served under a name that no price list has."""
    FAULTS = "faults"
    """Answers according to the fault plan of the call."""
    HANG = "hang"
    """No answer."""
    DRIP = "drip"
    """A good answer, one byte a second."""
    RETRY_AFTER = "retry-after"
    """429 with Retry-After: 3600."""
