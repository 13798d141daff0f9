"""CPU per call, measured in a separate process: in each round every subject makes the same calls in turn.

Run it as a module with the provider's address, the number of rounds and the calls per round; `--spans` enables traces.
"""

import argparse
import asyncio
import gc
import json
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from openai import AsyncOpenAI
from pydantic_ai import Agent, NativeOutput
from pydantic_ai.models.openai import OpenAIResponsesModel, OpenAIResponsesModelSettings
from pydantic_ai.providers.openai import OpenAIProvider

from agents.ask import ask
from agents.chain import Chain
from agents.content import INSTRUCTIONS, write_post
from agents.gates import Gates
from agents.places import Places
from agents.price_sources import Prices
from agents.question import Question
from ai_service import AIService, Brief, Feature, instrument
from deps.bundle import AgentDeps
from deps.call import Call, Deadline
from deps.clock import CLOCK
from deps.content import PostTask
from evals.benchmarks.caller import BUSINESS, BUSINESS_ID, CAMPAIGN, deps_of, settings
from models.content import PostCopy
from storage.engine import create_engine
from storage.ledger import SqlLedger
from storage.migrate import migrate

AT_ONCE = 10

BARE = "bare Agent.run"
"""The framework alone, with the schema, instructions and prompt of a post."""
LEDGER = "the same agent with policy and ledger"
"""The same agent under the attempt policy, with its prompt built from the brief; its rows are durable on return."""
WRITE_POST = "write_post with ledger"
"""The content agent, which also checks the publishing rules."""
SERVICE = "AIService.generate_content"
"""A host's whole call, which also reads the brief and the calendar from the database and saves the post."""

Subject = Callable[[], Awaitable[object]]
"""Makes one call."""


async def rounds(base_url: str, *, count: int, calls: int) -> dict[str, list[float]]:
    """Return the milliseconds of CPU per call of each round, by subject."""
    with TemporaryDirectory() as folder:
        async with _subjects(base_url, f"sqlite:///{Path(folder, 'bench.db')}") as subjects:
            for subject in subjects.values():
                await _cpu_ms(subject, calls)  # one-time loading and compiling is not measured
            gc.freeze()  # else a full collection would hit an arbitrary subject
            measured: dict[str, list[float]] = {name: [] for name in subjects}
            order = list(subjects)
            for _ in range(count):
                for name in order:
                    measured[name].append(await _cpu_ms(subjects[name], calls))
                order.append(order.pop(0))  # each subject comes first equally often
            return measured


async def _cpu_ms(subject: Subject, calls: int) -> float:
    async def one_after_the_other() -> None:
        for _ in range(calls // AT_ONCE):
            await subject()

    gc.collect()
    began = time.process_time()
    await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE)))
    return (time.process_time() - began) * 1000 / calls


@asynccontextmanager
async def _subjects(base_url: str, database_url: str) -> AsyncGenerator[dict[str, Subject]]:
    engine = create_engine(database_url)
    await migrate(engine)
    async with (
        AsyncOpenAI(base_url=base_url, api_key="bench", max_retries=0) as client,
        SqlLedger(engine) as ledger,
        AIService(settings(base_url, database_url)) as ai,
    ):
        model = OpenAIResponsesModel("gpt-5.2", provider=OpenAIProvider(openai_client=client))
        gates = Gates(places=Places(AT_ONCE, most_waiting=0), first_wait_s=0.5, clock=CLOCK)
        chain = Chain((model,), gates, Prices(None))
        agent = Agent(
            name="plain", deps_type=AgentDeps[PostTask], output_type=NativeOutput(PostCopy), instructions=INSTRUCTIONS
        )
        question = Question[PostTask, PostCopy](
            name="plain", output=PostCopy, instructions=INSTRUCTIONS, rules=lambda copy, deps: []
        )
        alike = OpenAIResponsesModelSettings(max_retries=0, openai_store=False)
        deps = deps_of(None)
        prompt = deps.prompt
        ids = await ai.add_brief(Brief(business=BUSINESS, campaign=CAMPAIGN))
        await ai.generate_strategy(ids.business_id, ids.campaign_id)

        async def ask_bare() -> object:
            return await agent.run(prompt, deps=deps, model=model, model_settings=alike)

        async def ask_with_ledger() -> object:
            post = await ask(question, deps, call=_call(ledger), chain=chain)
            await ledger.flush()
            return post

        async def ask_for_post() -> object:
            post = await write_post(deps, call=_call(ledger), chain=chain)
            await ledger.flush()
            return post

        async def ask_service() -> object:
            return await ai.generate_content(ids.business_id, ids.campaign_id, 1)

        yield {BARE: ask_bare, LEDGER: ask_with_ledger, WRITE_POST: ask_for_post, SERVICE: ask_service}
    await engine.dispose()


def _call(ledger: SqlLedger) -> Call:
    """Return a call with the default limits."""
    return Call(
        feature=Feature.CONTENT,
        business_id=BUSINESS_ID,
        ledger=ledger,
        deadline=Deadline.after(45),
        max_attempts=3,
        request_timeout_s=20,
        max_output_tokens=4_000,
    )


def main() -> None:
    """Measure and write the rounds to standard output, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base_url")
    parser.add_argument("rounds", type=int)
    parser.add_argument("calls", type=int)
    parser.add_argument("--spans", action="store_true")
    arguments = parser.parse_args()
    if arguments.spans:
        instrument()
    sys.stdout.write(json.dumps(asyncio.run(rounds(arguments.base_url, count=arguments.rounds, calls=arguments.calls))))


if __name__ == "__main__":
    main()
