"""The findings of the checks in a reply with its customer's message, and in a message alone."""

from collections.abc import Iterator
from datetime import date

from pydantic import JsonValue

from evals.rules.samples import Sample
from models.answering import broken_rules, is_in_customers_language
from models.brief import Brief
from models.conversation import Conversation
from models.messaging import Handover, Intent, ReplyCopy
from models.rules.handover import reasons

_PROMISES = ("refund", "replacement", "free", "guarantee", "exception", "soon", "time", "decision")
LANGUAGE = "reply.language"
REPLIES = (*(f"promise.{kind}" for kind in _PROMISES), "reply.personal", "reply.contradicts", LANGUAGE)
FOR_A_PERSON = tuple(f"handover.{reason}" for reason in Handover)


def answered(sample: Sample, brief: Brief, *, without: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield the broken rules and their fields; a reason for handover counts as one, in the field `asked`."""
    conversation = _conversation(str(sample.fields["asked"]))
    yield from ((f"handover.{reason}", "asked") for reason in reasons(*conversation.by_customer, without=without))
    if sample.kind == "message":
        return
    copy = _copy(sample)
    for violation in broken_rules(copy, conversation, brief, without=without):
        yield violation.rule_id, violation.path
    is_right = is_in_customers_language(copy, conversation, brief)
    if is_right is False and LANGUAGE not in without:
        yield LANGUAGE, "reply"


def is_for_answer(rule: str, sample: Sample) -> bool:
    """Return whether a rule on replies, or a reason for handover, applies to a sample."""
    if rule == "promise.decision":
        # It applies to replies on matters that a person must decide.
        return sample.kind == "answer" and any(flag in FOR_A_PERSON for flag in sample.flags)
    return sample.kind == "answer" or (rule in FOR_A_PERSON and sample.kind == "message")


def _conversation(asked: str) -> Conversation:
    return Conversation(
        customer_message=asked,
        customer_before=(),
        opens=True,
        channel=None,
        last_customer_message_at=None,
        today=date(2026, 11, 28),
    )


def _copy(sample: Sample) -> ReplyCopy:
    fields: dict[str, JsonValue] = {
        "reply": sample.fields["reply"],
        "intent": Intent.QUESTION,
        "needs_human": False,
        "needs_human_reason": None,
        "language": sample.language,
        "facts_used": sample.fields["facts"],
    }
    return ReplyCopy.model_validate(fields)
