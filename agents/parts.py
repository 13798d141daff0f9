"""Asking again for a part: what breaks a rule is written anew, the rest of the answer stays.

All of it is one question, so an answer costs at most as many requests as when the whole is asked for again.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from pydantic import create_model
from pydantic_ai import Agent, ModelRetry, NativeOutput, RunContext
from pydantic_ai.exceptions import UnexpectedModelBehavior
from pydantic_ai.models import Model

from agents.ask import new_question, put
from agents.chain import Chain
from agents.outcomes import PartsBroken
from deps.bundle import AgentDeps
from deps.call import Call
from deps.tasks import PartsTask, Rewrite
from models.base import Output
from models.publishing import blocking
from models.vocabulary import Violation

TaskT = TypeVar("TaskT", bound=PartsTask)
OutputT = TypeVar("OutputT", bound=Output)

PART_RULES = """\
- Where `task.rewrite` names parts of an earlier answer, answer those parts alone: each again with its `reason` mended,
  to go with the parts in `task.kept`, which stay as they are.
"""


def require_parts(output: Output, found: Iterable[Violation], *, asked: Iterable[str] | None = None) -> None:
    """Refuse an answer that breaks a hard rule.

    Raises PartsBroken where some of the parts asked for can be kept, ModelRetry where none can. `asked` are the fields
    asked for; None: all.
    """
    broken = _by_part(blocking(found))
    if not broken:
        return
    if set(broken) >= set(asked or type(output).model_fields):
        raise ModelRetry("; ".join(broken.values()))
    raise PartsBroken(output.model_dump(), broken)


async def ask_in_parts(
    agent: Agent[AgentDeps[TaskT], OutputT],
    deps: AgentDeps[TaskT],
    *,
    output: type[OutputT],
    check: Callable[[OutputT, AgentDeps[TaskT]], list[Violation]],
    call: Call,
    chain: Chain[Model],
    instructions: str,
) -> OutputT:
    """Return the validated answer to one question, parts of it asked for again alone.

    `check` is what the agent's own validator passes to `require_parts`. Raises as `agents.ask.ask` does.
    """
    question = new_question(call, chain, instructions)
    try:
        return await put(agent, deps, question=question, chain=chain)
    except PartsBroken as error:
        broken = error
    while question.attempts_left > 0:
        asked = tuple(name for name in output.model_fields if name in broken.broken)
        part_agent = _part_agent(agent, output, asked, broken.values, check, instructions)
        try:
            parts = await put(part_agent, _rewriting(deps, broken), question=question, chain=chain)
        except PartsBroken as error:
            broken = error
        else:
            return output.model_validate({**broken.values, **parts.model_dump()})
    raise UnexpectedModelBehavior("all attempts are used up") from broken


def _part_agent(
    agent: Agent[AgentDeps[TaskT], OutputT],
    output: type[OutputT],
    asked: tuple[str, ...],
    values: Mapping[str, Any],
    check: Callable[[OutputT, AgentDeps[TaskT]], list[Violation]],
    instructions: str,
) -> Agent[AgentDeps[TaskT], Output]:
    """Return an agent for some parts of an output; `values` are those of the whole answer before."""
    narrower = Agent(
        name=f"{agent.name}_parts",
        deps_type=AgentDeps[TaskT],
        output_type=NativeOutput(_narrowed(output, asked)),
        instructions=instructions,
    )

    async def check_parts(ctx: RunContext[AgentDeps[TaskT]], parts: Output) -> Output:
        whole = output.model_validate({**values, **parts.model_dump()})
        require_parts(whole, check(whole, ctx.deps), asked=asked)
        return parts

    narrower.output_validator(check_parts)
    return narrower


@cache
def _narrowed(output: type[Output], asked: tuple[str, ...]) -> type[Output]:
    """Return a model of some fields of `output`."""
    # Any: a field's type, as Pydantic takes it
    fields: dict[str, Any] = {name: (output.model_fields[name].annotation, output.model_fields[name]) for name in asked}
    return create_model(f"{output.__name__}Parts", __base__=Output, **fields)


def _rewriting(deps: AgentDeps[TaskT], broken: PartsBroken) -> AgentDeps[TaskT]:
    """Return what an agent works from when parts are asked for again."""
    texts = {name: value if isinstance(value, str) else " ".join(value) for name, value in broken.values.items()}
    rewrite = [Rewrite(part=name, text=texts[name], reason=reason) for name, reason in broken.broken.items()]
    kept = {name: text for name, text in texts.items() if name not in broken.broken}
    return replace(deps, task=deps.task.model_copy(update={"rewrite": rewrite, "kept": kept}))


def _by_part(found: Iterable[Violation]) -> dict[str, str]:
    """Return the reasons against each part."""
    reasons: dict[str, list[str]] = {}
    for violation in found:
        reasons.setdefault(violation.path.partition(".")[0], []).append(f"{violation.path}: {violation.message}")
    return {part: "; ".join(messages) for part, messages in reasons.items()}
