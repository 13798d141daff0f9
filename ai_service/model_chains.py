"""The models of each feature, as the settings or the business's own credentials name them."""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from openai import OpenAIError
from pydantic_ai.exceptions import UserError
from pydantic_ai.images import ImageGenerationModel
from pydantic_ai.models import Model

from agents.chain import Chain
from agents.model_names import check_name
from agents.price_sources import Prices
from ai_service.accounts import Account, Accounts
from ai_service.errors import ConfigurationError
from ai_service.hosts_credentials import HostsCredentials
from ai_service.settings import SANDBOX, Settings
from deps.call import Call
from models.vocabulary import Feature


@dataclass(frozen=True, kw_only=True)
class _Choice:
    """What serves a call."""

    feature: Feature
    names: list[str]
    """The name of the model first, its fallbacks after it."""
    account: Account


@dataclass(frozen=True, kw_only=True)
class ModelChains:
    """Each feature's model and its fallbacks."""

    settings: Settings
    account: Account
    """The service's own."""
    prices: Prices
    credentials: HostsCredentials | None
    """What businesses bring; None: nothing."""
    accounts: Accounts
    """Those of the businesses."""

    @asynccontextmanager
    async def text(self, call: Call) -> AsyncGenerator[Chain[Model]]:
        """Yield the model of a call's text feature and its fallbacks, which stay open within the block.

        Raises ConfigurationError where one cannot be used, or as `HostsCredentials` does.
        """
        async with self._choice(call) as choice:
            yield await self._text(choice)

    @asynccontextmanager
    async def image(self, call: Call) -> AsyncGenerator[Chain[ImageGenerationModel]]:
        """Yield the model of a call's picture and its fallbacks. Raises as `text` does."""
        async with self._choice(call) as choice:
            yield self._image(choice)

    async def of(self, feature: Feature) -> Chain[Model] | Chain[ImageGenerationModel]:
        """Return the service's own model of any feature. Raises ConfigurationError where one cannot be used."""
        choice = _Choice(feature=feature, names=self._names(feature), account=self.account)
        return self._image(choice) if feature is Feature.IMAGE else await self._text(choice)

    async def check(self) -> None:
        """Raise ConfigurationError for a model of the settings that cannot be used, as far as no request tells it.

        The default for pictures is not asked for: a host without them needs no key for them. Where businesses bring
        keys nothing is checked: the service may need none of its own.
        """
        if self.credentials is not None:
            return
        self.settings.check_text_models()
        for feature in Feature:
            if self.settings.names_model(feature) and self.settings.chain(feature) != [SANDBOX]:
                await self.of(feature)

    async def unpriced(self, at: datetime) -> list[str]:
        """Return the names of the models that can be used and have no known price."""
        found: dict[str, None] = {}
        for feature in Feature:
            with suppress(ConfigurationError):
                chain = await self.of(feature)
                for model in chain.models:
                    if not self._is_priced(model, at):
                        found[f"{model.system}:{model.model_name}"] = None
        return list(found)

    @asynccontextmanager
    async def _choice(self, call: Call) -> AsyncGenerator[_Choice]:
        own = await self.credentials.get_credentials(call.business_id, call.feature) if self.credentials else None
        names = self._names(call.feature, own.models if own else None)
        if own is None or own.api_key is None:
            yield _Choice(feature=call.feature, names=names, account=self.account)
            return
        served = _of_first_vendor(names)
        if own.models and served != names:
            raise ConfigurationError(
                f"model of {call.feature}: {', '.join(names)} are of several providers, and a key is for one: "
                "return models of one provider from your CredentialSource"
            )
        async with self.accounts.using(own.api_key, own.base_url) as account:
            yield _Choice(feature=call.feature, names=served, account=account)

    async def _text(self, choice: _Choice) -> Chain[Model]:
        with _usable(choice.feature):
            models = [await choice.account.providers.text_model(name) for name in choice.names]
        return Chain(tuple(models), choice.account.gates, self.prices)

    def _image(self, choice: _Choice) -> Chain[ImageGenerationModel]:
        with _usable(choice.feature):
            models = [choice.account.providers.image_model(name) for name in choice.names]
        return Chain(tuple(models), choice.account.gates, self.prices)

    def _is_priced(self, model: Model | ImageGenerationModel, at: datetime) -> bool:
        a_token = self.prices.current.cost_of_tokens(
            provider=model.system,
            provider_url=model.base_url or "",
            model=model.model_name,
            input_tokens=1,
            output_tokens=1,
            at=at,
        )
        return a_token is not None

    def _names(self, feature: Feature, own: list[str] | None = None) -> list[str]:
        names = own or self.settings.chain(feature)
        with _usable(feature):
            for name in names:
                if name != SANDBOX:
                    check_name(name)
        return names


def _of_first_vendor(names: list[str]) -> list[str]:
    """Return the models that the key of the first one is for: no other vendor gets to see it."""
    first = _vendor(names[0])
    return [name for name in names if _vendor(name) == first]


def _vendor(name: str) -> str:
    """Return the provider of a model, whichever of its APIs serves it."""
    return name.partition(":")[0].removesuffix("-chat").removesuffix("-responses")


@contextmanager
def _usable(feature: Feature) -> Generator[None]:
    """Raise what is wrong with a model's name, its key or its provider's package as an error of the settings.

    It leaves without what it came of: the frames of an SDK hold the key.
    """
    try:
        yield
    except (UserError, ValueError, OpenAIError, ImportError) as error:
        raise ConfigurationError(f"model of {feature}: {error}") from None
