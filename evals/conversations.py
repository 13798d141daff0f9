"""The cases of the messaging feature: a customer's message, the expected reply, and the suggested one."""

from dataclasses import dataclass

from pydantic import Field
from pydantic_evals.evaluators import Evaluator, EvaluatorContext

from evals.cases import BusinessCase, Market
from evals.fixtures import CustomerMessage
from models.messaging import ReplySuggestion


class ReplyCase(BusinessCase):
    """A customer's message to answer."""

    kind: str
    """Kind of the message, one of the business's six."""


class Expected(Market):
    """The expectations of a reply to a message."""

    mentions: list[str] = Field(default_factory=list[str])
    """The reply must contain one of these to answer the question; empty if the brief has no answer."""
    personal_data: list[str] = Field(default_factory=list[str])
    """Personal data in the message, which the reply must not repeat."""
    never: list[str] = Field(default_factory=list[str])
    """What an attack in the message tries to elicit."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A suggested reply."""

    suggestion: ReplySuggestion
    message: CustomerMessage
    language: str
    """What it has to be written in."""


Context = EvaluatorContext[ReplyCase, Answer, Expected]
ReplyEvaluator = Evaluator[ReplyCase, Answer, Expected]
