"""Servers that take less than OpenAI's: what they refuse or ignore is learned, said once, and can be set."""

import json
import logging
from dataclasses import replace

import pytest
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

from agents.server_traits import takes_store, traits_of
from ai_service import AIGenerationError, AIService, Attempt
from models.server_profile import ServerProfile
from tests import serving
from tests.provider.compatible import SERVERS, groq, llama_cpp, mistral
from tests.provider.reactions import Answer, HttpError, RawBody, Reaction
from tests.provider.received import JsonObject, ReceivedRequest, value_at
from tests.serving import KEY, MODELS, POST, Shop

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop = serving.shop

MODEL = "openai-chat:llama-3"
NEW_LIMIT = {MODEL: ServerProfile(token_limit="max_completion_tokens")}
"""A profile that says of a server what is not so."""


async def _rows(shop: Shop, ai: AIService) -> list[Attempt]:
    return (await shop.ask(ai)).attempts


async def test_each_server_answers_and_what_it_refused_is_not_sent_again(shop: Shop) -> None:
    asked: dict[str, tuple[int, int]] = {}
    for name, react in SERVERS.items():
        before = len(shop.server.requests)
        first = react(POST)
        shop.server.script(
            lambda request, first=first, before=before: first(replace(request, number=request.number - before))
        )
        async with shop.open(model=MODEL) as ai:
            asked[name] = (len(await _rows(shop, ai)), len(await _rows(shop, ai)))

    assert asked == {
        "vllm": (1, 1),
        "ollama": (1, 1),
        "llama.cpp": (2, 1),
        "mistral": (1, 1),
        "groq": (2, 1),
        "openrouter": (2, 1),
        "azure": (2, 1),
        "gemini": (1, 1),
        "without a format": (3, 1),
    }
    assert [request.number for request in shop.server.requests if "store" in request.body] == []


async def test_a_refused_token_limit_is_sent_under_its_other_name(shop: Shop) -> None:
    wrong: dict[str, object] = {}
    for name in ("vllm", "mistral", "groq", "gemini"):
        before = len(shop.server.requests)
        shop.server.script(SERVERS[name](POST))
        async with shop.open(model=MODEL, server_profiles=NEW_LIMIT, max_output_tokens=500) as ai:
            rows = await _rows(shop, ai) + await _rows(shop, ai)
        limits = [(r.at("max_completion_tokens"), r.at("max_tokens")) for r in shop.server.requests[before:]]
        if name == "groq":
            limits, rows = [limits[0], *limits[-2:]], [rows[0], *rows[-2:]]
        refused = "the server doesn't take max_completion_tokens"
        if limits != [(500, None), (None, 500), (None, 500)] or refused not in (rows[0].error or ""):
            wrong[name] = (limits, rows[0].error)
        if (rows[0].status, rows[0].cost_usd) != ("rejected", 0):
            wrong[name] = rows[0]

    assert wrong == {}


async def test_what_is_learned_is_said_in_one_line(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    shop.server.script(mistral(POST))

    async with shop.open(model=MODEL, server_profiles=NEW_LIMIT) as ai:
        await shop.ask(ai)
        await shop.ask(ai)

    (line,) = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert line == (
        "openai:llama-3 doesn't take max_completion_tokens: it is asked with token_limit max_tokens and answer_format "
        "json_schema from now on; AI_SERVICE_SERVER_PROFILES says so in advance"
    )


async def test_json_mode_and_a_server_that_ignores_the_form_get_the_schema_in_the_instructions(shop: Shop) -> None:
    for react, form in ((groq, "json_object"), (llama_cpp, "json_schema")):
        before = len(shop.server.requests)
        shop.server.script(react(POST))
        async with shop.open(model=MODEL) as ai:
            await shop.ask(ai)
        first, second = shop.server.requests[before:]

        assert '"properties"' not in first.instructions
        assert '"properties"' in second.instructions
        assert value_at(second.at("response_format"), "type") == form


async def test_a_profile_in_the_settings_saves_the_refused_requests(shop: Shop) -> None:
    shop.server.script(SERVERS["without a format"](POST))

    async with shop.open(model=MODEL, server_profiles={MODEL: ServerProfile(answer_format="text")}) as ai:
        (row,) = await _rows(shop, ai)

    (request,) = shop.server.requests
    assert row.status == "ok"
    assert request.at("response_format") is None
    assert '"properties"' in request.instructions


REFUSED = {
    "store": HttpError(400, code="unknown_parameter", param="store"),
    "max_completion_tokens": RawBody('{"detail": [{"loc": ["body", "max_completion_tokens"]}]}', status=422),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_parameter_that_stays_refused_is_named_in_the_error_and_the_row(shop: Shop, name: str) -> None:
    shop.server.script(REFUSED[name])

    async with shop.open(model=MODELS["chat"]) as ai:
        with pytest.raises(AIGenerationError, match=f"rejected .*the server doesn't take {name}") as caught:
            await shop.ask(ai)

    assert len(caught.value.attempts) <= 2
    assert (caught.value.attempts[-1].error or "").endswith(f"the server doesn't take {name}")


async def test_an_error_that_quotes_the_request_names_no_parameter(shop: Shop) -> None:
    def quote(request: ReceivedRequest) -> RawBody:
        error: JsonObject = {"message": f"bad request: {json.dumps(request.body)}", "code": "bakery"}
        return RawBody(json.dumps({"error": error}), status=400)

    shop.server.script(quote)

    async with shop.open(model=MODELS["chat"]) as ai:
        with pytest.raises(AIGenerationError) as caught:
            await shop.ask(ai)

    (row,) = caught.value.attempts
    assert row.error == "ModelRequestRejectedError HTTP 400"


def test_store_goes_to_openai_alone() -> None:
    urls = {"https://api.openai.com/v1": True, "https://eu.api.openai.com/v1": True, "https://openai.example/v1": False}

    for url, expected in urls.items():
        model = OpenAIChatModel("gpt-5.2", provider=OpenAIProvider(base_url=url, api_key=KEY))
        assert takes_store(model, traits_of(model, ServerProfile())) is expected, url


async def test_servers_of_the_responses_api_are_learned_too(shop: Shop) -> None:
    def react(request: ReceivedRequest) -> Reaction:
        if "store" in request.body:
            return HttpError(400, code="unsupported_parameter", param="store")
        if request.at("text", "format", "type") == "json_schema":
            return HttpError(400, code="unsupported_value", param="text.format")
        return Answer(POST)

    shop.server.script(react)

    async with shop.open(model=MODELS["responses"]) as ai:
        first, second = await _rows(shop, ai), await _rows(shop, ai)

    assert [row.status for row in first + second] == ["rejected", "rejected", "ok", "ok"]
    assert (first[1].error or "").endswith("the server doesn't take text")
