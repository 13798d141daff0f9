"""What is taken for an answer although it is not the JSON that was asked for."""

from dataclasses import dataclass
from json import dumps
from typing import Any

from pydantic import ValidationError
from pydantic_ai import ModelRetry, RunContext
from pydantic_ai.capabilities import AbstractCapability, WrapOutputValidateHandler
from pydantic_ai.output import OutputContext

from agents.asked_model import attempts_of
from agents.repair import repair


@dataclass
class Acceptance(AbstractCapability[Any]):
    """Accepts what is certain: malformed JSON of one meaning is repaired, and the row says how."""

    # `Any`: it is the same whatever an agent depends on.

    async def wrap_output_validate(
        self,
        ctx: RunContext[Any],
        *,
        output_context: OutputContext,
        output: str | dict[str, Any],
        handler: WrapOutputValidateHandler,
    ) -> Any:
        """Validate an answer, repaired where it has to be."""
        text = (output if isinstance(output, str) else dumps(output)).strip()
        if not text.startswith("{"):
            # the handler would take the first of several fenced objects, without a word
            text = _repaired(text, ctx)
        try:
            return await handler(text)
        except ValidationError as error:
            if not _is_malformed(error):
                raise
            return await handler(_repaired(text, ctx))


def _repaired(text: str, ctx: RunContext[Any]) -> str:
    """Return the one object in `text`. Raises ModelRetry where that isn't certain."""
    repaired = repair(text)
    if repaired is None:
        raise ModelRetry("(whole): the answer must be one whole JSON object and nothing else")
    attempts_of(ctx).rows[-1].repairs = repaired.changes
    return repaired.text


def _is_malformed(error: ValidationError) -> bool:
    return any(item["type"] == "json_invalid" for item in error.errors(include_url=False, include_input=False))
