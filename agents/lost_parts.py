"""Parts of an answer that can't be had while the others can: which errors lose a part, and what is said of it."""

from typing import TypeAlias

from pydantic_ai.exceptions import AgentRunError

from agents.outcomes import RETRYABLE, DeadlineReached, reason_of, status_of
from agents.redact import redact
from deps.call import Call
from models.partial import MissingPart, PartLost

Lost: TypeAlias = AgentRunError | PartLost
LOST = (AgentRunError, PartLost)
"""What a part may fail of without the others: its provider, its answers, its time, its budget."""


def missing_part(part: str, error: Lost, call: Call) -> MissingPart:
    """Return what is said of a part that is lost; `call` is the one that it was asked in."""
    if isinstance(error, PartLost):
        return MissingPart(part=part, reason=error.reason, detail=redact(str(error)))
    return MissingPart(part=part, reason=_reason(error, call), detail=redact(reason_of(error)))


def _reason(error: AgentRunError, call: Call) -> str:
    """Return the word; a failure that would have been asked again, had there been time, counts as the deadline's."""
    status = status_of(error)
    if isinstance(error, DeadlineReached) or (status in RETRYABLE and not call.may_ask()):
        return "deadline"
    return status
