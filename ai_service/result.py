"""`AIResult`: the return value of every generating function."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from models.attempt import Attempt
from models.base import Output
from models.partial import MissingPart, Partial
from models.usage import Usage, cost_of, usage_of
from models.vocabulary import Feature

OutputT = TypeVar("OutputT", bound=Output)


@dataclass(frozen=True, kw_only=True)
class AIResult(Generic[OutputT]):
    """A validated output, with its attempts and their cost."""

    output: OutputT
    """Validated: safe to save."""
    feature: Feature
    request_id: str
    """Id of the call, in its rows of `ai_logs` and in its trace."""
    content_id: str
    """Id of the saved draft."""
    model: str
    """The `provider:model` that answered."""
    sandbox: bool
    """Whether the sandbox wrote it. Never publish such an output."""
    attempts: list[Attempt]
    """All attempts, in order."""
    notes: list[str]
    """Notes for the caller, in plain words."""
    input_warnings: list[str]
    """The texts of the input that look like an attack, each with the reason."""
    replayed: bool = False
    """Whether this is the stored answer of an earlier call with the same idempotency key."""

    @property
    def failed(self) -> tuple[MissingPart, ...]:
        """The parts that were asked for and could not be had, with the reasons; empty where the output is whole."""
        return tuple(self.output.missing) if isinstance(self.output, Partial) else ()

    @property
    def usage(self) -> Usage:
        """Tokens of all attempts, by kind."""
        return usage_of(self.attempts)

    @property
    def rule_pack_version(self) -> str | None:
        """Version of the publishing rules it was checked against; None if it was made before they had one."""
        return self.attempts[-1].rule_pack_version if self.attempts else None

    @property
    def cost_usd(self) -> Decimal | None:
        """Cost of all attempts in USD; None if a price is unknown."""
        return cost_of(self.attempts)
