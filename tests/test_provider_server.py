"""The scripted provider answers the real client, fails and hangs as scripted."""

import asyncio
import json
from io import BytesIO

import pytest
from openai import APIConnectionError, AsyncOpenAI, InternalServerError
from PIL import Image
from pydantic import BaseModel, JsonValue
from pydantic_ai import Agent, NativeOutput

from models.content import PostCopy
from models.messaging import ReplyCopy
from models.strategy import PillarSet, ThemeSlice
from models.video import VideoCopy
from tests.provider import connections
from tests.provider.asking import PROMPT, TEXT_MODEL, ask, ask_image, ask_text, connected, text_model
from tests.provider.reactions import (
    Answer,
    Cut,
    Drip,
    Hang,
    Held,
    HttpError,
    ImageTokens,
    Picture,
    RawBody,
    Reset,
    Tokens,
)
from tests.provider.received import Api, JsonObject, ReceivedRequest, value_at
from tests.provider.sample import sample
from tests.provider_server import ProviderServer

server, client = connections.server, connections.client

PATIENCE_S = 5.0
TEXT_APIS: list[Api] = ["responses", "chat"]
APIS: list[Api] = [*TEXT_APIS, "images"]
OUTPUTS: list[type[BaseModel]] = [PostCopy, VideoCopy, ReplyCopy, PillarSet, ThemeSlice]


async def test_the_bare_client_reads_a_response(server: ProviderServer, client: AsyncOpenAI) -> None:
    server.script(Answer("bonjour", tokens=Tokens(cache_write=7), service_tier="flex", model="gpt-5.2-2025-12-11"))

    response = await client.responses.create(model=TEXT_MODEL, input=PROMPT)

    assert response.output_text == "bonjour"
    assert (response.model, response.service_tier) == ("gpt-5.2-2025-12-11", "flex")
    assert response.usage is not None
    assert (response.usage.input_tokens, response.usage.output_tokens, response.usage.total_tokens) == (100, 20, 120)
    assert response.usage.input_tokens_details.cached_tokens == 40
    assert response.usage.input_tokens_details.cache_write_tokens == 7
    assert response.usage.output_tokens_details.reasoning_tokens == 5


async def test_the_bare_client_reads_a_chat_completion(server: ProviderServer, client: AsyncOpenAI) -> None:
    server.script(Answer("bonjour", tokens=Tokens(cache_write=7)))

    completion = await client.chat.completions.create(model=TEXT_MODEL, messages=[{"role": "user", "content": PROMPT}])

    assert completion.choices[0].message.content == "bonjour"
    assert completion.model == TEXT_MODEL
    assert completion.usage is not None
    assert (completion.usage.prompt_tokens, completion.usage.completion_tokens) == (100, 20)
    assert completion.usage.prompt_tokens_details is not None
    assert completion.usage.prompt_tokens_details.cache_write_tokens == 7


async def test_the_bare_client_reads_a_picture(server: ProviderServer, client: AsyncOpenAI) -> None:
    server.script(Picture(30, 20, tokens=ImageTokens(text_input=9, image_output=11)))

    response = await client.images.generate(model="gpt-image-2", prompt="a bakery")

    assert response.data is not None
    assert response.data[0].b64_json is not None
    assert response.usage is not None
    assert (response.usage.input_tokens, response.usage.output_tokens) == (9, 11)


@pytest.mark.parametrize("output_type", OUTPUTS)
@pytest.mark.parametrize("api", TEXT_APIS)
async def test_unscripted_it_answers_each_output_type_of_ours(
    server: ProviderServer, client: AsyncOpenAI, api: Api, output_type: type[BaseModel]
) -> None:
    agent = Agent(text_model(api, client), output_type=NativeOutput(output_type), instructions="Write.", retries=0)

    result = await agent.run(PROMPT)

    assert isinstance(result.output, output_type)
    assert server.requests[0].strict


@pytest.mark.parametrize("api", APIS)
async def test_records_what_was_asked(server: ProviderServer, client: AsyncOpenAI, api: Api) -> None:
    await ask(api, client)
    await ask(api, client)

    assert [request.number for request in server.requests] == [0, 1]
    request = server.requests[1]
    assert request.api == api
    assert request.headers["authorization"] == "Bearer test"
    assert request.document == {"task": {"kind": "post"}}
    assert request.at("model") == request.model
    assert request.at("input", 7, "role") is None


@pytest.mark.parametrize("api", TEXT_APIS)
async def test_tells_instructions_from_data(server: ProviderServer, client: AsyncOpenAI, api: Api) -> None:
    agent = Agent(text_model(api, client), output_type=NativeOutput(PostCopy), instructions="Write a post.", retries=1)
    server.script(Answer("no post"), lambda request: Answer(json.dumps(sample(request.schema or {}))))

    await agent.run(PROMPT)

    second = server.requests[1]
    assert second.instructions == "Write a post."
    assert second.user_texts[0] == PROMPT
    assert "Invalid JSON" in second.user_texts[1]


async def test_follows_the_script_and_repeats_its_last_step(server: ProviderServer, client: AsyncOpenAI) -> None:
    server.script(Answer("one"), HttpError(500), Answer("last"))

    first = await ask_text("chat", client)
    with pytest.raises(RuntimeError):
        await ask_text("chat", client)
    later = [(await ask_text("chat", client)).text for _ in range(2)]

    assert first.text == "one"
    assert later == ["last", "last"]


async def test_a_step_can_answer_from_what_it_reads(server: ProviderServer, client: AsyncOpenAI) -> None:
    def obedient(request: ReceivedRequest) -> Answer:
        return Answer(str(value_at(request.document, "task", "kind")))

    server.script(obedient)

    assert (await ask_text("responses", client)).text == "post"


async def test_a_mistake_in_a_script_is_raised_when_the_server_closes() -> None:
    with pytest.raises(ValueError, match="cannot answer with Picture"):
        async with ProviderServer() as server, connected(server.base_url) as client:
            server.script(Picture())
            with pytest.raises(RuntimeError):
                await ask_text("chat", client)


async def test_refuses_an_empty_script(server: ProviderServer) -> None:
    with pytest.raises(ValueError, match="at least one step"):
        server.script()


async def test_counts_requests_in_flight_while_the_test_holds_them(server: ProviderServer, client: AsyncOpenAI) -> None:
    gate = asyncio.Event()
    server.script(Held(Answer("free"), until=gate))

    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(ask_text("responses", client)) for _ in range(3)]
        await server.wait_for_requests(3)
        in_flight = server.in_flight
        gate.set()
    await ask_text("responses", client)

    assert in_flight == 3
    assert [task.result().text for task in asked] == ["free"] * 3
    assert server.max_in_flight == 3


@pytest.mark.parametrize("api", APIS)
async def test_a_hanging_request_notices_that_its_client_left(
    server: ProviderServer, client: AsyncOpenAI, api: Api
) -> None:
    server.script(Hang())
    asked = asyncio.create_task(ask(api, client))
    await server.wait_for_requests(1)
    gone_before = server.requests[0].client_gone.is_set()

    asked.cancel()
    async with asyncio.timeout(PATIENCE_S):
        await server.requests[0].client_gone.wait()

    assert not gone_before
    assert server.in_flight == 0
    with pytest.raises(asyncio.CancelledError):
        await asked


async def test_closes_at_once_although_a_request_hangs() -> None:
    async with asyncio.timeout(PATIENCE_S), ProviderServer() as server:
        server.script(Hang())
        client = AsyncOpenAI(base_url=server.base_url, api_key="test", max_retries=0)
        asked = asyncio.create_task(client.responses.create(model=TEXT_MODEL, input=PROMPT))
        await server.wait_for_requests(1)

    with pytest.raises(APIConnectionError):
        await asked
    await client.close()


async def test_drips_one_byte_each_time_the_test_allows(server: ProviderServer, client: AsyncOpenAI) -> None:
    allowed = asyncio.Semaphore(1)
    server.script(Drip(RawBody('{"a":1}'), pace=allowed.acquire))
    chunks: list[bytes] = []

    async with client.responses.with_streaming_response.create(model=TEXT_MODEL, input=PROMPT) as response:
        async for chunk in response.iter_bytes():
            chunks.append(chunk)
            allowed.release()

    assert chunks == [b"{", b'"', b"a", b'"', b":", b"1", b"}"]


async def test_a_dripping_reply_notices_that_its_client_left(server: ProviderServer, client: AsyncOpenAI) -> None:
    server.script(Drip(RawBody("x" * 1_000_000), pace=lambda: asyncio.sleep(0)))

    async with client.responses.with_streaming_response.create(model=TEXT_MODEL, input=PROMPT) as response:
        first = await anext(response.iter_bytes(1))
    async with asyncio.timeout(PATIENCE_S):
        await server.requests[0].client_gone.wait()

    assert first == b"x"


@pytest.mark.parametrize("fault", [Reset(), Cut(RawBody("half of this"))])
async def test_a_broken_connection_breaks_one_request_only(
    server: ProviderServer, client: AsyncOpenAI, fault: Reset | Cut
) -> None:
    server.script(fault, Answer("recovered"))

    with pytest.raises(APIConnectionError):
        await client.responses.create(model=TEXT_MODEL, input=PROMPT)

    assert (await ask_text("responses", client)).text == "recovered"


async def test_an_error_carries_its_body_and_headers(server: ProviderServer, client: AsyncOpenAI) -> None:
    server.script(HttpError(503, type="overloaded", code="busy", message="later", headers={"retry-after": "2"}))

    with pytest.raises(InternalServerError) as caught:
        await client.responses.create(model=TEXT_MODEL, input=PROMPT)

    assert caught.value.body == {"message": "later", "type": "overloaded", "param": None, "code": "busy"}
    assert caught.value.response.headers["retry-after"] == "2"


@pytest.mark.parametrize("picture", [Picture(30, 20), Picture(8, 9, format="JPEG"), Picture(8, 9, format="WEBP")])
async def test_pictures_are_real_files(server: ProviderServer, client: AsyncOpenAI, picture: Picture) -> None:
    server.script(picture)

    image = (await ask_image(client)).image

    with Image.open(BytesIO(image.data)) as opened:
        assert (opened.width, opened.height, opened.format) == (picture.width, picture.height, picture.format)
    assert image.media_type == f"image/{picture.format.lower()}"


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"const": "only"}, "only"),
        ({"enum": ["first", "second"]}, "first"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "xxx"),
        ({"type": "string", "minLength": 5}, "xxxxx"),
        ({"type": "string", "maxLength": 2}, "xx"),
        ({"type": "string", "format": "date"}, "2026-01-01"),
        ({"type": "string", "pattern": r"^#\w+$"}, "#tag"),
        ({"type": "integer"}, 1),
        ({"type": "integer", "exclusiveMinimum": 7}, 8),
        ({"type": "number", "maximum": -2}, -2),
        ({"type": "boolean"}, False),
        ({"type": "null"}, None),
        ({"type": "array", "items": {"type": "integer"}, "minItems": 2}, [1, 1]),
        ({"type": "array", "items": {"type": "integer"}, "maxItems": 0}, []),
        ({"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"const": 3}}}, {"a": 3}),
    ],
)
def test_samples_the_smallest_value(schema: JsonObject, value: JsonValue) -> None:
    assert sample(schema) == value


@pytest.mark.parametrize("schema", [{"type": "string", "pattern": "^never$"}, {"allOf": []}, {"anyOf": [True]}])
def test_has_no_sample_for_a_foreign_schema(schema: JsonObject) -> None:
    with pytest.raises(ValueError):
        sample(schema)
