"""Calls to the provider through the real client and the real models, without retries."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from openai import AsyncOpenAI, DefaultAsyncHttpxClient
from pydantic_ai import ModelRequest, ModelResponse
from pydantic_ai.direct import model_request
from pydantic_ai.images import ImageGenerationResult
from pydantic_ai.images.openai import OpenAIImageGenerationModel
from pydantic_ai.models import override_allow_model_requests
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.settings import ModelSettings

from tests.provider.received import Api

TEXT_MODEL = "gpt-5.2"
IMAGE_MODEL = "gpt-image-2"
PROMPT = '{"task":{"kind":"post"}}'


@asynccontextmanager
async def connected(base_url: str) -> AsyncGenerator[AsyncOpenAI]:
    """Open a client of `base_url` and allow models to use it."""
    http_client = DefaultAsyncHttpxClient(verify=False)  # plain HTTP: loading certificates would take 20 ms a test
    async with AsyncOpenAI(base_url=base_url, api_key="test", max_retries=0, http_client=http_client) as client:
        with override_allow_model_requests(True):
            yield client


def text_model(api: Api, client: AsyncOpenAI) -> OpenAIResponsesModel | OpenAIChatModel:
    provider = OpenAIProvider(openai_client=client)
    if api == "responses":
        return OpenAIResponsesModel(TEXT_MODEL, provider=provider)
    return OpenAIChatModel(TEXT_MODEL, provider=provider)


async def ask_text(api: Api, client: AsyncOpenAI, settings: ModelSettings | None = None) -> ModelResponse:
    messages = [ModelRequest.user_text_prompt(PROMPT)]
    return await model_request(text_model(api, client), messages, model_settings=settings)


async def ask_image(client: AsyncOpenAI) -> ImageGenerationResult:
    model = OpenAIImageGenerationModel(IMAGE_MODEL, provider=OpenAIProvider(openai_client=client))
    return await model.generate(PROMPT)


async def ask(api: Api, client: AsyncOpenAI) -> ModelResponse | ImageGenerationResult:
    """Call the provider through `api`."""
    return await ask_image(client) if api == "images" else await ask_text(api, client)
