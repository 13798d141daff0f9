"""Sends a question to a text model. Its attempts share one limit, also those that request only a part again."""

from pydantic_ai.exceptions import UnexpectedModelBehavior
from pydantic_ai.models import Model
from pydantic_ai.models.openai import OpenAIResponsesModelSettings

from agents.asked_model import AskedModel
from agents.chain import Chain
from agents.outcomes import PartsBroken
from agents.parts import part_of, rewriting, whole
from agents.question import OutputT, Question
from agents.sending import Attempts
from deps.bundle import AgentDeps, TaskT
from deps.call import Call

# One owner of retries: the SDK's own are off. Customers' words are not left with the provider.
_SETTINGS = OpenAIResponsesModelSettings(max_retries=0, openai_store=False)


async def ask(
    question: Question[TaskT, OutputT], deps: AgentDeps[TaskT], *, call: Call, chain: Chain[Model]
) -> OutputT:
    """Return the validated answer to one question.

    `chain` is the model and its fallbacks. Raises what the framework raises when the attempts or the deadline are
    used up, or when asking again can't help; every attempt is in the ledger by then.
    """
    attempts = Attempts(call, chain, prompt_version=question.prompt_version)
    try:
        return await put(question, deps, attempts)
    except PartsBroken as error:
        broken = error
    asked = rewriting(deps, broken)
    while attempts.left > 0:
        try:
            parts = await put(part_of(question, broken), asked, attempts)
        except PartsBroken as error:
            broken = error
            asked = rewriting(asked, broken)
        else:
            return whole(question, broken, parts)
    raise UnexpectedModelBehavior("all attempts are used up") from broken


async def put(question: Question[TaskT, OutputT], deps: AgentDeps[TaskT], attempts: Attempts[Model]) -> OutputT:
    """Return the validated answer, with the attempts that are left.

    Raises PartsBroken where some of it can be kept, else as `ask` does.
    """
    try:
        result = await question.agent.run(
            deps.prompt,
            deps=deps,
            model=AskedModel(attempts),
            model_settings=_SETTINGS,
            retries={"output": attempts.call.max_attempts - 1},
        )
    except BaseException as error:
        attempts.give_up(error)
        raise
    attempts.accept()
    return result.output
