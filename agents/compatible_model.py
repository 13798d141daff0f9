"""A text model as its server takes it: what the server refuses or ignores is learned, for all calls of the service."""

import logging
from dataclasses import replace

from pydantic_ai import ModelMessage, ModelResponse, ModelSettings
from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.models.wrapper import WrapperModel

from agents.outcomes import ParameterRefused, refused_parameters
from agents.server_traits import Traits, is_openai, takes_store, traits_of
from models.server_profile import ServerProfile

logger = logging.getLogger("ai_service")


class CompatibleModel(WrapperModel):
    """A model and what was learned of its server."""

    def __init__(self, wrapped: Model, profile: ServerProfile) -> None:
        super().__init__(wrapped)
        self._traits = traits_of(wrapped, profile)
        self._variants: dict[Traits, Model] = {}

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Return the answer. Raises ParameterRefused where the next request will leave out what the server refused."""
        traits = self._traits
        settings = _settings(model_settings or {}, takes_store=takes_store(self.wrapped, traits))
        parameters = _parameters(model_request_parameters, traits)
        try:
            response = await self._variant(traits).request(messages, settings, parameters)
        except ModelHTTPError as error:
            self._learn_from(error, traits)
            raise
        if traits.answer_format != "text" and _is_prose(response) and not is_openai(self.wrapped):
            # no warning: models also answer in prose where their server holds them to a form, if rarely
            self._learn(traits, replace(traits, is_schema_told=True), "answers in prose", level=logging.INFO)
        return response

    def _variant(self, traits: Traits) -> Model:
        """Return the model with the profile that its server needs."""
        model = self.wrapped
        if not isinstance(model, OpenAIChatModel | OpenAIResponsesModel) or model.provider is None:
            return model
        if traits not in self._variants:
            self._variants[traits] = type(model)(
                model.model_name, provider=model.provider, profile=traits.as_profile(), settings=model.settings
            )
        return self._variants[traits]

    def _learn_from(self, error: ModelHTTPError, traits: Traits) -> None:
        """Raise ParameterRefused where an error names what can be left out of the next request."""
        names, learned = refused_parameters(error), traits
        for name in names.split(", "):
            learned = learned.without(name) or learned
        if learned == traits:
            return
        self._learn(traits, learned, f"doesn't take {names}")
        raise ParameterRefused(error.status_code, error.model_name, error.body) from error

    def _learn(self, before: Traits, learned: Traits, said: str, *, level: int = logging.WARNING) -> None:
        """Keep what was learned, unless another call learned something meanwhile: that is tried first."""
        if self._traits != before or learned == before:
            return
        self._traits = learned
        logger.log(
            level,
            "%s:%s %s: it is asked with token_limit %s and answer_format %s%s from now on; "
            "AI_SERVICE_SERVER_PROFILES says so in advance",
            *(self.system, self.model_name, said, learned.token_limit, learned.answer_format),
            " and the schema in the instructions" if learned.is_schema_told else "",
        )


def _settings(settings: ModelSettings, *, takes_store: bool) -> ModelSettings:
    if takes_store:
        return settings
    kept = {name: value for name, value in settings.items() if name != "openai_store"}
    return ModelSettings(**kept)  # pyright: ignore[reportArgumentType]


def _parameters(parameters: ModelRequestParameters, traits: Traits) -> ModelRequestParameters:
    """Return the parameters with the schema in the instructions, where the server takes none."""
    if traits.answer_format == "json_schema" or parameters.output_mode != "native":
        return parameters
    return replace(parameters, output_mode="prompted")


def _is_prose(response: ModelResponse) -> bool:
    """Return whether an answer holds no object at all: no server that holds it to a form sends that."""
    text = (response.text or "").strip()
    return response.finish_reason == "stop" and text != "" and "{" not in text
