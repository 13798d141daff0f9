"""What a generating call returns."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from models.attempt import Attempt
from models.base import Output
from models.usage import Usage, cost_of, usage_of
from models.vocabulary import Feature

OutputT = TypeVar("OutputT", bound=Output)


@dataclass(frozen=True, kw_only=True)
class AIResult(Generic[OutputT]):
    """A validated output, and what it took to get it."""

    output: OutputT
    """Validated: safe to save."""
    feature: Feature
    request_id: str
    """Key of its rows in `ai_logs` and of its trace."""
    content_id: str
    """Key of the saved draft."""
    model: str
    """`provider:model` that gave the answer."""
    sandbox: bool
    """Whether the sandbox wrote it: never publish that."""
    attempts: list[Attempt]
    """What was tried, repaired, asked again, in order."""
    notes: list[str]
    """What the caller should know, in plain words."""
    input_warnings: list[str]
    """What looked like an attack in the input."""
    replayed: bool = False
    """Whether it is the stored answer of an earlier call with the same idempotency key."""

    @property
    def usage(self) -> Usage:
        """Tokens by kind, of all attempts."""
        return usage_of(self.attempts)

    @property
    def rule_pack_version(self) -> str | None:
        """The publishing rules that it was checked by; None: it was made before they had a version."""
        return self.attempts[-1].rule_pack_version if self.attempts else None

    @property
    def cost_usd(self) -> Decimal | None:
        """Cost of all attempts in USD; None only where a price is unknown."""
        return cost_of(self.attempts)
