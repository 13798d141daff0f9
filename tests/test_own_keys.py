"""Businesses that bring their own keys and models through a host's `CredentialSource`."""

import asyncio
import json
import logging
import sqlite3
import traceback
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest
from httpx2 import AsyncClient
from logfire.testing import CaptureLogfire
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError

from agents.gates import Gates
from agents.places import Places
from ai_service import (
    AIGenerationError,
    AIService,
    AIServiceError,
    BusinessCredentials,
    ConfigurationError,
    Feature,
    NotFound,
    StorageUnavailable,
    sync,
)
from ai_service.accounts import Account, Accounts
from deps.clock import CLOCK
from tests import serving, test_secrets
from tests.provider.reactions import HttpError, RawBody, Sampled, rate_limited
from tests.serving import KEY, Shop, planned, told

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop, instrumented = serving.shop, test_secrets.instrumented

KEYS = {"a": "sk-a-first-business-00", "b": "sk-b-other-business-11"}


@dataclass
class Host:
    """A source that returns what a test says, by business; it notes what it is asked."""

    # Any: a host returns what it likes
    brought: Mapping[str, Any]
    asked: list[tuple[str, Feature]] = field(default_factory=list[tuple[str, Feature]])

    async def get_credentials(self, business_id: str, feature: Feature) -> Any:
        self.asked.append((business_id, feature))
        brought = self.brought.get(business_id)
        return brought() if callable(brought) else brought


TWO = {business: {"api_key": key} for business, key in KEYS.items()}


def opened(shop: Shop, host: Any, **settings: Any) -> AIService:
    return AIService(shop.settings(**settings), context_source=told(), credential_source=host)


def keys_of(shop: Shop) -> list[str]:
    return [request.headers["authorization"].removeprefix("Bearer ") for request in shop.server.requests]


async def test_each_business_is_served_with_its_own_key_and_others_with_the_services(shop: Shop) -> None:
    host = Host(TWO)

    async with opened(shop, host) as ai:
        for business in ("a", "b", "c", "a"):
            await ai.suggest_reply(business, "Bonjour")

    assert keys_of(shop) == [KEYS["a"], KEYS["b"], KEY, KEYS["a"]]
    assert host.asked == [(business, Feature.MESSAGING) for business in ("a", "b", "c", "a")]


async def test_every_feature_asks_once_a_call_and_a_replay_asks_nothing(shop: Shop) -> None:
    host = Host({shop.business_id: BusinessCredentials(api_key=SecretStr(KEYS["a"]))})

    async with AIService(shop.settings(), credential_source=host) as ai:
        for feature in Feature:
            shop.server.script(planned if feature is Feature.STRATEGY else Sampled())
            for _ in range(2):
                await shop.ask(ai, feature, idempotency_key=f"once {feature}")
        with pytest.raises(NotFound):
            await ai.generate_content("nobody", shop.campaign_id, 3)

    assert host.asked == [(shop.business_id, feature) for feature in Feature]
    assert {*keys_of(shop)} == {KEYS["a"]}


REFUSALS = [HttpError(401), HttpError(429, code="insufficient_quota"), rate_limited("30"), HttpError(503)]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda error: f"{error.status}")
async def test_what_the_key_of_one_business_meets_stops_no_other(shop: Shop, refusal: HttpError) -> None:
    shop.server.script(lambda request: refusal if request.headers["authorization"].endswith(KEYS["a"]) else Sampled())

    async with opened(shop, Host(TWO), deadline_s=20, max_attempts=1) as ai:
        for _ in range(3):
            with pytest.raises(AIGenerationError):
                await ai.suggest_reply("a", "Bonjour")
            for other in ("b", "c"):
                assert (await ai.suggest_reply(other, "Bonjour")).attempts[0].status == "ok"


async def test_a_business_may_name_its_models(shop: Shop) -> None:
    own = {
        "model": ["openai-chat:gpt-5-mini", "openai:gpt-5.2"],
        "api_key": KEYS["a"],
        "base_url": shop.server.base_url,
    }
    shop.server.script(HttpError(500), Sampled())

    async with opened(shop, Host({"a": own, "b": {"model": "openai:gpt-5-mini", "api_key": " "}})) as ai:
        first, second = await ai.suggest_reply("a", "Bonjour"), await ai.suggest_reply("b", "Bonjour")

    assert [(request.api, request.model) for request in shop.server.requests] == [
        ("chat", "gpt-5-mini"),
        ("responses", "gpt-5.2"),
        ("responses", "gpt-5-mini"),
    ]
    assert keys_of(shop) == [KEYS["a"], KEYS["a"], KEY]
    assert first.cost_usd and second.cost_usd


async def test_another_vendors_key_goes_to_that_vendor_alone(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "the service's")
    address = shop.server.base_url.removesuffix("/v1")
    own = {"model": "anthropic:claude-sonnet-4-6", "api_key": KEYS["a"], "base_url": address}
    shop.server.script(RawBody("{}", status=401))

    async with opened(
        shop, Host({"a": own, "b": {"api_key": KEYS["b"]}}), model=None, models={"messaging": MIXED}
    ) as ai:
        for business in ("a", "b"):
            with pytest.raises(AIGenerationError):
                await ai.suggest_reply(business, "Bonjour")

    assert [(request.path, KEYS["a"] in str(request.headers)) for request in shop.server.requests] == [
        ("/v1/messages", True),
        ("/v1/responses", False),
    ]
    assert keys_of(shop)[1] == KEYS["b"]
    assert [request.headers for request in shop.server.requests if "the service's" in str(request.headers)] == []


MIXED = ["openai:gpt-5.2", "anthropic:claude-sonnet-4-6"]


async def test_a_service_without_a_key_serves_the_businesses_that_bring_one(shop: Shop) -> None:
    settings = shop.settings(model=None, image_model=None, openai_api_key=None)
    host = Host({"a": {"model": "openai:gpt-5.2", "api_key": KEYS["a"]}})

    async with AIService(settings, context_source=told(), credential_source=host) as ai:
        await ai.suggest_reply("a", "Bonjour")
        with pytest.raises(ConfigurationError, match="no model is configured"):
            await ai.suggest_reply("b", "Bonjour")
        assert (await ai.ready()).ok

    assert keys_of(shop) == [KEYS["a"]]


def raising(error: Exception) -> Callable[[], Any]:
    def bring() -> Any:
        raise error

    return bring


SECRET = "sk-" + "secret" * 4
WRONG: list[tuple[Any, type[AIServiceError], str]] = [
    (SECRET, ConfigurationError, r"should return a BusinessCredentials or None: \(whole\): "),
    ({"key": SECRET}, ConfigurationError, r"\(whole\): Extra inputs are not permitted"),
    ({SECRET: "openai"}, ConfigurationError, r"\(whole\): Extra inputs are not permitted"),
    ({"api_key": [SECRET]}, ConfigurationError, "api_key: Input should be a valid string"),
    ({"api_key": f"{SECRET}é"}, ConfigurationError, "api_key: holds characters that no request can carry"),
    ({"api_key": SECRET, "base_url": f"ftp://me:{SECRET}@x"}, ConfigurationError, "base_url: is no address"),
    ({"base_url": f"http://me:{SECRET}@x"}, ConfigurationError, "base_url comes without an api_key: add it"),
    ({"model": [], "api_key": SECRET}, ConfigurationError, "model: has 0 names: name 1 to 5"),
    ({"model": "gpt-5.2", "api_key": SECRET}, ConfigurationError, "'gpt-5.2' names no provider: did you mean"),
    ({"model": "nobody:x", "api_key": SECRET}, ConfigurationError, "model of messaging: Unknown model"),
    ({"model": MIXED, "api_key": SECRET}, ConfigurationError, "are of several providers, and a key is for one"),
    (
        {"model": "openrouter:x", "api_key": SECRET, "base_url": "http://x.example"},
        ConfigurationError,
        "openrouter takes no api_key or no base_url of a business",
    ),
    (lambda: BusinessCredentials(api_key=SecretStr(f"{SECRET} é")), ConfigurationError, "api_key: holds characters"),
    (raising(KeyError(SECRET)), ConfigurationError, "get_credentials .* raised KeyError: correct it"),
    (raising(ConnectionResetError(SECRET)), StorageUnavailable, "raised ConnectionResetError: try again when"),
    (raising(OperationalError(SECRET, {}, Exception())), StorageUnavailable, "raised OperationalError: try again"),
    (raising(NotFound("no such shop")), NotFound, "no such shop"),
]


async def test_a_source_that_returns_or_raises_what_it_should_not_tells_no_secret(shop: Shop) -> None:
    leaks: list[str] = []
    for brought, kind, message in WRONG:
        async with opened(shop, Host({"a": brought})) as ai:
            with pytest.raises(AIServiceError, match=message) as caught:
                await ai.suggest_reply("a", "Bonjour")
            assert type(caught.value) is kind
            assert (await ai.attempts())[0].business_id == shop.business_id  # the calendar's: nothing was reserved
        leaks += [f"{message}: {where}" for where, text in shown(caught.value).items() if SECRET in text]

    assert leaks == []
    assert shop.server.requests == []


def shown(error: AIServiceError) -> dict[str, str]:
    """Return what can be seen of an error; the frames with their variables begin below this test's own."""
    found = traceback.TracebackException.from_exception(error, capture_locals=True)
    below = [str(frame.locals) for frame in found.stack if frame.filename != __file__]
    return {
        "traceback": "".join(traceback.format_exception(error)),
        "variables": " ".join(below),
        "causes": f"{error.__cause__!r} {error.__context__!r}",
        "json": json.dumps(error.to_dict()),
    }


async def test_a_synchronous_source_is_refused_and_served_by_the_facade(shop: Shop) -> None:
    class Plain:
        def get_credentials(self, business_id: str, feature: Feature) -> BusinessCredentials | None:
            return BusinessCredentials(model="sandbox") if feature is Feature.MESSAGING else None

    source: Any = Plain()
    async with opened(shop, source) as ai:
        with pytest.raises(ConfigurationError, match=r"get_credentials of your CredentialSource can't be awaited"):
            await ai.suggest_reply("a", "Bonjour")

    def through_the_facade() -> bool:
        with sync.AIService(shop.settings(), credential_source=Plain()) as ai:
            return ai.suggest_reply(shop.business_id, "Bonjour").sandbox

    assert await asyncio.to_thread(through_the_facade)


@pytest.mark.parametrize("status", [200, 400, 401, 500])
async def test_a_key_is_in_no_error_span_log_or_row(
    shop: Shop, instrumented: CaptureLogfire, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    caplog.set_level(logging.DEBUG, logger="ai_service")
    shop.server.script(lambda request: RawBody(json.dumps({"error": {"message": str(request.headers)}}), status=status))
    host = Host({shop.business_id: {"api_key": SECRET, "base_url": f"{shop.server.base_url}/"}})

    async with AIService(shop.settings(), credential_source=host) as ai:
        with pytest.raises(AIGenerationError) as caught:
            await ai.suggest_reply(shop.business_id, "Bonjour")

    host.brought = {}
    told_by = {
        **shown(caught.value),
        "spans": json.dumps(instrumented.exporter.exported_spans_as_dict(), default=str),
        "log": caplog.text,
        "books": "\n".join(dumped(shop)),
    }
    assert SECRET in shop.server.requests[0].headers["authorization"]
    assert [where for where, text in told_by.items() if SECRET in text] == []


def dumped(shop: Shop) -> list[str]:
    with closing(sqlite3.connect(shop.database)) as books:
        return [*books.iterdump()]


def test_the_repr_of_credentials_shows_no_key() -> None:
    brought = BusinessCredentials(api_key=SecretStr(SECRET), base_url=f"https://me:{SECRET}@gateway.example")

    assert SECRET not in f"{brought!r} {brought} {brought.model_dump_json(exclude={'base_url'})}"


async def test_the_models_of_few_keys_stay_open_and_those_in_use_always() -> None:
    def new_gates() -> Gates:
        return Gates(places=Places(1, most_waiting=1), first_wait_s=1, clock=CLOCK)

    async def client_of(account: Account) -> AsyncClient:
        model: Any = await account.providers.text_model("openai:gpt-5.2")
        return model.wrapped.client._client

    clients: dict[str, AsyncClient] = {}
    async with Accounts(new_gates, openai_base_url=None, profiles={}, most_open=2) as accounts:
        async with accounts.using(SecretStr("1"), None) as first:
            clients["1"] = await client_of(first)
            for key in ("2", "3", "2", "4"):
                async with accounts.using(SecretStr(key), None) as account:
                    clients[key] = await client_of(account)
            assert {key for key, client in clients.items() if client.is_closed} == {"2", "3"}
        async with accounts.using(SecretStr("1"), None) as again:
            assert again is first
        async with accounts.using(SecretStr("1"), "http://other.example") as other:
            assert other is not first

    assert all(client.is_closed for client in clients.values())
