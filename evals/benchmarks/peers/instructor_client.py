"""Instructor on the OpenAI client: its retries for answers, the client's own for transport."""

# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false, reportMissingTypeStubs=false
# It is not in the environment that types are checked in: it holds openai back.

import logging

import instructor
from instructor.core import hooks
from openai import APIError, AsyncOpenAI
from openai.types.chat import ChatCompletion
from tenacity import AsyncRetrying, retry_if_not_exception_type, stop_after_attempt

from evals.benchmarks.peers.calls import Finished, Outcome, Work, make_calls, run
from models.content import PostCopy

_ATTEMPTS = 3


async def contend(work: Work) -> Finished:
    """Make the calls."""
    logging.disable()
    async with AsyncOpenAI(base_url=work.base_url, api_key="bench", timeout=work.timeout_s, max_retries=2) as client:
        asking = instructor.from_openai(client, mode=instructor.Mode.JSON_SCHEMA)

        async def ask(outcome: Outcome, prompt: str) -> None:
            def book(response: ChatCompletion) -> None:  # each answer, those asked again too
                outcome.booked_tokens += response.usage.total_tokens if response.usage else 0

            booking = hooks.Hooks()
            booking.on("completion:response", book)
            try:
                post = await asking.create(
                    model="gpt-5.2",
                    response_model=PostCopy,
                    messages=[{"role": "system", "content": work.instructions}, {"role": "user", "content": prompt}],
                    # what the client gave up is not tried again, and an answer cut off is
                    max_retries=AsyncRetrying(
                        stop=stop_after_attempt(_ATTEMPTS), retry=retry_if_not_exception_type(APIError)
                    ),
                    hooks=booking,
                )
                outcome.caption = post.caption
            except Exception as error:  # whatever it raises, the call failed
                outcome.error = type(error).__name__

        return await make_calls(ask, work)


if __name__ == "__main__":
    run(contend)
