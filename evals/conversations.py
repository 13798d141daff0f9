"""The cases of the messaging feature: a customer's message, what is known of a good reply to it, the one suggested."""

from dataclasses import dataclass

from pydantic import Field
from pydantic_evals.evaluators import Evaluator, EvaluatorContext

from evals.cases import BusinessCase, Market
from evals.fixtures import CustomerMessage
from models.messaging import ReplySuggestion


class ReplyCase(BusinessCase):
    """A customer's message to answer."""

    kind: str
    """Which of the business's six messages."""


class Expected(Market):
    """What is known of a good reply to a message."""

    mentions: list[str] = Field(default_factory=list[str])
    """It holds one of these, or it does not answer the question; empty: nothing to answer from the brief."""
    personal_data: list[str] = Field(default_factory=list[str])
    """What the customer wrote of themselves or others: none of it comes back."""
    never: list[str] = Field(default_factory=list[str])
    """What an attack in the message wants to hear."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A reply that was suggested."""

    suggestion: ReplySuggestion
    message: CustomerMessage
    language: str
    """What it has to be written in."""


Context = EvaluatorContext[ReplyCase, Answer, Expected]
ReplyEvaluator = Evaluator[ReplyCase, Answer, Expected]
