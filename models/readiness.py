"""What a health check of a service found."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadinessCheck:
    """One thing that calls need."""

    name: str
    """`database`, `migrations`, `model of <feature>` or `prices`."""
    ok: bool
    required: bool
    """Whether no call works without it. The rest limits what works: pictures without a model, costs without a price."""
    detail: str
    """What was found; where it is not ok, what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Readiness:
    """What works of a service."""

    ok: bool
    """Whether everything required works: what a health check answers."""
    checks: list[ReadinessCheck]
    """Each check, in order."""
