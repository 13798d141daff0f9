"""A reply to a customer's message."""

from pydantic_ai import Agent, ModelRetry, NativeOutput, RunContext
from pydantic_ai.messages import ModelResponse
from pydantic_ai.models import Model

from agents.ask import DATA_RULES, ask, reasons
from agents.chain import Chain
from agents.providers import SANDBOX
from deps.bundle import AgentDeps
from deps.call import Call
from deps.messaging import ReplyTask
from models.answering import broken_rules, handed_over, is_in_customers_language, standing_on, suggested
from models.conversation import Conversation
from models.messaging import ReplyCopy, ReplySuggestion
from models.publishing import blocking
from models.rules.facts_used import with_facts, with_known_facts
from models.rules.leak import quoted

INSTRUCTIONS = f"""\
You draft the reply of a small business to a customer's message in `task.customer_message`; `task.thread` came before.

{DATA_RULES}
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

messaging_agent = Agent(
    name="messaging",
    deps_type=AgentDeps[ReplyTask],
    output_type=NativeOutput(ReplyCopy),
    instructions=INSTRUCTIONS,
)


@messaging_agent.output_validator
async def check_reply(ctx: RunContext[AgentDeps[ReplyTask]], copy: ReplyCopy) -> ReplyCopy:
    """Refuse a reply that promises, decides or repeats what it must not: the customer's words ground nothing.

    One in another language is asked for again while there are attempts; then it goes out with a flag, since the
    detector may be wrong, and a person can translate it. The sandbox writes no other language than it did. The fields
    it works from are put right by code: small models count on past the end.
    """
    deps = ctx.deps
    conversation = _conversation(deps.task)
    copy = handed_over(with_known_facts(copy, deps.brief, shown_on=deps.task.today), conversation)
    copy = with_facts(copy, standing_on(copy, conversation, deps.brief))
    found = [*broken_rules(copy, conversation, deps.brief), *quoted({"reply": copy.reply}, INSTRUCTIONS)]
    if blocked := blocking(found):
        raise ModelRetry(reasons(blocked))
    if copy.needs_human and not copy.needs_human_reason:
        raise ModelRetry("needs_human_reason: say why a person must decide")
    if not ctx.last_attempt and not _is_sandbox(ctx) and _is_in_language(copy, deps) is False:
        raise ModelRetry(
            "reply: it is not in the language of the customer's message: write it in that one, and name it"
        )
    return copy


async def write_reply(deps: AgentDeps[ReplyTask], *, call: Call, chain: Chain[Model]) -> ReplySuggestion:
    """Return a suggested reply. Raises as `agents.ask.ask` does."""
    copy = await ask(messaging_agent, deps, call=call, chain=chain, instructions=INSTRUCTIONS)
    conversation = _conversation(deps.task)
    return suggested(
        copy,
        conversation,
        deps.brief,
        found=broken_rules(copy, conversation, deps.brief),
        is_in_language=_is_in_language(copy, deps),
        now=call.now(),
    )


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


def _is_sandbox(ctx: RunContext[AgentDeps[ReplyTask]]) -> bool:
    answers = [message for message in ctx.messages if isinstance(message, ModelResponse)]
    return bool(answers) and answers[-1].provider_name == SANDBOX
