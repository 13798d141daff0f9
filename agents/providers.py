"""Creates the model that a name in the settings means. Nothing else talks to an AI vendor."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Any, Self

from openai import AsyncOpenAI, Omit
from pydantic_ai.exceptions import UserError
from pydantic_ai.images import ImageGenerationModel, infer_image_generation_model
from pydantic_ai.models import Model, infer_model
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers import Provider, infer_provider, infer_provider_class
from pydantic_ai.providers.openai import OpenAIProvider

from agents.compatible_model import CompatibleModel
from agents.envelope import BoundedClient
from agents.envelope.bounded_client import PICTURE_BYTES, TEXT_BYTES
from models.server_profile import ServerProfile

SANDBOX = "sandbox"

_NO_ACCOUNT: Any = {"OpenAI-Organization": Omit(), "OpenAI-Project": Omit()}  # Any: the SDK types its values as texts
"""Leaves out what the environment says of the service's own account."""


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What providers need that the environment may not hold (it may stand in `.env`)."""

    openai_api_key: str | None = field(default=None, repr=False)
    openai_base_url: str | None = field(default=None, repr=False)
    other_vendors: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """`api_key` and `base_url` of any other vendor; empty: those of the environment."""

    @classmethod
    def of_business(cls, api_key: str, base_url: str | None, *, openai_base_url: str | None) -> Self:
        """Return a business's own, for whichever vendor its models are of; without an address OpenAI's is as given."""
        other_vendors = {"api_key": api_key} | ({"base_url": base_url} if base_url else {})
        return cls(openai_api_key=api_key, openai_base_url=base_url or openai_base_url, other_vendors=other_vendors)


class Providers:
    """The models of one service, each made once and closed with it."""

    def __init__(self, credentials: Credentials, profiles: Mapping[str, ServerProfile] | None = None) -> None:
        self._credentials = credentials
        self._profiles = profiles or {}
        self._clients: dict[int, BoundedClient] = {}
        self._openai: dict[int, OpenAIProvider] = {}
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
            model = OpenAIResponsesModel(model_name, provider=self._openai_provider(TEXT_BYTES))
        elif provider == "openai-chat":
            model = OpenAIChatModel(model_name, provider=self._openai_provider(TEXT_BYTES))
        else:
            try:
                model = infer_model(name, partial(self._other_provider, most_bytes=TEXT_BYTES))
            except ValueError:
                infer_model(name)  # its error says which name may be meant
                raise
        return CompatibleModel(model, self._profiles.get(name, ServerProfile()))

    def _make_image(self, name: str) -> ImageGenerationModel:
        provider, _, model_name = name.partition(":")
        if name == SANDBOX:
            from agents.sandbox.image_model import SandboxImageModel  # loads fonts: only where it is asked for

            return SandboxImageModel()
        if provider == "openai":
            from agents.picture_model import PictureModel  # only where pictures are asked for

            return PictureModel(model_name, provider=self._openai_provider(PICTURE_BYTES))
        return infer_image_generation_model(
            name, provider_factory=partial(self._other_provider, most_bytes=PICTURE_BYTES)
        )

    def _openai_provider(self, most_bytes: int) -> OpenAIProvider:
        """Return one provider for all OpenAI models of a kind; its client never retries, `agents.sending` does."""
        if most_bytes not in self._openai:
            credentials = self._credentials
            client = AsyncOpenAI(
                api_key=credentials.openai_api_key or ("not needed" if credentials.openai_base_url else None),
                base_url=credentials.openai_base_url,
                max_retries=0,
                http_client=self._client(most_bytes),
                default_headers=_NO_ACCOUNT if credentials.other_vendors else None,
            )
            self._openai[most_bytes] = OpenAIProvider(openai_client=client)
        return self._openai[most_bytes]

    # Any: the SDK's client of each vendor
    def _other_provider(self, name: str, *, most_bytes: int) -> Provider[Any]:
        """Return another vendor's provider, on the bounded client where its SDK takes one."""
        make: Any = infer_provider_class(name)
        own = self._credentials.other_vendors
        try:
            return make(http_client=self._client(most_bytes), **own)
        except TypeError:  # an SDK with a client of its own
            return _given(make, name, own) if own else infer_provider(name)

    def _client(self, most_bytes: int) -> BoundedClient:
        if most_bytes not in self._clients:
            self._clients[most_bytes] = client = BoundedClient(most_bytes=most_bytes)
            self._stack.push_async_callback(client.aclose)
        return self._clients[most_bytes]


# Any: as above
def _given(make: Any, name: str, own: Mapping[str, str]) -> Provider[Any]:
    """Return a vendor's provider with a business's key. Raises UserError where it takes none, or no address."""
    try:
        return make(**own)
    except TypeError:
        raise UserError(f"{name} takes no {' or no '.join(own)} of a business: leave it out") from None
