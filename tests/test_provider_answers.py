"""How PydanticAI reads a provider's answers: the facts that the attempt policy relies on."""

from typing import Literal

import pytest
from openai import AsyncOpenAI
from pydantic_ai import Agent, NativeOutput
from pydantic_ai.exceptions import ContentFilterError, ToolRetryError, UnexpectedModelBehavior
from pydantic_ai.usage import RequestUsage

from models.content import PostCopy
from tests.provider import connections
from tests.provider.asking import PROMPT, ask_image, ask_text, text_model
from tests.provider.reactions import Answer, Picture, PictureText, PictureUrl, RawBody, Refusal
from tests.provider.received import Api
from tests.provider_server import ProviderServer

server, client = connections.server, connections.client

TEXT_APIS: list[Api] = ["responses", "chat"]
POST = '{"caption":"Bonjour","hashtags":["#pain"],"script":"Une brioche."}'


@pytest.mark.parametrize(
    ("reply", "finish_reason", "text"),
    [
        (Answer(POST), "stop", POST),
        (Answer(""), "stop", None),
        (Answer(None), "stop", None),
        (Refusal(), "content_filter", None),
        (Answer(None, finish="content_filter"), "content_filter", None),
        (Answer(POST, finish="content_filter"), "content_filter", POST),
        (Answer(None, finish="length"), "length", None),
        (Answer(POST[:20], finish="length"), "length", POST[:20]),
    ],
)
@pytest.mark.parametrize("api", TEXT_APIS)
async def test_an_answer_of_any_kind_is_a_response_for_the_model(
    server: ProviderServer, client: AsyncOpenAI, api: Api, reply: Answer | Refusal, finish_reason: str, text: str | None
) -> None:
    server.script(reply)

    response = await ask_text(api, client)

    assert (response.finish_reason, response.text) == (finish_reason, text)
    assert (response.usage.input_tokens, response.usage.cache_read_tokens) == (100, 40)
    assert (response.usage.output_tokens, response.usage.output_reasoning_tokens) == (20, 5)
    assert ("refusal" in (response.provider_details or {})) == isinstance(reply, Refusal)


@pytest.mark.parametrize("api", TEXT_APIS)
async def test_an_answer_without_usage_is_an_unmeasured_request(
    server: ProviderServer, client: AsyncOpenAI, api: Api
) -> None:
    server.script(Answer(POST, tokens=None))

    response = await ask_text(api, client)

    assert response.usage == RequestUsage(unmeasured_requests=1)


@pytest.mark.parametrize(
    ("reply", "raised", "cause"),
    [
        (Answer(""), UnexpectedModelBehavior, ToolRetryError),
        (Answer(None), UnexpectedModelBehavior, ToolRetryError),
        (Answer("no JSON"), UnexpectedModelBehavior, ToolRetryError),
        (Answer(POST[:20], finish="length"), UnexpectedModelBehavior, ToolRetryError),
        (Answer(None, finish="length"), UnexpectedModelBehavior, None),
        (Answer(POST[:20], finish="content_filter"), UnexpectedModelBehavior, ToolRetryError),
        (Answer(None, finish="content_filter"), ContentFilterError, None),
        (Refusal(), ContentFilterError, None),
    ],
)
@pytest.mark.parametrize("api", TEXT_APIS)
async def test_an_answer_without_the_output_is_an_error_of_the_agent(
    server: ProviderServer,
    client: AsyncOpenAI,
    api: Api,
    reply: Answer | Refusal,
    raised: type[Exception],
    cause: type[Exception] | None,
) -> None:
    agent = Agent(text_model(api, client), output_type=NativeOutput(PostCopy), retries=0)
    server.script(reply)

    with pytest.raises(raised) as caught:
        await agent.run(PROMPT)

    assert type(caught.value) is raised
    assert isinstance(caught.value.__cause__, cause or type(None))


@pytest.mark.parametrize("finish", ["length", "content_filter"])
@pytest.mark.parametrize("api", TEXT_APIS)
async def test_an_agent_accepts_whole_json_whatever_the_provider_cut(
    server: ProviderServer, client: AsyncOpenAI, api: Api, finish: Literal["length", "content_filter"]
) -> None:
    agent = Agent(text_model(api, client), output_type=NativeOutput(PostCopy), retries=0)
    server.script(Answer(POST, finish=finish))

    assert (await agent.run(PROMPT)).output.caption == "Bonjour"


async def test_a_picture_reports_its_tokens(server: ProviderServer, client: AsyncOpenAI) -> None:
    server.script(Picture(), Picture(tokens=None))

    result, unmeasured = await ask_image(client), await ask_image(client)

    assert (result.usage.input_tokens, result.usage.output_tokens) == (50, 1056)
    assert (result.usage.details["input_text_tokens"], result.usage.details["output_image_tokens"]) == (50, 1056)
    assert unmeasured.usage == RequestUsage()


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (PictureText("%%%"), "valid base64"),
        (PictureText(""), "did not contain base64"),
        (PictureText("aGVsbG8="), "recognized image format"),
        (PictureUrl("https://example.com/picture.png"), "did not contain base64"),
        (RawBody('{"created":1,"data":[]}'), "did not contain any images"),
    ],
)
async def test_what_is_not_a_picture_in_base64_is_unexpected(
    server: ProviderServer, client: AsyncOpenAI, reply: PictureText | PictureUrl | RawBody, message: str
) -> None:
    server.script(reply)

    with pytest.raises(UnexpectedModelBehavior, match=message) as caught:
        await ask_image(client)

    assert "example.com" not in (caught.value.body or "")
