"""A business's own access to models, as a host's source tells it."""

import re
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, ConfigDict, Field, SecretStr, field_validator, model_validator

from models.base import Given
from models.receiving import is_blank

_MOST_NAMES = 5
_IN_A_HEADER = re.compile(r"[!-~]+")


def _checked_address(address: str) -> str:
    """Return an address that a request can be sent to. It may hold a password, so no error shows it."""
    if (parts := urlsplit(address)).scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is no address of a server: write e.g. http://127.0.0.1:8000/v1")
    return address


HttpAddress = Annotated[str, AfterValidator(_checked_address)]


class BusinessCredentials(Given):
    """A business's own model and key. What is left out is the service's own."""

    model_config = ConfigDict(hide_input_in_errors=True)

    model: str | list[str] | None = None
    """`provider:model`, or a list of it and its fallbacks, all of the provider that the key is for."""
    api_key: SecretStr | None = Field(default=None)
    """The key; no log, row, span or error shows it."""
    base_url: HttpAddress | None = Field(default=None, repr=False)
    """Another address of the provider's API. It needs a key: the service's own is not sent there."""

    @property
    def models(self) -> list[str] | None:
        """The names of the model and its fallbacks; None: the service's."""
        return [self.model] if isinstance(self.model, str) else self.model

    @field_validator("model")
    @classmethod
    def _check_models(cls, model: str | list[str] | None) -> str | list[str] | None:
        if isinstance(model, list) and not 1 <= len(model) <= _MOST_NAMES:
            raise ValueError(f"has {len(model)} names: name 1 to {_MOST_NAMES}")
        return model

    @field_validator("api_key")
    @classmethod
    def _check_key(cls, key: SecretStr | None) -> SecretStr | None:
        if key is None or is_blank(key.get_secret_value()):
            return None
        bare = key.get_secret_value().strip()
        if not _IN_A_HEADER.fullmatch(bare):
            raise ValueError("holds characters that no request can carry: copy the key again")
        return SecretStr(bare)

    @model_validator(mode="after")
    def _check_address(self) -> Self:
        if self.base_url and not self.api_key:
            raise ValueError("base_url comes without an api_key: add it (any text where the server takes none)")
        return self
