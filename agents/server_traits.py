"""What is known of a model's server: what it takes, and what it refused."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import httpx2
from pydantic_ai.models import Model
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.profiles.openai import OpenAIModelProfile

from models.server_profile import AnswerFormat, ServerProfile, TokenLimit

_OPENAI = "openai.com"
_OTHER_LIMIT: Mapping[TokenLimit, TokenLimit] = {
    "max_completion_tokens": "max_tokens",
    "max_tokens": "max_completion_tokens",
}
_NEXT_FORMAT: Mapping[AnswerFormat, AnswerFormat] = {"json_schema": "json_object", "json_object": "text"}
_FORMATS = ("response_format", "text")
"""What the two APIs call the form of the answer."""
_LEFT_OUT = ("store", "include")
"""Parameters that can be left out for nothing."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What one server takes."""

    token_limit: TokenLimit
    answer_format: AnswerFormat
    is_schema_told: bool = False
    """Whether the instructions hold the schema beside the form of the answer."""
    refused: frozenset[str] = frozenset()
    """Names of the parameters that it refused."""

    def without(self, parameter: str) -> "Traits | None":
        """Return the traits for a request without a refused parameter; None where there is no such request."""
        if parameter == self.token_limit:
            return replace(self, token_limit=_OTHER_LIMIT[self.token_limit])
        if parameter in _FORMATS and (form := _NEXT_FORMAT.get(self.answer_format)) is not None:
            return replace(self, answer_format=form)
        if parameter in _LEFT_OUT and parameter not in self.refused:
            return replace(self, refused=self.refused | {parameter})
        return None

    def as_profile(self) -> OpenAIModelProfile:
        """Return what the framework needs to know of the server."""
        profile = OpenAIModelProfile(
            openai_chat_supports_max_completion_tokens=self.token_limit == "max_completion_tokens",
            openai_chat_send_back_thinking_parts=False,  # some servers refuse reasoning in a request
            supports_json_object_output=self.answer_format == "json_object",
        )
        if self.is_schema_told:
            profile["native_output_requires_schema_in_instructions"] = True
        if "include" in self.refused:
            profile["openai_supports_encrypted_reasoning_content"] = False
        return profile


def traits_of(model: Model, profile: ServerProfile) -> Traits:
    """Return what the server of a model takes, as far as its name, its address and the settings tell."""
    return Traits(
        token_limit=profile.token_limit or _token_limit(model), answer_format=profile.answer_format or _format(model)
    )


def is_openai(model: Model) -> bool:
    """Return whether a model is served by OpenAI itself."""
    host = httpx2.URL(model.base_url or "").host
    return host == _OPENAI or host.endswith(f".{_OPENAI}")


def takes_store(model: Model, traits: Traits) -> bool:
    """Return whether `store: false` is sent: to OpenAI, and over its Responses API, whose servers store unless told."""
    is_asked = isinstance(model, OpenAIResponsesModel) or (isinstance(model, OpenAIChatModel) and is_openai(model))
    return is_asked and "store" not in traits.refused


def _token_limit(model: Model) -> TokenLimit:
    """Return the name that the server most probably takes: OpenAI's reasoning models refuse the older one anywhere."""
    profile: Mapping[str, object] = model.profile
    if not profile.get("openai_chat_supports_max_completion_tokens", True):
        return "max_tokens"
    is_new = is_openai(model) or model.system == "azure" or profile.get("openai_supports_reasoning", False)
    return "max_completion_tokens" if is_new else "max_tokens"


def _format(model: Model) -> AnswerFormat:
    if model.profile.get("supports_json_schema_output", False):
        return "json_schema"
    return "json_object" if model.profile.get("supports_json_object_output", False) else "text"
