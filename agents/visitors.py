"""Who comes to a gate, and what it gives: the turn to send one request."""

from __future__ import annotations  # the gate is imported for type checkers alone

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic_ai.exceptions import AgentRunError

from agents.evidence import Verdict

if TYPE_CHECKING:
    from agents.gate import Gate


class GateClosed(AgentRunError):
    """The model is out, and the call's deadline comes before its next probe; nothing was sent."""


@dataclass(eq=False, kw_only=True)
class Visitor:
    """A question that wants to send a request. Moments are seconds of the gates' clock."""

    business_id: str
    attempts_left: int
    last_chance_at: float
    """From then on waiting gains it nothing: a later request would have less than its own time."""
    ends_at: float
    """From then on no request of it is begun."""
    gates: list[Gate] = field(default_factory=lambda: [])
    """Where it waits; it passes the first that lets it."""
    granted: asyncio.Future[Turn] | None = None

    @property
    def waits(self) -> bool:
        """Whether it has neither got a turn nor gone away."""
        return self.granted is not None and not self.granted.done()

    def grant(self, turn: Turn) -> None:
        """Let it go on. Only one that `waits` is given a turn."""
        assert self.granted is not None
        self.granted.set_result(turn)

    def look_ahead(self) -> None:
        """Turn it away where its deadline comes before the next probe of each of its gates."""
        if self.granted is not None and not self.granted.done() and all(gate.is_too_late(self) for gate in self.gates):
            self.granted.set_exception(GateClosed("the model is out until after the deadline"))


@dataclass(eq=False, kw_only=True)
class Turn:
    """The right to send one request through a gate. Who has one ends it, whatever happens: `agents.gates` does."""

    gate: Gate
    visitor: Visitor
    closings: int
    """How often the gate had closed when it was given."""
    number: int = 0
    began_at: float = 0.0
    verdict: Verdict = "nothing"
    """What the request said of the model; nothing until then, and where none was sent."""
    hold_s: float | None = None
    """What the provider asked to wait, with the verdict `limited`."""

    @property
    def is_valid(self) -> bool:
        """Whether the gate has not closed since it was given."""
        return self.closings == self.gate.closings
