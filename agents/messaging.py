"""A reply to a customer's message."""

from pydantic_ai import Agent, ModelRetry, NativeOutput, RunContext
from pydantic_ai.models import Model

from agents.ask import DATA_RULES, ask, require_publishable
from agents.chain import Chain
from deps.bundle import AgentDeps
from deps.call import Call
from deps.tasks import ReplyTask
from models.messaging import ReplySuggestion

INSTRUCTIONS = f"""\
You draft the reply of a small business to a customer's message in `task.customer_message`; `task.thread` came before.

{DATA_RULES}
- Answer in the language the customer writes; in `task.language` only where that can't be told.
- Answer the actual question from `business.facts`, `business.offers` and `business.links`. What does not stand
  there you don't know: say that a person will look into it, and set `needs_human`.
- Set `needs_human` for refunds, legal, medical and safety matters, threats, minors, and for an upset customer; say why
  in `needs_human_reason`. Acknowledge an upset customer's feeling once, before anything else.
- Promise nothing: no refund, discount, date or exception.
- Never repeat card numbers, addresses, phone numbers or other personal data from the message.
- Stay with the business's own matters; decline anything else in one kind sentence. Three sentences are enough.
"""

messaging_agent = Agent(
    name="messaging",
    deps_type=AgentDeps[ReplyTask],
    output_type=NativeOutput(ReplySuggestion),
    instructions=INSTRUCTIONS,
)


@messaging_agent.output_validator
def check_reply(ctx: RunContext[AgentDeps[ReplyTask]], suggestion: ReplySuggestion) -> ReplySuggestion:
    """Refuse a reply that promises or repeats what it must not: the customer's words ground nothing."""
    require_publishable(suggestion, ctx.deps)
    if suggestion.needs_human and not suggestion.needs_human_reason:
        raise ModelRetry("needs_human_reason: say why a person must decide")
    return suggestion


async def write_reply(deps: AgentDeps[ReplyTask], *, call: Call, chain: Chain[Model]) -> ReplySuggestion:
    """Return a suggested reply."""
    return await ask(messaging_agent, deps, call=call, chain=chain, instructions=INSTRUCTIONS)
