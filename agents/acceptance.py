"""Turns a model's answer into a validated output: repairs come first, and the ledger row lists them."""

from dataclasses import dataclass
from json import dumps
from typing import Any

from pydantic import BaseModel, JsonValue
from pydantic_ai import ModelRetry, RunContext
from pydantic_ai.capabilities import AbstractCapability, WrapOutputValidateHandler
from pydantic_ai.output import OutputContext
from pydantic_core import from_json

from agents.asked_model import attempts_of
from agents.repair import Unclear, described, read


@dataclass
class Acceptance(AbstractCapability[Any]):
    """Accepts an answer whose meaning is certain, whatever its form."""

    # `Any`: it is the same whatever an agent depends on.

    async def wrap_output_validate(
        self,
        ctx: RunContext[Any],
        *,
        output_context: OutputContext,
        output: str | dict[str, Any],
        handler: WrapOutputValidateHandler,
    ) -> Any:
        """Return the output that an answer means.

        Raises ModelRetry where that isn't certain, and what the handler raises where it isn't valid.
        """
        schema = output_context.object_def.json_schema if output_context.object_def else {}
        row = attempts_of(ctx).rows[-1]
        noted = list(row.repairs)
        try:
            reading = read(output if isinstance(output, str) else dumps(output), schema)
        except Unclear as error:
            raise ModelRetry(
                f"(whole): the answer must be one whole JSON object and nothing else, but {error}; "
                f"its form is {described(schema)}"
            ) from error
        row.repairs = [*noted, *reading.changes]
        validated = await handler(reading.text)
        row.repairs = [*noted, *reading.changes, *_rewritten(from_json(reading.text), validated)]
        return validated


def _rewritten(sent: dict[str, JsonValue], output: object) -> list[str]:
    """Return a note of each field whose value validation put in another form."""
    kept = output.model_dump(mode="json") if isinstance(output, BaseModel) else {}
    return [f"{name} corrected" for name, value in kept.items() if not _is_same(sent.get(name), value)]


def _is_same(sent: JsonValue, kept: JsonValue) -> bool:
    """Whether two values differ by blanks around texts at most."""
    if isinstance(sent, list) and isinstance(kept, list):
        return len(sent) == len(kept) and all(map(_is_same, sent, kept))
    if isinstance(sent, dict) and isinstance(kept, dict):
        return sent.keys() == kept.keys() and all(_is_same(sent[key], kept[key]) for key in kept)
    return sent.strip() == kept if isinstance(sent, str) else sent == kept
