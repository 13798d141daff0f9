"""Bare PydanticAI: one agent with native output, output retries on, the client's own retries for transport."""

from openai import AsyncOpenAI
from pydantic_ai import Agent, NativeOutput, RunUsage
from pydantic_ai.exceptions import AgentRunError
from pydantic_ai.models.openai import OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider

from evals.benchmarks.peers.calls import Finished, Outcome, Work, make_calls, run
from models.content import PostCopy


async def contend(work: Work) -> Finished:
    """Make the calls."""
    async with AsyncOpenAI(base_url=work.base_url, api_key="bench", timeout=work.timeout_s, max_retries=2) as client:
        model = OpenAIResponsesModel("gpt-5.2", provider=OpenAIProvider(openai_client=client))
        agent = Agent(model, output_type=NativeOutput(PostCopy), instructions=work.instructions, retries={"output": 2})

        async def ask(outcome: Outcome, prompt: str) -> None:
            usage = RunUsage()
            try:
                outcome.caption = (await agent.run(prompt, usage=usage)).output.caption
            except AgentRunError as error:
                outcome.error = type(error).__name__
            outcome.booked_tokens = usage.total_tokens

        return await make_calls(ask, work)


if __name__ == "__main__":
    run(contend)
