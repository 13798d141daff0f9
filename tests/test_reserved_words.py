"""The sandbox's reserved words, as an integrator uses them: in a customer's message, through the service."""

from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest

from agents.sandbox.reserved import RESERVED_WORDS
from ai_service import AIGenerationError, AIService, Brief, Settings
from models.attempt import AttemptStatus
from tests.clocks import SkippingClock

BRIEF = Brief.model_validate(
    {"business": {"name": "Levain", "industry": "bakery", "tone": "warm", "languages": ["en"]}}
)

FAILURES: dict[str, tuple[AttemptStatus, int]] = {
    "sandbox:timeout": ("timeout", 3),
    "sandbox:connection": ("connection", 3),
    "sandbox:server_error": ("server_error", 3),
    "sandbox:rate_limited": ("rate_limited", 3),
    "sandbox:rejected": ("rejected", 1),
    "sandbox:unauthorized": ("rejected", 1),
    "sandbox:quota": ("quota", 1),
    "sandbox:content_filter": ("content_filter", 1),
    "sandbox:refusal": ("content_filter", 1),
    "sandbox:empty": ("empty", 3),
    "sandbox:garbage": ("invalid_output", 3),
    "sandbox:truncated": ("truncated", 3),
    "sandbox:invalid_output": ("invalid_output", 3),
}
"""Status and number of the rows, by word."""
RETRIED = [word for word, (_, requests) in FAILURES.items() if requests > 1]


@pytest.fixture
async def ai(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AIService]:
    """Open the sandbox on a clock that passes a request's time limit when the sandbox hangs."""
    clock, sleep_forever = SkippingClock(), anyio.sleep_forever
    database_url = f"sqlite:///{tmp_path}/books.db"
    settings = Settings(model="sandbox", database_url=database_url, request_timeout_s=10)

    async def hang() -> None:
        clock.pass_s(settings.request_timeout_s)
        await sleep_forever()

    monkeypatch.setattr(anyio, "sleep_forever", hang)
    async with AIService(settings, clock=clock) as ai:
        yield ai


def test_every_reserved_word_is_run_here() -> None:
    assert {*FAILURES, "sandbox:malformed"} == set(RESERVED_WORDS)


@pytest.mark.parametrize("word", FAILURES)
async def test_a_word_fails_as_the_policy_says(ai: AIService, word: str) -> None:
    ids = await ai.add_brief(BRIEF)
    status, requests = FAILURES[word]

    with pytest.raises(AIGenerationError) as raised:
        await ai.suggest_reply(ids.business_id, f"Are you open on Sunday? {word}")

    assert raised.value.reason == status
    rows = await ai.attempts(raised.value.request_id)
    assert [(row.provider, row.status, row.cost_usd) for row in rows] == [("sandbox", status, 0)] * requests


@pytest.mark.parametrize("word", RETRIED)
async def test_a_word_that_fails_once_succeeds_on_the_retry(ai: AIService, word: str) -> None:
    ids = await ai.add_brief(BRIEF)

    result = await ai.suggest_reply(ids.business_id, f"Are you open on Sunday? {word}:once")

    assert [row.status for row in result.attempts] == [FAILURES[word][0], "ok"]


async def test_malformed_is_repaired_without_another_request(ai: AIService) -> None:
    ids = await ai.add_brief(BRIEF)

    result = await ai.suggest_reply(ids.business_id, "Are you open on Sunday? sandbox:malformed")

    [row] = result.attempts
    assert row.repairs == ["mended quotes or commas"]
