"""Requests a part of an answer again: the fields that break a rule are replaced, all others stay.

All of it is one question, so an answer costs at most as many requests as when the whole is asked for again.
"""

from dataclasses import replace
from functools import cache
from typing import Any

from pydantic import create_model

from agents.feedback import asked_again
from agents.outcomes import PartsBroken
from agents.question import OutputT, Question
from deps.bundle import AgentDeps, TaskT
from deps.tasks import PartsTask, Rewrite
from models.base import Output
from models.vocabulary import Violation

PART_RULES = """\
- Where `task.rewrite` names parts of an earlier answer, answer those parts alone: each again with its `reason` mended,
  to go with the parts in `task.kept`, which stay as they are.
"""


def part_of(question: Question[TaskT, OutputT], broken: PartsBroken) -> Question[TaskT, Output]:
    """Return the question for the broken fields of an answer. The rules are checked on the whole answer."""

    def rules(parts: Output, deps: AgentDeps[TaskT]) -> list[Violation]:
        return question.rules(whole(question, broken, parts), deps)

    asked = tuple(name for name in question.output.model_fields if name in broken.broken)
    return Question(
        name=f"{question.name}_parts",
        output=_narrowed(question.output, asked),
        instructions=question.instructions,
        rules=rules,
        in_parts=True,
        kept=broken.values,
    )


def whole(question: Question[TaskT, OutputT], broken: PartsBroken, parts: Output) -> OutputT:
    """Return an answer with the parts that were written anew."""
    return question.output.model_validate({**broken.values, **parts.model_dump()})


def rewriting(deps: AgentDeps[TaskT], broken: PartsBroken) -> AgentDeps[TaskT]:
    """Return what an agent works from when parts are asked for again."""
    if not isinstance(deps.task, PartsTask):
        raise TypeError(f"{type(deps.task).__name__} is no PartsTask: its answers can't be asked for in parts")
    texts = {name: value if isinstance(value, str) else " ".join(value) for name, value in broken.values.items()}
    earlier = {item.part: item.text for item in deps.task.rewrite}
    rewrite = [
        Rewrite(part=name, text="" if texts[name] == earlier.get(name) else texts[name], reason=asked_again(reason))
        for name, reason in broken.broken.items()
    ]
    kept = {name: text for name, text in texts.items() if name not in broken.broken}
    return replace(deps, task=deps.task.model_copy(update={"rewrite": rewrite, "kept": kept}))


@cache
def _narrowed(output: type[Output], asked: tuple[str, ...]) -> type[Output]:
    """Return a model of some fields of `output`."""
    # Any: a field's type, as Pydantic takes it
    fields: dict[str, Any] = {name: (output.model_fields[name].annotation, output.model_fields[name]) for name in asked}
    return create_model(f"{output.__name__}Parts", __base__=Output, **fields)
