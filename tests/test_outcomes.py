"""The ledger rows of a call: rows before requests, ids, prices, bounds, deadlines, fallbacks."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import httpx2
import pytest
from openai import APITimeoutError
from pydantic_ai.exceptions import ModelAPIError, ModelHTTPError, UnexpectedModelBehavior
from pydantic_ai.images.test import TestImageGenerationModel
from pydantic_ai.models.test import TestModel

from agents.chain import Chain
from agents.content import write_post
from agents.image import draw_image
from agents.outcomes import describe, http_status_of, is_unbilled, status_of
from agents.price_sources import Prices
from agents.redact import redact
from ai_service import AIGenerationError, AIService, Brief, ConfigurationError, Feature
from deps.bundle import AgentDeps
from deps.call import Deadline
from deps.content import PostTask
from deps.image import ImageTask
from deps.tasks import DayTask
from models.usage import cost_of, usage_of
from models.vocabulary import ContentType
from tests import serving
from tests.clocks import SkippingClock, StoppedClock
from tests.provider.reactions import Answer, Hang, HttpError, Reaction, Sampled, Tokens
from tests.provider.received import Api, ReceivedRequest
from tests.serving import BRIEF, MODELS, PATIENCE_S, POST, TEXT_APIS, Shop
from tests.test_call import new_call
from tests.test_gates import new_gates

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop, ai = serving.shop, serving.ai

FEATURES = list(Feature)


def _statuses(database: Path) -> list[str]:
    """Read the newest call's rows through another connection, as another process would."""
    with closing(sqlite3.connect(database)) as connection:
        newest = "SELECT request_id FROM ai_logs ORDER BY id DESC LIMIT 1"
        rows = connection.execute(f"SELECT status FROM ai_logs WHERE request_id = ({newest}) ORDER BY id")
        return [status for (status,) in rows]


@pytest.mark.parametrize("feature", FEATURES)
async def test_a_row_is_in_the_database_before_its_request_arrives(shop: Shop, ai: AIService, feature: Feature) -> None:
    seen: list[str] = []

    def look(request: ReceivedRequest) -> Reaction:
        seen.append(_statuses(shop.database)[-1])
        return serving.planned(request) if feature is Feature.STRATEGY else Sampled()

    shop.server.script(look)
    result = await shop.ask(ai, feature)

    assert seen == ["sent"] * len(result.attempts)
    assert set(_statuses(shop.database)) == {"ok"}


async def test_a_failed_attempt_is_settled_and_the_next_one_recorded_before_it_is_sent(
    shop: Shop, ai: AIService
) -> None:
    seen: list[list[str]] = []

    def look(request: ReceivedRequest) -> Reaction:
        seen.append(_statuses(shop.database)[-(request.number + 1) :])
        return HttpError(500) if request.number < 2 else Sampled()

    shop.server.script(look)
    await shop.ask(ai)

    assert seen == [["sent"], ["server_error", "sent"], ["server_error", "server_error", "sent"]]


@pytest.mark.parametrize("feature", FEATURES)
async def test_every_row_carries_all_ids(shop: Shop, ai: AIService, feature: Feature) -> None:
    shop.server.script(serving.planned if feature is Feature.STRATEGY else Sampled())

    result = await shop.ask(ai, feature)

    rows = await ai.attempts(result.request_id)
    keys = {(row.business_id, row.campaign_id, row.content_id, row.user_id) for row in rows}
    assert keys == {(shop.business_id, shop.campaign_id, result.content_id, "u_42")}
    assert [row.request_id for row in rows] == [result.request_id] * len(rows)
    assert {(row.provider, row.feature) for row in rows} == {("openai", feature)}
    assert all(row.prompt_version and row.price_version for row in rows)


async def test_the_rows_of_a_failed_call_carry_all_ids_too(shop: Shop, ai: AIService) -> None:
    shop.server.script(HttpError(401))

    with pytest.raises(AIGenerationError) as caught:
        await shop.ask(ai)

    (row,) = await ai.attempts(caught.value.request_id)
    assert None not in (row.business_id, row.campaign_id, row.content_id, row.user_id)


async def test_the_customer_id_of_a_reply_is_recorded_and_never_sent(shop: Shop, ai: AIService) -> None:
    result = await ai.suggest_reply(shop.business_id, "Bonjour", customer_id="customer-4711")

    (row,) = await ai.attempts(result.request_id)
    assert row.customer_id == "customer-4711"
    assert "4711" not in json.dumps(shop.server.requests[0].body)


@pytest.mark.parametrize("api", TEXT_APIS)
async def test_tokens_are_recorded_by_kind(shop: Shop, api: Api) -> None:
    tokens = Tokens(input=1000, cached=400, cache_write=30, output=200, reasoning=50)
    shop.server.script(Answer(POST, tokens=tokens))

    async with shop.open(model=MODELS[api]) as ai:
        result = await shop.ask(ai)

    usage = result.usage
    assert (usage.requests, usage.input_tokens, usage.output_tokens) == (1, 1000, 200)
    assert (usage.cached_input_tokens, usage.cache_write_tokens, usage.reasoning_tokens) == (400, 30, 50)


@pytest.mark.parametrize("api", TEXT_APIS)
async def test_an_answer_without_usage_costs_its_bound_marked_as_estimated(shop: Shop, api: Api) -> None:
    shop.server.script(Answer(POST, tokens=None))

    async with shop.open(model=MODELS[api], max_output_tokens=500) as ai:
        result = await shop.ask(ai)
        (row,) = await ai.attempts(result.request_id)

    sent = len(json.dumps(shop.server.requests[0].messages, ensure_ascii=False).encode())
    assert (row.status, row.cost_estimated, row.output_tokens) == ("ok", True, 500)
    assert row.input_tokens >= sent
    assert row.cost_usd == result.cost_usd == (row.input_tokens * Decimal("1.75") + 500 * 14) / 1_000_000


@pytest.mark.parametrize("reaction", [Sampled(), Answer(POST, tokens=None), Hang()], ids=["usage", "none", "timeout"])
@pytest.mark.parametrize("api", TEXT_APIS)
async def test_a_model_without_a_price_has_an_unknown_cost_not_zero(shop: Shop, api: Api, reaction: Reaction) -> None:
    shop.server.script(reaction, Sampled())
    clock = SkippingClock()
    shop.server.when_hanging = lambda: clock.pass_s(PATIENCE_S)

    model = MODELS[api].replace("gpt-5.2", "our-own-model")
    async with shop.open(model=model, clock=clock) as ai:
        result = await shop.ask(ai)
        rows = await ai.attempts(result.request_id)

    assert {row.cost_usd for row in rows} == {None}
    assert result.cost_usd is None


async def test_a_refused_request_costs_nothing_whatever_the_price(shop: Shop) -> None:
    shop.server.script(HttpError(500), Sampled())

    async with shop.open(model="openai:our-own-model") as ai:
        result = await shop.ask(ai)

    assert [row.cost_usd for row in result.attempts] == [0, None]
    assert result.cost_usd is None


async def test_raw_output_is_stored_without_personal_data(shop: Shop, ai: AIService) -> None:
    told = "Camille, 06 39 98 47 12, camille@mail.example, sk-abcdefghijk, 4111 1111 1111 1111"
    shop.server.script(Answer(json.dumps({"caption": told, "hashtags": ["#a"], "script": "x"})), Sampled())

    result = await shop.ask(ai)

    (first, _) = await ai.attempts(result.request_id)
    assert first.raw_output is not None
    assert json.loads(first.raw_output)["caption"] == "Camille, [phone], [email], [key], [card]"


def test_redacting_takes_linear_work() -> None:
    hostile = "a." * 50_000

    assert redact(hostile) == hostile


@pytest.mark.parametrize("feature", [Feature.CONTENT, Feature.STRATEGY])
async def test_a_deadline_ends_a_call_that_hangs(shop: Shop, feature: Feature) -> None:
    shop.server.script(Hang())
    clock = StoppedClock()
    shop.server.when_hanging = lambda: clock.pass_s(45)

    async with shop.open(clock=clock, deadline_s=45, request_timeout_s=60) as ai:
        with pytest.raises(AIGenerationError) as caught:
            await shop.ask(ai, feature)
        rows = await ai.attempts(caught.value.request_id)

    assert (caught.value.reason, caught.value.retryable) == ("deadline", True)
    assert {(row.status, row.cost_estimated) for row in rows} == {("timeout", True)}
    assert (caught.value.usage, caught.value.cost_usd) == (usage_of(rows), cost_of(rows))
    assert "deadline after 1 attempt" in str(caught.value)


async def test_a_deadline_covers_all_attempts_together(shop: Shop) -> None:
    shop.server.script(Hang())
    clock = SkippingClock()
    shop.server.when_hanging = lambda: clock.pass_s(10)

    async with shop.open(clock=clock, deadline_s=45, request_timeout_s=10, max_attempts=10, backoff_s=0) as ai:
        with pytest.raises(AIGenerationError) as caught:
            await shop.ask(ai)

    assert {row.status for row in caught.value.attempts} == {"timeout"}
    assert len(caught.value.attempts) == 5
    assert caught.value.reason == "deadline"


async def test_a_deadline_ends_the_wait_between_attempts(shop: Shop) -> None:
    shop.server.script(HttpError(500))

    async with shop.open(clock=StoppedClock(), backoff_s=1e9) as ai:
        with pytest.raises(AIGenerationError) as caught:
            await shop.ask(ai)

    assert [row.status for row in caught.value.attempts] == ["server_error"]
    assert caught.value.reason == "server_error"


@pytest.mark.parametrize("feature", [Feature.CONTENT, Feature.IMAGE])
async def test_no_request_is_sent_without_a_row(shop: Shop, ai: AIService, feature: Feature) -> None:
    with closing(sqlite3.connect(shop.database)) as connection, connection:
        connection.execute("DROP TABLE ai_logs")

    with pytest.raises(ConfigurationError, match="no such table: ai_logs"):
        await shop.ask(ai, feature)

    assert shop.server.requests == []


@pytest.mark.parametrize("feature", [Feature.CONTENT, Feature.IMAGE])
async def test_an_unknown_model_is_a_configuration_error(shop: Shop, feature: Feature) -> None:
    with pytest.raises(ConfigurationError, match=f"model of {feature}: .*nowhere"):
        async with shop.open(models={feature.value: ["nowhere:none"]}):
            pass


def test_an_unclassified_error_is_a_lost_connection() -> None:
    assert status_of(RuntimeError("?")) == "connection"
    assert not is_unbilled(RuntimeError("?"))


@pytest.mark.parametrize(
    ("status", "expected"),
    [(402, "quota"), (408, "server_error"), (409, "server_error"), (413, "rejected"), (429, "rate_limited")],
)
def test_a_bare_http_error_is_classified_by_its_status(status: int, expected: str) -> None:
    error = ModelHTTPError(status, "gpt-image-2", {"code": 7})

    assert status_of(error) == expected
    assert http_status_of(error) == status
    assert is_unbilled(error)


def test_a_description_contains_no_text_of_the_provider() -> None:
    assert describe(ModelHTTPError(400, "gpt-5.2", {"message": "secret"})) == "ModelHTTPError HTTP 400"
    assert describe(ModelAPIError("gpt-5.2", "secret")) == "ModelAPIError"


def test_the_clients_own_time_limit_is_a_timeout() -> None:
    error = ModelAPIError("gpt-image-2", "timed out")
    error.__cause__ = APITimeoutError(request=httpx2.Request("POST", "http://127.0.0.1"))

    assert status_of(error) == "timeout"
    assert not is_unbilled(error)


@pytest.mark.parametrize(("ends_at", "least_request_s"), [(0, 0), (1, 1)])
async def test_no_question_is_asked_without_time_before_the_deadline(ends_at: float, least_request_s: float) -> None:
    deadline = Deadline.after(ends_at, StoppedClock())
    call = replace(new_call(), deadline=deadline, least_request_s=least_request_s)
    nothing = dict.fromkeys(("network", "call_to_action", "offer"))
    day = DayTask.model_construct(theme="Le levain", day=1, content_type=ContentType.REEL, **nothing)
    gates = new_gates(StoppedClock())
    post = AgentDeps(brief=Brief(business=BRIEF.business), task=PostTask.model_construct(language="fr", day=day))
    image = AgentDeps(brief=Brief(business=BRIEF.business), task=ImageTask.model_construct(day=day, aspect_ratio="1:1"))

    with pytest.raises(UnexpectedModelBehavior, match="the deadline leaves no time"):
        await write_post(post, call=call, chain=Chain((TestModel(),), gates, Prices(None)))
    with pytest.raises(UnexpectedModelBehavior, match="the deadline leaves no time"):
        await draw_image(image, call=call, chain=Chain((TestImageGenerationModel(),), gates, Prices(None)))

    assert call.account.attempts == []
