"""A provider that lets five requests a second pass, on a loop on which time passes at once: all calls are answered."""

import asyncio
import random
from collections import Counter
from dataclasses import replace

import pytest
from pydantic_ai import ModelResponse
from pydantic_ai.exceptions import AgentRunError, ModelRateLimitError
from pydantic_ai.models import Model
from pydantic_ai.models.test import TestModel

from agents.chain import Chain
from agents.price_sources import Prices
from agents.sending import Attempts, Inspection
from deps.call import Call, Deadline
from tests.clocks import LoopClock, in_no_time
from tests.test_call import new_call
from tests.test_gates import new_gates

A_SECOND = 5
CALLS = 60


class Limiting:
    """A provider that counts the requests of each second."""

    def __init__(self, retry_after_s: float | None) -> None:
        self.retry_after_s = retry_after_s
        self.requests = Counter[int]()
        self.random = random.Random(1)

    async def answer(self, model: Model) -> ModelResponse:
        second = int(asyncio.get_running_loop().time())
        self.requests[second] += 1
        is_refused = self.requests[second] > A_SECOND
        await asyncio.sleep(0.02)
        if is_refused:
            raise ModelRateLimitError(model.model_name, "", retry_after=self.retry_after_s)
        await asyncio.sleep(self.random.uniform(0.05, 1.5))
        return ModelResponse([])


async def unanswered(provider: Limiting) -> list[AgentRunError]:
    """Let calls of five businesses come at once; return why some got no answer."""
    clock = LoopClock()
    chain = Chain((TestModel(),), new_gates(clock), Prices(None))

    async def ask(number: int) -> None:
        call: Call = replace(new_call(), business_id=f"{number % 5}", deadline=Deadline.after(45, clock))
        attempts = Attempts(call, chain, prompt_version="p")
        await attempts.send(provider.answer, request_bytes=1, inspect=lambda answer: Inspection(""))

    ended = await asyncio.gather(*map(ask, range(CALLS)), return_exceptions=True)
    assert all(error is None or isinstance(error, AgentRunError) for error in ended)
    return [error for error in ended if isinstance(error, AgentRunError)]


@pytest.mark.parametrize("retry_after_s", [1, None])
def test_under_a_rate_limit_every_call_is_answered_for_few_requests(retry_after_s: float | None) -> None:
    provider = Limiting(retry_after_s)

    assert in_no_time(unanswered(provider)) == []
    refused_after_the_first = provider.requests.total() - CALLS - (CALLS - A_SECOND)
    assert refused_after_the_first <= CALLS / 4
    assert max(provider.requests) < 30
