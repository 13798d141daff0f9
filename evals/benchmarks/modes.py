"""How the provider behaves, which the first part of a request's path says."""

from enum import StrEnum


class Mode(StrEnum):
    """How the provider behaves."""

    GOOD = "good"
    """Good answers at once."""
    SLOW = "slow"
    """Good answers after up to 60 ms, by the call's number."""
    QUICK_MODEL = "quick-model"
    """Good answers after 0.5 to 1.5 s, by the call's number, as from a quick model."""
    THINKING = "thinking"
    """Good answers, billed with as many tokens as were thought: half of the token limit to all of it, by the call."""
    FAULTS = "faults"
    """What the fault plan says for the call."""
    HANG = "hang"
    """No answer."""
    DRIP = "drip"
    """A good answer, one byte a second."""
    RETRY_AFTER = "retry-after"
    """429 with Retry-After: 3600."""
