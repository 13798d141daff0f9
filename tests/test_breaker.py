"""A breaker opens after consecutive outages, lets one request through after a while, and closes when it succeeds."""

from dataclasses import replace

import pytest
from pydantic_ai import ModelResponse
from pydantic_ai.exceptions import ModelRequestTimeout
from pydantic_ai.models import Model
from pydantic_ai.models.test import TestModel

from agents.breaker import BreakerOpen, Breakers
from agents.chain import Chain, key_of
from agents.price_sources import Prices
from agents.sending import Attempts, Inspection
from deps.call import Deadline
from models.attempt import Attempt, AttemptStatus
from tests.clocks import StoppedClock
from tests.test_call import new_call
from tests.test_usage import ATTEMPT

KEY = "openai:gpt-5.2 at http://127.0.0.1"


def ended(status: AttemptStatus, http_status: int | None = None) -> Attempt:
    return replace(ATTEMPT, status=status, http_status=http_status)


def opened(clock: StoppedClock) -> Breakers:
    """Return breakers, one of which has just opened."""
    breakers = Breakers(failures=2, open_s=30, clock=clock.monotonic)
    for _ in range(2):
        breakers.enter(KEY)
        breakers.note(KEY, ended("server_error"))
    return breakers


def test_it_opens_after_consecutive_outages() -> None:
    breakers = opened(StoppedClock())

    assert breakers.is_open(KEY)
    with pytest.raises(BreakerOpen, match="failed 2 times in a row; it is tried again in 30 s"):
        breakers.enter(KEY)


def test_others_stay_closed() -> None:
    assert not opened(StoppedClock()).is_open("openai:gpt-5-mini")


@pytest.mark.parametrize("outage", ["timeout", "connection", "server_error", "quota"])
def test_these_count_as_outages(outage: AttemptStatus) -> None:
    breakers = Breakers(failures=1, open_s=30, clock=StoppedClock().monotonic)

    breakers.note(KEY, ended(outage))

    assert breakers.is_open(KEY)


@pytest.mark.parametrize(("http_status", "is_open"), [(401, True), (403, True), (400, False), (404, False)])
def test_a_refused_key_counts_and_a_refused_request_does_not(http_status: int, is_open: bool) -> None:
    breakers = Breakers(failures=1, open_s=30, clock=StoppedClock().monotonic)

    breakers.note(KEY, ended("rejected", http_status))

    assert breakers.is_open(KEY) is is_open


@pytest.mark.parametrize("answer", ["ok", "invalid_output", "empty", "truncated", "content_filter"])
def test_any_answer_resets_the_count(answer: AttemptStatus) -> None:
    breakers = Breakers(failures=2, open_s=30, clock=StoppedClock().monotonic)

    for status in ("server_error", answer, "server_error"):
        breakers.note(KEY, ended(status))

    assert not breakers.is_open(KEY)


@pytest.mark.parametrize("status", ["cancelled", "lost", "rate_limited", "sent"])
def test_these_are_no_evidence_about_the_provider(status: AttemptStatus) -> None:
    breakers = Breakers(failures=2, open_s=30, clock=StoppedClock().monotonic)

    for each in ("server_error", status, "server_error"):
        breakers.note(KEY, ended(each))

    assert breakers.is_open(KEY)


def test_after_a_while_one_request_goes_through_alone() -> None:
    clock = StoppedClock()
    breakers = opened(clock)

    clock.pass_s(30)
    assert not breakers.is_open(KEY)
    breakers.enter(KEY)

    with pytest.raises(BreakerOpen):
        breakers.enter(KEY)


def test_its_success_closes_the_breaker() -> None:
    clock = StoppedClock()
    breakers = opened(clock)
    clock.pass_s(30)
    breakers.enter(KEY)

    breakers.note(KEY, ended("ok"))

    assert not breakers.is_open(KEY)
    breakers.enter(KEY)


def test_its_failure_opens_the_breaker_again() -> None:
    clock = StoppedClock()
    breakers = opened(clock)
    clock.pass_s(30)
    breakers.enter(KEY)

    breakers.note(KEY, ended("timeout"))
    clock.pass_s(29)

    assert breakers.is_open(KEY)
    clock.pass_s(1)
    assert not breakers.is_open(KEY)


def test_a_cancelled_probe_lets_another_through() -> None:
    clock = StoppedClock()
    breakers = opened(clock)
    clock.pass_s(30)
    breakers.enter(KEY)

    breakers.note(KEY, ended("cancelled"))

    assert not breakers.is_open(KEY)


def test_a_request_without_time_for_an_answer_is_no_evidence_about_the_model() -> None:
    breakers = Breakers(failures=2, open_s=30, clock=StoppedClock().monotonic)

    breakers.note(KEY, ended("timeout"))
    breakers.note(KEY, ended("timeout"), had_time=False)
    assert not breakers.is_open(KEY)

    breakers.note(KEY, ended("server_error"), had_time=False)
    assert breakers.is_open(KEY)


@pytest.mark.parametrize(("waited_s", "is_open"), [(0, True), (4, True), (6, False), (9, False)])
async def test_a_timeout_counts_if_the_request_had_half_of_the_calls_time(waited_s: float, is_open: bool) -> None:
    clock = StoppedClock()
    call = replace(new_call(), deadline=Deadline.after(10, clock), max_attempts=1)
    breakers = Breakers(failures=1, open_s=30, clock=clock.monotonic)
    model = TestModel()
    attempts = Attempts(call, Chain((model,), breakers, Prices(None)), prompt_version="1")

    async def request(model: Model) -> ModelResponse:
        raise ModelRequestTimeout(model.model_name, 1)

    clock.pass_s(waited_s)  # for a place, or for the database
    with pytest.raises(ModelRequestTimeout):
        await attempts.send(request, request_bytes=1, inspect=lambda answer: Inspection(""))

    assert breakers.is_open(key_of(model)) is is_open
