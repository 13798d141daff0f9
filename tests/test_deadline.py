"""A call ends at its deadline: time is reserved for settling, and none is spent on hopeless requests."""

from dataclasses import replace
from uuid import uuid4

import pytest
from pydantic_ai import ModelResponse
from pydantic_ai.exceptions import ModelRequestTimeout
from pydantic_ai.models import Model
from pydantic_ai.models.test import TestModel

from agents.chain import Chain
from agents.price_sources import Prices
from agents.sending import Attempts, Inspection
from ai_service import AIGenerationError, Feature
from ai_service.features.content import ContentRequest
from ai_service.running import new_call
from ai_service.settings import Settings
from deps.call import Call, Deadline
from tests import serving
from tests.clocks import SkippingClock, StoppedClock
from tests.provider.reactions import Hang
from tests.serving import Shop
from tests.test_call import NoLedger
from tests.test_gates import new_gates

server, stored, no_environment, shop = serving.server, serving.stored, serving.no_environment, serving.shop


def begun(deadline_s: float, request_timeout_s: float = 20) -> Call:
    """Return a call with these limits that begins now."""
    settings = Settings(model="sandbox", deadline_s=deadline_s, request_timeout_s=request_timeout_s)
    request = ContentRequest(business_id=str(uuid4()), campaign_id=str(uuid4()), day=1)
    return new_call(Feature.CONTENT, request, settings=settings, ledger=NoLedger(), clock=StoppedClock())


@pytest.mark.parametrize(("deadline_s", "kept_s"), [(45, 0.05), (2, 0.05), (0.3, 0.03)])
def test_the_end_of_a_calls_time_is_reserved_for_settling(deadline_s: float, kept_s: float) -> None:
    call = begun(deadline_s)

    assert call.settling_s == pytest.approx(kept_s)
    assert call.deadline.remaining_s() + call.settling_s == pytest.approx(deadline_s)


@pytest.mark.parametrize(
    ("deadline_s", "request_timeout_s", "least_s"), [(45, 20, 1), (120, 60, 3), (2, 20, 0.2), (45, 0.5, 0.025)]
)
def test_a_request_needs_a_minimum_share_of_its_timeout_or_of_the_deadline(
    deadline_s: float, request_timeout_s: float, least_s: float
) -> None:
    assert begun(deadline_s, request_timeout_s).least_request_s == pytest.approx(least_s)


@pytest.mark.parametrize(("left_s", "asked"), [(1.5, True), (1.0, False), (0.5, False)])
async def test_a_question_without_enough_time_is_not_asked_again(left_s: float, asked: bool) -> None:
    clock = StoppedClock()
    call = replace(begun(45), deadline=Deadline.after(20 + left_s, clock), backoff_s=0, least_request_s=1)
    chain = Chain((TestModel(),), new_gates(clock), Prices(None))
    attempts = Attempts(call, chain, prompt_version="p")

    async def request(model: Model) -> ModelResponse:
        clock.pass_s(20 if len(attempts.rows) == 1 else 45)
        raise ModelRequestTimeout(model.model_name, 20)

    with pytest.raises(ModelRequestTimeout):
        await attempts.send(request, request_bytes=1, inspect=lambda answer: Inspection(""))
    assert len(attempts.rows) == 1 + asked


async def test_a_question_without_time_for_a_retry_fails_with_the_deadline(shop: Shop) -> None:
    shop.server.script(Hang())

    clock = SkippingClock()
    shop.server.when_hanging = lambda: clock.pass_s(43)

    # the books take 0.05 s, so that the first request leaves 1.95 s: less than a twentieth of what a request may take
    async with shop.open(clock=clock, deadline_s=45, request_timeout_s=43, backoff_s=0) as ai:
        with pytest.raises(AIGenerationError) as caught:
            await shop.ask(ai)
        rows = await ai.attempts(caught.value.request_id)

    assert [row.status for row in rows] == ["timeout"]
    assert caught.value.reason == "deadline"
