"""The whole service on each database: it generates, stores, counts, refuses and deletes the same on both."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from pydantic_ai.models import override_allow_model_requests
from sqlalchemy import select
from sqlmodel import col

from ai_service import (
    AIGenerationError,
    AIService,
    AIServiceError,
    BudgetExceeded,
    ConfigurationError,
    ContentState,
    Feature,
    IdempotencyConflict,
    InvalidRequest,
    NotFound,
    StaleRevision,
    StorageUnavailable,
)
from models.records import CostGroup
from models.usage import cost_of
from storage.engine import reading
from storage.tables import BusinessRow, CampaignRow
from tests import serving
from tests.clocks import StoppedClock
from tests.provider.reactions import UNAUTHORIZED, Answer, HttpError, RawBody, Reaction, Tokens
from tests.provider.received import JsonObject, ReceivedRequest
from tests.provider.responses import responses_body
from tests.serving import BRIEF, Shop
from tests.storage_homes import Home, PostgresHome, engine_on
from tests.storage_parts import a_few_turns
from tests.storage_proxy import Proxy

pytest_plugins = ["tests.storage_fixtures"]
server, no_environment = serving.server, serving.no_environment

UNKNOWN = "00000000-0000-4000-8000-000000000000"
CENT = Decimal("0.01")


@pytest.fixture
def empty(
    server: serving.ProviderServer, no_environment: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shop]:
    """Return a shop whose brief is not stored yet."""
    # plain HTTP: loading certificates would take 20 ms a test
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    server.script(serving.planned)
    with override_allow_model_requests(True):
        yield Shop(server, Path(), "", "")


@pytest.fixture
async def ai(empty: Shop, home: Home) -> AsyncIterator[AIService]:
    async with empty.open(database_url=home.url) as ai:
        yield ai


@pytest.fixture
async def shop(empty: Shop, ai: AIService) -> Shop:
    ids = await ai.add_brief(BRIEF)
    return replace(empty, business_id=ids.business_id, campaign_id=ids.campaign_id)


def reply(request: ReceivedRequest) -> Answer:
    return replace(serving.answered(request), tokens=Tokens(input=1000, cached=0, output=500, reasoning=0))


REPLY_USD = Decimal("0.00875")
"""gpt-5.2: 1000 * 1.75 + 500 * 14, for a million."""


async def test_a_campaign_is_made_kept_and_counted(shop: Shop, ai: AIService) -> None:
    strategy = await shop.ask(ai, Feature.STRATEGY)
    shop.server.script(serving.answered)
    post = await shop.ask(ai, Feature.CONTENT)
    answer = await shop.ask(ai, Feature.MESSAGING)

    assert await ai.get_strategy(shop.business_id, shop.campaign_id) == strategy.output
    saved = await ai.newest_content(shop.business_id, shop.campaign_id, 3)
    assert saved.output == post.output.model_dump(mode="json")
    approved = await ai.set_state(shop.business_id, saved.content_id, "approved", saved.revision)
    assert (approved.state, approved.revision) == (ContentState.APPROVED, 2)
    with pytest.raises(StaleRevision):
        await ai.set_state(shop.business_id, saved.content_id, "rejected", saved.revision)
    for result in (strategy, post, answer):
        assert serving.sums_agree(result, await ai.attempts(result.request_id))
        assert len(result.attempts) > 0


@pytest.mark.parametrize("by", ["business", "campaign", "feature", "model", "day", "user"])
async def test_costs_are_summed_by_each_key(shop: Shop, ai: AIService, by: CostGroup) -> None:
    shop.server.script(UNAUTHORIZED, reply)
    with pytest.raises(AIGenerationError):
        await shop.ask(ai, Feature.MESSAGING)
    result = await shop.ask(ai, Feature.MESSAGING)

    [line] = await ai.costs(by=by, business_id=shop.business_id)

    keys = {
        "business": shop.business_id,
        "campaign": shop.campaign_id,
        "feature": "messaging",
        "model": "openai:gpt-5.2",
        "day": f"{result.attempts[0].started_at:%Y-%m-%d}",
        "user": "u_42",
    }
    assert line.key == keys[by]
    assert (line.requests, line.failed_requests, line.unpriced_requests) == (2, 1, 0)
    assert (line.cost_usd, line.waste_usd) == (REPLY_USD, 0)


async def test_costs_are_those_of_a_period(shop: Shop, ai: AIService) -> None:
    shop.server.script(reply)
    result = await shop.ask(ai, Feature.MESSAGING)
    at = result.attempts[0].started_at

    assert [line.requests for line in await ai.costs(since=at, until=at + timedelta(seconds=1))] == [1]
    assert await ai.costs(until=at) == []
    assert await ai.costs(since=at + timedelta(seconds=1)) == []
    with pytest.raises(InvalidRequest, match="until is not after since"):
        await ai.costs(since=at, until=at)
    with pytest.raises(InvalidRequest, match="since: Input should have timezone info"):
        await ai.costs(since=datetime(2026, 12, 1))


async def test_a_failure_is_on_the_books(shop: Shop, ai: AIService) -> None:
    shop.server.script(UNAUTHORIZED)

    with pytest.raises(AIGenerationError) as raised:
        await shop.ask(ai, Feature.MESSAGING)

    assert await ai.attempts(raised.value.request_id) == raised.value.attempts
    assert [row.status for row in raised.value.attempts] == ["rejected"]


async def test_a_key_gives_one_answer_to_all_concurrent_calls(shop: Shop, ai: AIService, home: Home) -> None:
    shop.server.script(reply)

    async def ask(service: AIService, message: str = "Vous ouvrez quand ?") -> str:
        return (await service.suggest_reply(shop.business_id, message, idempotency_key="k")).request_id

    async with shop.open(database_url=home.url) as other:
        answers = await asyncio.gather(*(ask(service) for service in (ai, other, ai, other)))

    assert len({*answers}) == 1
    assert len(shop.server.requests) == 1
    with pytest.raises(IdempotencyConflict):
        await ask(ai, "Autre chose")


async def test_a_budget_is_charged_what_was_spent_and_refuses_what_does_not_fit(shop: Shop, ai: AIService) -> None:
    shop.server.script(reply)
    await ai.set_budget(Decimal(5), business_id=shop.business_id)

    result = await shop.ask(ai, Feature.MESSAGING)

    [budget] = await ai.budgets(shop.business_id)
    assert (budget.spent_usd, budget.reserved_usd) == (cost_of(result.attempts), 0)
    assert budget.spent_usd == REPLY_USD
    await ai.set_budget(CENT, business_id=shop.business_id)
    with pytest.raises(BudgetExceeded, match=r"has 0\.00125 of 0\.01 USD left"):
        await shop.ask(ai, Feature.MESSAGING)
    assert len(shop.server.requests) == 1


async def test_old_rows_are_anonymised_or_deleted_and_a_business_is_deleted(shop: Shop, ai: AIService) -> None:
    shop.server.script(reply)
    await shop.ask(ai, Feature.MESSAGING)
    now = datetime.now(UTC)

    counted = await ai.anonymise_before(now, dry_run=True)
    assert (counted.attempts, counted.content) == (1, 1)
    assert await ai.anonymise_before(now, business_id=shop.business_id) == counted
    assert [(row.user_id, row.raw_output, row.cost_usd) for row in await ai.attempts()] == [(None, None, REPLY_USD)]
    assert (await ai.delete_before(now)).attempts == 1
    assert await ai.attempts() == []

    await ai.delete_business(shop.business_id)
    with pytest.raises(NotFound, match="no business"):
        await shop.ask(ai, Feature.MESSAGING)


SPELLINGS: dict[str, Callable[[str], str | UUID]] = {
    "upper": str.upper,
    "braces": lambda key: f"{{{key}}}",
    "urn": lambda key: f"urn:uuid:{key}",
    "bare": lambda key: key.replace("-", ""),
    "uuid": UUID,
}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
async def test_an_id_is_accepted_in_each_of_its_spellings(
    shop: Shop, ai: AIService, spell: Callable[[str], str | UUID]
) -> None:
    await shop.ask(ai, Feature.STRATEGY)
    await ai.set_budget(Decimal(1), business_id=spell(shop.business_id))
    shop.server.script(serving.answered)
    result = await ai.generate_content(spell(shop.business_id), spell(shop.campaign_id), 3)

    assert len((await ai.get_strategy(spell(shop.business_id), spell(shop.campaign_id))).calendar) == 30
    saved = await ai.newest_content(spell(shop.business_id), spell(shop.campaign_id), 3)
    assert (await ai.set_state(shop.business_id, spell(saved.content_id), "approved", 1)).revision == 2
    assert await ai.attempts(spell(result.request_id)) == result.attempts
    assert [line.key for line in await ai.costs("business", business_id=spell(shop.business_id))] == [shop.business_id]
    assert [state.scope_id for state in await ai.budgets(spell(shop.business_id))] == [shop.business_id]


async def test_a_missing_record_is_reported_with_the_fix(shop: Shop, ai: AIService) -> None:
    with pytest.raises(NotFound, match="has no calendar yet: call generate_strategy first"):
        await ai.get_strategy(shop.business_id, UNKNOWN)
    with pytest.raises(NotFound, match="has no content for day 3: generate it first"):
        await ai.newest_content(shop.business_id, UNKNOWN, 3)
    with pytest.raises(NotFound, match=r"no content .*: pass the content_id of a result"):
        await ai.set_state(shop.business_id, UNKNOWN, "approved", 1)
    with pytest.raises(InvalidRequest, match=r"content_id: .*pass an id that add_brief or a result returned"):
        await ai.set_state(shop.business_id, "automne", "approved", 1)


async def test_a_database_that_stays_away_is_given_up_at_the_deadline(empty: Shop, home: Home) -> None:
    clock = StoppedClock()
    async with empty.open(database_url=f"{home.url}?timeout=0", clock=clock) as ai, home.locked():
        storing = asyncio.create_task(ai.add_brief(BRIEF))
        await a_few_turns()
        clock.pass_s(ai.settings.deadline_s)
        with pytest.raises(StorageUnavailable, match=r"the database .*; try again when it is back"):
            await storing


async def test_a_brief_whose_commit_was_not_answered_is_stored_once(empty: Shop, postgres_home: PostgresHome) -> None:
    async with Proxy(postgres_home.url) as proxy, empty.open(database_url=proxy.url) as ai:
        proxy.loses_commits = True
        storing = asyncio.create_task(ai.add_brief(BRIEF))
        await proxy.lost.wait()
        proxy.loses_commits = False
        ids = await storing

    async with engine_on(postgres_home) as engine, reading(engine) as session:
        assert [*await session.scalars(select(col(BusinessRow.id)))] == [ids.business_id]
        assert [*await session.scalars(select(col(CampaignRow.id)))] == [ids.campaign_id]


async def test_a_state_whose_commit_was_not_answered_is_not_stale(empty: Shop, postgres_home: PostgresHome) -> None:
    async with Proxy(postgres_home.url) as proxy, empty.open(database_url=proxy.url) as ai:
        ids = await ai.add_brief(BRIEF)
        empty.server.script(reply)
        result = await ai.suggest_reply(ids.business_id, "Bonjour")
        proxy.loses_commits = True
        changing = asyncio.create_task(ai.set_state(ids.business_id, result.content_id, "approved", 1))
        await proxy.lost.wait()
        proxy.loses_commits = False

        assert (await changing).revision == 2
        with pytest.raises(StaleRevision):
            await ai.set_state(ids.business_id, result.content_id, "approved", 1)


async def test_a_url_that_fails_only_on_connection_is_a_configuration_error(
    empty: Shop, postgres_home: PostgresHome
) -> None:
    with pytest.raises(ConfigurationError, match=r"AI_SERVICE_DATABASE_URL: .*target_session_attrs"):
        async with empty.open(database_url=f"{postgres_home.url}?target_session_attrs=maybe"):
            raise AssertionError("it must not open")


async def test_what_no_database_holds_is_an_error_of_ours_or_none(shop: Shop, ai: AIService) -> None:
    """Half an emoji, a zero byte and a number that no column takes, in an answer, in its envelope and in an error."""
    await shop.ask(ai, Feature.STRATEGY)
    post = serving.POST
    usage: JsonObject = {"input_tokens": 2**63, "output_tokens": 2**70}
    tokens: list[JsonObject | None] = [usage, {"input_tokens": -(2**63), "output_tokens": 1}, {"input_tokens": 1e300}]
    texts = [
        post.replace("Bonjour", odd) for odd in ("\ud83d", "\\ud83d", "\0", "\\u0000", "Bon\\u0000jour", "\\udc00x")
    ]
    body = responses_body(Answer(post), model="gpt-5.2", number=1, created=1)
    steps: list[Reaction] = [*map(Answer, texts)]
    steps += [RawBody(json.dumps({**body, "usage": counted})) for counted in tokens]
    steps += [
        HttpError(500, code="\ud83d", type="\0"),
        HttpError(599, code="x" * 10_000, headers={"retry-after": "1e400"}),
    ]
    kept = 0

    for step in steps:
        shop.server.script(step, Answer(post))
        try:
            result = await shop.ask(ai)
        except AIServiceError:
            continue
        kept += 1
        assert (await ai.newest_content(shop.business_id, shop.campaign_id, 3)).output == result.output.model_dump(
            mode="json"
        )

    assert kept == len(steps)
