"""How PydanticAI reports a provider's failures: the facts that the attempt policy relies on."""

import asyncio

import pytest
from openai import APIConnectionError, APIStatusError, APITimeoutError, AsyncOpenAI
from pydantic import ValidationError
from pydantic_ai.exceptions import (
    ContentFilterError,
    ModelAPIError,
    ModelAuthenticationError,
    ModelConnectionError,
    ModelContextWindowExceededError,
    ModelHTTPError,
    ModelNotFoundError,
    ModelOverloadedError,
    ModelQuotaExceededError,
    ModelRateLimitError,
    ModelRequestRejectedError,
    ModelRequestTimeout,
    ModelServerError,
    ModelTimeoutError,
    ModelUnavailableError,
    UnexpectedModelBehavior,
)

from tests.loop_clock import out_of_time
from tests.provider import connections
from tests.provider.asking import ask, ask_image, ask_text, connected
from tests.provider.reactions import (
    BAD_GATEWAY,
    BROKEN_JSON,
    HTML_PAGE,
    MODEL_NOT_FOUND,
    MODERATION_BLOCKED,
    NOT_AN_ANSWER,
    QUOTA_EXHAUSTED,
    UNAUTHORIZED,
    Cut,
    Drip,
    Hang,
    HttpError,
    RawBody,
    Reset,
    Sampled,
    rate_limited,
)
from tests.provider.received import Api
from tests.provider_server import ProviderServer, refusing_url

server, client = connections.server, connections.client

TEXT_APIS: list[Api] = ["responses", "chat"]
APIS: list[Api] = [*TEXT_APIS, "images"]
LIMIT_S = 60.0
"""Time limit for a provider that never answers."""

HTTP_ERRORS: list[tuple[HttpError, type[ModelAPIError]]] = [
    (HttpError(400), ModelRequestRejectedError),
    (HttpError(400, code="context_length_exceeded"), ModelContextWindowExceededError),
    (HttpError(401), ModelAuthenticationError),
    (UNAUTHORIZED, ModelAuthenticationError),
    (HttpError(402), ModelQuotaExceededError),
    (HttpError(403), ModelAuthenticationError),
    (HttpError(404), ModelNotFoundError),
    (MODEL_NOT_FOUND, ModelNotFoundError),
    (HttpError(400, code="model_not_found"), ModelNotFoundError),
    (HttpError(408), ModelHTTPError),
    (HttpError(409), ModelHTTPError),
    (HttpError(413), ModelHTTPError),
    (HttpError(422), ModelRequestRejectedError),
    (rate_limited(), ModelRateLimitError),
    (QUOTA_EXHAUSTED, ModelQuotaExceededError),
    (HttpError(500), ModelServerError),
    (HttpError(502), ModelServerError),
    (HttpError(503), ModelUnavailableError),
    (HttpError(503, message="The model is overloaded."), ModelOverloadedError),
    (HttpError(504), ModelServerError),
    (HttpError(529), ModelOverloadedError),
]


@pytest.mark.parametrize("api", TEXT_APIS)
async def test_an_http_error_of_a_text_api_has_a_category(
    server: ProviderServer, client: AsyncOpenAI, api: Api
) -> None:
    server.script(*(error for error, _ in HTTP_ERRORS))

    for error, category in HTTP_ERRORS:
        with pytest.raises(ModelHTTPError) as caught:
            await ask_text(api, client)

        assert isinstance(caught.value, category)
        assert type(caught.value).__name__ == category.__name__
        assert caught.value.status_code == error.status
        assert (caught.value.provider_error_type, caught.value.provider_error_code) == (error.type, error.code)


async def test_an_http_error_of_the_images_api_has_only_a_status_and_a_body(
    server: ProviderServer, client: AsyncOpenAI
) -> None:
    server.script(*(error for error, _ in HTTP_ERRORS))

    for error, _ in HTTP_ERRORS:
        with pytest.raises(ModelHTTPError) as caught:
            await ask_image(client)

        assert type(caught.value) is ModelHTTPError
        assert caught.value.status_code == error.status
        assert (caught.value.provider_error_type, caught.value.provider_error_code) == (None, None)
        assert caught.value.body == {"message": error.message, "type": error.type, "param": None, "code": error.code}


@pytest.mark.parametrize("api", APIS)
async def test_reads_retry_after_in_whole_seconds_milliseconds_and_as_a_date(
    server: ProviderServer, client: AsyncOpenAI, api: Api
) -> None:
    in_the_past = "Wed, 01 Jan 2020 00:00:00 GMT"
    asked_to_wait = [
        (rate_limited("7"), 7.0),
        (HttpError(429, headers={"retry-after-ms": "1500", "retry-after": "9"}), 1.5),
        (HttpError(503, headers={"retry-after": "0"}), 0.0),
        (rate_limited(in_the_past), 0.0),
        (rate_limited("1.5"), None),
        (rate_limited("soon"), None),
        (rate_limited("-4"), None),
        (rate_limited(), None),
    ]
    server.script(*(error for error, _ in asked_to_wait))

    for _, seconds in asked_to_wait:
        with pytest.raises(ModelHTTPError) as caught:
            await ask(api, client)

        assert caught.value.retry_after == seconds


async def test_a_blocked_picture_is_a_content_filter_error(server: ProviderServer, client: AsyncOpenAI) -> None:
    server.script(MODERATION_BLOCKED)

    with pytest.raises(ContentFilterError) as caught:
        await ask_image(client)

    assert isinstance(caught.value.__cause__, APIStatusError)


@pytest.mark.parametrize(
    ("api", "raised"), [("responses", ModelServerError), ("chat", ModelServerError), ("images", ModelHTTPError)]
)
async def test_a_gateway_page_is_a_server_error(
    server: ProviderServer, client: AsyncOpenAI, api: Api, raised: type[ModelAPIError]
) -> None:
    server.script(BAD_GATEWAY)

    with pytest.raises(ModelHTTPError) as caught:
        await ask(api, client)

    assert type(caught.value).__name__ == raised.__name__
    assert (caught.value.status_code, caught.value.body) == (502, BAD_GATEWAY.text)


@pytest.mark.parametrize(
    ("api", "body", "raised", "cause"),
    [
        ("responses", BROKEN_JSON, ModelAPIError, ValueError),
        ("chat", BROKEN_JSON, ModelAPIError, ValueError),
        ("images", BROKEN_JSON, ModelAPIError, ValueError),
        ("responses", HTML_PAGE, ModelAPIError, None),
        ("chat", HTML_PAGE, UnexpectedModelBehavior, None),
        ("images", HTML_PAGE, ModelAPIError, None),
        ("responses", NOT_AN_ANSWER, TypeError, None),  # no error of PydanticAI's at all
        ("chat", NOT_AN_ANSWER, UnexpectedModelBehavior, ValidationError),
        ("images", NOT_AN_ANSWER, UnexpectedModelBehavior, None),
    ],
)
async def test_a_body_that_is_no_answer_has_a_different_error_on_each_api(
    server: ProviderServer,
    client: AsyncOpenAI,
    api: Api,
    body: RawBody,
    raised: type[Exception],
    cause: type[Exception] | None,
) -> None:
    server.script(body)

    with pytest.raises(raised) as caught:
        await ask(api, client)

    assert type(caught.value) is raised
    assert isinstance(caught.value.__cause__, cause or type(None))


async def test_a_response_that_failed_has_a_category_without_a_status(
    server: ProviderServer, client: AsyncOpenAI
) -> None:
    server.script(RawBody('{"status":"failed","error":{"code":"server_error","message":"boom"},"output":[]}'))

    with pytest.raises(ModelServerError) as caught:
        await ask_text("responses", client)

    assert not isinstance(caught.value, ModelHTTPError)
    assert caught.value.provider_error_code == "server_error"


@pytest.mark.parametrize("fault", [Reset(), Cut(Sampled())])
@pytest.mark.parametrize("api", TEXT_APIS)
async def test_a_connection_that_breaks_on_a_text_api_is_a_connection_error_while_reading(
    server: ProviderServer, client: AsyncOpenAI, api: Api, fault: Reset | Cut
) -> None:
    server.script(fault)

    with pytest.raises(ModelConnectionError) as caught:
        await ask_text(api, client)

    assert type(caught.value) is ModelConnectionError
    assert caught.value.phase == "read"


@pytest.mark.parametrize("fault", [Reset(), Cut(Sampled())])
async def test_a_connection_that_breaks_on_the_images_api_shows_in_the_cause_alone(
    server: ProviderServer, client: AsyncOpenAI, fault: Reset | Cut
) -> None:
    server.script(fault)

    with pytest.raises(ModelAPIError) as caught:
        await ask_image(client)

    assert type(caught.value) is ModelAPIError
    assert type(caught.value.__cause__) is APIConnectionError


@pytest.mark.parametrize("api", TEXT_APIS)
async def test_a_refused_connection_was_never_sent(api: Api) -> None:
    with refusing_url() as base_url:
        async with connected(base_url) as client:
            with pytest.raises(ModelConnectionError) as caught:
                await ask_text(api, client)

    assert caught.value.phase == "connect"


@pytest.mark.parametrize("api", TEXT_APIS)
async def test_the_time_limit_of_a_request_covers_a_provider_that_hangs_or_drips(
    server: ProviderServer, client: AsyncOpenAI, api: Api
) -> None:
    server.script(Hang(), Drip(Sampled(), pace=asyncio.Event().wait))

    for _ in range(2):
        with pytest.raises(ModelRequestTimeout) as caught:
            await out_of_time(ask_text(api, client, {"request_timeout": LIMIT_S}), server, limit_s=LIMIT_S)
        assert caught.value.timeout == LIMIT_S


@pytest.mark.parametrize("api", TEXT_APIS)
async def test_the_time_limit_of_the_client_is_another_error(
    server: ProviderServer, client: AsyncOpenAI, api: Api
) -> None:
    server.script(Hang())

    with pytest.raises(ModelTimeoutError) as caught:
        await out_of_time(ask_text(api, client, {"timeout": LIMIT_S}), server, limit_s=LIMIT_S)

    assert caught.value.phase == "read"
    assert isinstance(caught.value.__cause__, APITimeoutError)


async def test_a_time_limit_on_the_images_api_shows_in_the_cause_alone(
    server: ProviderServer, client: AsyncOpenAI
) -> None:
    server.script(Hang())

    with pytest.raises(ModelAPIError) as caught:
        await out_of_time(ask_image(client.with_options(timeout=LIMIT_S)), server, limit_s=LIMIT_S)

    assert type(caught.value) is ModelAPIError
    assert isinstance(caught.value.__cause__, APITimeoutError)
