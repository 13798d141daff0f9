"""The bare OpenAI client: its own retries for transport, a loop around it for answers that don't fit."""

from openai import AsyncOpenAI, OpenAIError
from openai.types.responses import ResponseTextConfigParam
from pydantic import ValidationError

from evals.benchmarks.peers.calls import Finished, Outcome, Work, make_calls, run
from models.content import PostCopy

_ANSWERS = 3
_FORMAT: ResponseTextConfigParam = {
    "format": {"type": "json_schema", "name": "Post", "schema": PostCopy.model_json_schema(), "strict": True}
}


async def contend(work: Work) -> Finished:
    """Make the calls."""
    async with AsyncOpenAI(base_url=work.base_url, api_key="bench", timeout=work.timeout_s, max_retries=2) as client:

        async def ask(outcome: Outcome, prompt: str) -> None:
            try:
                for _ in range(_ANSWERS):
                    response = await client.responses.create(
                        model="gpt-5.2", instructions=work.instructions, input=prompt, text=_FORMAT, store=False
                    )
                    outcome.booked_tokens += response.usage.total_tokens if response.usage else 0
                    if response.status == "completed" and (post := _post(response.output_text)):
                        outcome.caption = post.caption
                        return
                outcome.error = "no valid answer"
            except OpenAIError as error:
                outcome.error = type(error).__name__

        return await make_calls(ask, work)


def _post(text: str) -> PostCopy | None:
    try:
        return PostCopy.model_validate_json(text)
    except ValidationError:
        return None


if __name__ == "__main__":
    run(contend)
