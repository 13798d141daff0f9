"""The model providers: a name from the settings becomes a model. Nothing else talks to an AI vendor."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from openai import AsyncOpenAI
from pydantic_ai.images import ImageGenerationModel, infer_image_generation_model
from pydantic_ai.models import Model, infer_model
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider

SANDBOX = "sandbox"


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What providers need that the environment may not hold (it may stand in `.env`)."""

    openai_api_key: str | None = None
    openai_base_url: str | None = None


class Providers:
    """The models of one service, each made once and closed with it."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._openai: OpenAIProvider | None = None
        self._models: dict[str, Model] = {}
        self._image_models: dict[str, ImageGenerationModel] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Begin the life of the models' HTTP clients."""
        await self._stack.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the models' HTTP clients."""
        await self._stack.__aexit__(kind, error, traceback)

    async def text_model(self, name: str) -> Model:
        """Return the model named `provider:model`, or `sandbox`.

        Raises UserError or ValueError where the name or its key isn't usable.
        """
        if name not in self._models:
            model = self._make(name)
            self._models[name] = await self._stack.enter_async_context(model)
        return self._models[name]

    def image_model(self, name: str) -> ImageGenerationModel:
        """Return the image model named `provider:model`, or `sandbox`. Raises as `text_model` does."""
        if name not in self._image_models:
            self._image_models[name] = self._make_image(name)
        return self._image_models[name]

    def _make(self, name: str) -> Model:
        provider, _, model_name = name.partition(":")
        if name == SANDBOX:
            from agents.sandbox.model import SandboxModel  # loads phrase files: only where it is asked for

            return SandboxModel()
        if provider in ("openai", "openai-responses"):
            return OpenAIResponsesModel(model_name, provider=self._openai_provider())
        if provider == "openai-chat":
            return OpenAIChatModel(model_name, provider=self._openai_provider())
        return infer_model(name)

    def _make_image(self, name: str) -> ImageGenerationModel:
        provider, _, model_name = name.partition(":")
        if name == SANDBOX:
            from agents.sandbox.image_model import SandboxImageModel  # loads fonts: only where it is asked for

            return SandboxImageModel()
        if provider == "openai":
            from agents.picture_model import PictureModel  # only where pictures are asked for

            return PictureModel(model_name, provider=self._openai_provider())
        return infer_image_generation_model(name)

    def _openai_provider(self) -> OpenAIProvider:
        """Return one provider for all OpenAI models; its client never retries, `agents.question` does."""
        if self._openai is None:
            credentials = self._credentials
            client = AsyncOpenAI(
                api_key=credentials.openai_api_key or ("not needed" if credentials.openai_base_url else None),
                base_url=credentials.openai_base_url,
                max_retries=0,
            )
            self._stack.push_async_callback(client.close)
            self._openai = OpenAIProvider(openai_client=client)
        return self._openai
