"""Asks for a reply to a customer's message."""

from pydantic_ai.models import Model

from agents.ask import ask
from agents.chain import Chain
from agents.question import DATA_RULES, WISH_RULES, Question
from deps.bundle import AgentDeps
from deps.call import Call
from deps.messaging import ReplyTask
from models.answering import broken_rules, handed_over, is_in_customers_language, standing_on, suggested
from models.conversation import Conversation
from models.messaging import ReplyCopy, ReplySuggestion
from models.reply_language import with_language
from models.rules.facts_used import with_facts, with_known_facts
from models.vocabulary import Violation

INSTRUCTIONS = f"""\
You draft the reply of a small business to a customer's message in `task.customer_message`; `task.thread` came before.

{DATA_RULES}
{WISH_RULES}\
- Answer in the language the customer writes; in `task.language` only where that can't be told. `language` names it.
- Answer the actual question from `business.facts`, `business.offers` and `business.links`. What does not stand
  there you don't know: say that a person will look into it, and set `needs_human`.
- `facts_used` names each field that the reply takes something from, by its place: `business.facts.0` is the first fact,
  `business.offers.1` the second offer, `business.links.0` the first link.
- Set `needs_human` for refunds, legal, medical and safety matters, threats, minors, and for an upset customer; say why
  in `needs_human_reason`. Acknowledge an upset customer's feeling once, before anything else, and decide nothing:
  neither what the customer gets nor what not, no fault, no advice.
- Promise nothing: no refund, replacement, gift, discount, guarantee, date, time or exception.
- Never repeat card numbers, addresses, phone numbers, surnames, dates or other personal data from the message, neither
  in the reply nor in the reason.
- Stay with the business's own matters; decline anything else in one kind sentence. Three sentences are enough.
"""

_LANGUAGE = "reply.language"

REPLY_QUESTION = Question[ReplyTask, ReplyCopy](
    name="messaging",
    output=ReplyCopy,
    instructions=INSTRUCTIONS,
    rules=lambda copy, deps: _rules(copy, deps),
    amend=lambda copy, deps: _amended(copy, deps),
    # the detector of languages may be wrong, and a person can translate: the reply goes out with a flag
    let_go=frozenset({_LANGUAGE}),
)


async def write_reply(deps: AgentDeps[ReplyTask], *, call: Call, chain: Chain[Model]) -> ReplySuggestion:
    """Return a suggested reply. Raises as `agents.ask.ask` does."""
    copy = await ask(REPLY_QUESTION, deps, call=call, chain=chain)
    return suggested(
        copy,
        _conversation(deps.task),
        deps.brief,
        found=REPLY_QUESTION.broken(copy, deps),
        is_in_language=_is_in_language(copy, deps),
        now=call.now(),
    )


def _amended(copy: ReplyCopy, deps: AgentDeps[ReplyTask]) -> ReplyCopy:
    """Return a reply whose language and fields are named by code: none of it reaches the customer."""
    conversation = _conversation(deps.task)
    copy = with_language(copy, deps.brief)
    copy = handed_over(with_known_facts(copy, deps.brief, shown_on=deps.task.today), conversation)
    return with_facts(copy, standing_on(copy, conversation, deps.brief))


def _rules(copy: ReplyCopy, deps: AgentDeps[ReplyTask]) -> list[Violation]:
    """Return what a reply promises, decides or repeats that it must not: the customer's words ground nothing."""
    found = broken_rules(copy, _conversation(deps.task), deps.brief)
    if _is_in_language(copy, deps) is False:
        message = "it is not in the language of the customer's message: write it in that one, and name it"
        found.append(_violation(_LANGUAGE, "reply", message))
    return found


def _is_in_language(copy: ReplyCopy, deps: AgentDeps[ReplyTask]) -> bool | None:
    return is_in_customers_language(copy, _conversation(deps.task), deps.brief)


def _conversation(task: ReplyTask) -> Conversation:
    return Conversation(
        customer_message=task.customer_message,
        customer_before=tuple(turn.text for turn in task.thread if turn.author == "customer"),
        opens=all(turn.author == "customer" for turn in task.thread),
        channel=task.channel,
        last_customer_message_at=task.last_customer_message_at,
        today=task.today,
    )


def _violation(rule_id: str, path: str, message: str) -> Violation:
    return Violation(rule_id=rule_id, severity="hard", path=path, message=message)
