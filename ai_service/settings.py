"""The settings, from the environment or a `.env` file."""

from decimal import Decimal
from typing import Annotated, Any, Self, cast

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from ai_service.errors import ConfigurationError, Problem, problems_of
from ai_service.variables import ENV_FILE, PREFIX, decoding_problem, without_blank
from models.base import Given
from models.credentials import HttpAddress
from models.receiving import is_blank, received
from models.server_profile import ServerProfile
from models.vocabulary import Feature

DEFAULT_MODEL = "openai:gpt-5.2"
DEFAULT_IMAGE_MODEL = "openai:gpt-image-2"
SANDBOX = "sandbox"

_IMAGE_TIMEOUT_S = 60.0
_IMAGE_DEADLINE_S = 120.0
_IMAGE_OUTPUT_TOKENS = 8_000
"""Bound of one picture: gpt-image-2 takes 1,056 tokens for a square of middle quality, some 6,200 at the most."""


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _without_blank(value: object) -> object:
    if not isinstance(value, dict):
        return value
    return {key: item for key, item in cast("dict[object, object]", value).items() if not is_blank(item)}


ModelNames = Annotated[list[str], BeforeValidator(_as_list), Field(min_length=1, max_length=5)]


class Limits(Given):
    """What one feature may take; None: the general setting holds."""

    request_timeout_s: float | None = Field(default=None, gt=0)
    """Seconds one HTTP request may take."""
    deadline_s: float | None = Field(default=None, gt=0)
    """Seconds a whole call may take."""
    max_attempts: int | None = Field(default=None, ge=1, le=10)
    """HTTP requests per question."""
    max_output_tokens: int | None = Field(default=None, ge=16)
    """Token limit of one answer."""


class Settings(BaseSettings):
    """All settings. Each field is the variable `AI_SERVICE_<FIELD>`; providers' own variables keep their names.

    What is blank is unset. Raises ConfigurationError naming the variable that is wrong.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        env_file_encoding="utf-8-sig",
        env_nested_delimiter="__",
        allow_inf_nan=False,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    model: str | None = None
    """`provider:model` of the text features, or `sandbox`; with an OpenAI key and nothing said `openai:gpt-5.2`."""
    models: Annotated[dict[Feature, ModelNames], BeforeValidator(_without_blank)] = Field(
        default_factory=dict[Feature, list[str]]
    )
    """JSON: models per feature; a list is a model and its fallbacks."""
    image_model: str | None = None
    """`provider:model` of the image feature, or `sandbox`; by default `openai:gpt-image-2`."""
    database_url: str = Field(default="sqlite+aiosqlite:///ai_service.db", repr=False)
    """SQLAlchemy URL of an async driver."""
    request_timeout_s: float = Field(default=20, gt=0)
    """Seconds one HTTP request of a text feature may take."""
    image_timeout_s: float = Field(default=_IMAGE_TIMEOUT_S, gt=0)
    """Seconds one HTTP request of the image feature may take."""
    deadline_s: float = Field(default=45, gt=0)
    """Seconds a whole call of a text feature may take; images 120."""
    max_attempts: int = Field(default=3, ge=1, le=10)
    """HTTP requests per question."""
    backoff_s: float = Field(default=0.5, ge=0)
    """Seconds, at most, before a model that failed is asked again; doubled for each further wait, up to 2 s."""
    max_running: int = Field(default=100, ge=1)
    """Requests at once in this process; above some 150 the event loop is the bottleneck."""
    max_queued: int = Field(default=1_000, ge=0)
    """Requests that wait for a place; a call that comes then and has sent nothing is refused as `OVERLOADED`."""
    unknown_price_usd_per_mtok: Decimal | None = Field(default=None, gt=0)
    """USD for a million tokens to charge to budgets where a model's price is unknown; None: such calls are refused
    where a budget holds."""
    prices: str | None = Field(default=None, repr=False)
    """A file of newer or additional prices, or an http(s) address that they are read from every hour; None: those of
    the installed genai-prices."""
    max_output_tokens: int = Field(default=4_000, ge=16)
    """Token limit of one answer, reasoning included."""
    features: dict[Feature, Limits] = Field(default_factory=dict[Feature, Limits])
    """JSON: limits per feature, e.g. `{"video": {"deadline_s": 60}}`."""
    server_profiles: dict[str, ServerProfile] = Field(default_factory=dict[str, ServerProfile])
    """JSON: what a model's server takes, by the model's name, e.g.
    `{"openai-chat:llama": {"token_limit": "max_tokens"}}`; what is not said is worked out, and learned."""
    openai_api_key: SecretStr | None = Field(default=None, validation_alias="OPENAI_API_KEY")
    """OpenAI's key."""
    openai_base_url: HttpAddress | None = Field(default=None, validation_alias="OPENAI_BASE_URL", repr=False)
    """Another server that speaks OpenAI's API."""

    # Any: each setting is of its own type, and Pydantic checks it
    def __init__(self, **given: Any) -> None:
        try:
            super().__init__(**given)
        except SettingsError as error:
            raise ConfigurationError(f"a variable that holds JSON can't be read: {error}; correct its JSON") from error
        except ValidationError as error:
            raise ConfigurationError("; ".join(map(_named, problems_of(error)))) from error
        except UnicodeDecodeError as error:
            raise ConfigurationError(decoding_problem(error)) from error
        except OSError as error:
            raise ConfigurationError(f"{ENV_FILE} can't be read ({error.strerror}): correct its permissions") from error

    @classmethod
    def from_env(
        cls, *, model: str | None = None, image_model: str | None = None, database_url: str | None = None
    ) -> Self:
        """Return the settings of the environment, with what is passed put over them.

        A model named here also wins over `models`. Raises ConfigurationError naming the variable that is wrong.
        """
        given = {"model": model, "image_model": image_model, "database_url": database_url}
        settings = cls(**{name: value for name, value in given.items() if value is not None and not is_blank(value)})
        named = {feature for feature in Feature if (image_model if feature is Feature.IMAGE else model)}
        models = {feature: names for feature, names in settings.models.items() if feature not in named}
        return settings.model_copy(update={"models": models})

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources, without blank variables; a variable that is no setting's is warned of."""
        known = {str(field.validation_alias or f"{PREFIX}{name}".upper()) for name, field in cls.model_fields.items()}
        return init_settings, *(without_blank(source, known=known) for source in (env_settings, dotenv_settings))

    @model_validator(mode="before")
    @classmethod
    def _receive(cls, data: object) -> object:
        return received(cls, data)

    def chain(self, feature: Feature) -> list[str]:
        """Return the names of a feature's model and its fallbacks. Raises ConfigurationError where none is set."""
        if feature in self.models:
            return list(self.models[feature])
        name = self._image_model() if feature is Feature.IMAGE else self._text_model()
        if name is None:
            raise ConfigurationError(
                "no model is configured: set OPENAI_API_KEY, or AI_SERVICE_MODEL to a model "
                f"(AI_SERVICE_IMAGE_MODEL for images), or to {SANDBOX!r} to try things out without a key"
            )
        return [name]

    def check_text_models(self) -> None:
        """Raise ConfigurationError where a text feature has no model."""
        for feature in set(Feature) - {Feature.IMAGE}:
            self.chain(feature)

    def names_model(self, feature: Feature) -> bool:
        """Return whether the settings name a feature's model; else its default holds, or there is none."""
        if feature is Feature.IMAGE:
            return feature in self.models or bool(self.image_model)
        return feature in self.models or self._text_model() is not None

    def limits(self, feature: Feature) -> "FeatureLimits":
        """Return what a call of the feature may take."""
        own = self.features.get(feature, Limits())
        image = feature is Feature.IMAGE
        deadline_s = _IMAGE_DEADLINE_S if image and "deadline_s" not in self.model_fields_set else self.deadline_s
        return FeatureLimits(
            request_timeout_s=own.request_timeout_s or (self.image_timeout_s if image else self.request_timeout_s),
            deadline_s=own.deadline_s or deadline_s,
            max_attempts=own.max_attempts or self.max_attempts,
            max_output_tokens=own.max_output_tokens or (_IMAGE_OUTPUT_TOKENS if image else self.max_output_tokens),
        )

    def _text_model(self) -> str | None:
        return self.model or (DEFAULT_MODEL if self.openai_api_key else None)

    def _image_model(self) -> str | None:
        if self.image_model:
            return self.image_model
        if self.model == SANDBOX:
            return SANDBOX
        return DEFAULT_IMAGE_MODEL if self.openai_api_key else None


class FeatureLimits(BaseModel):
    """What one call of a feature may take."""

    model_config = ConfigDict(frozen=True)

    request_timeout_s: float
    deadline_s: float
    max_attempts: int
    max_output_tokens: int


def _named(problem: Problem) -> str:
    """Return a problem under the variable that it comes from."""
    name, _, path = problem.field.partition(".")
    variable = name if name.isupper() else f"AI_SERVICE_{name.upper()}"
    return f"{variable}: {f'{path}: ' if path else ''}{problem.message} ({problem.fix})"
