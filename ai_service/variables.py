"""The variables of the settings, as the environment and the `.env` file hold them."""

import codecs
import logging
from collections.abc import Mapping
from difflib import get_close_matches

from pydantic_settings import EnvSettingsSource, PydanticBaseSettingsSource

from ai_service.errors import ConfigurationError
from models.receiving import is_blank

ENV_FILE = ".env"
PREFIX = "AI_SERVICE_"

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_log = logging.getLogger("ai_service")


def without_blank(source: PydanticBaseSettingsSource, *, known: set[str]) -> PydanticBaseSettingsSource:
    """Return a source without its blank variables, which count as unset; log a warning for each misspelt one.

    Raises ConfigurationError for a file whose encoding was misread.
    """
    if isinstance(source, EnvSettingsSource):
        if any("\0" in name for name in source.env_vars):
            raise ConfigurationError(f"{ENV_FILE} looks like UTF-16: save it as UTF-8")
        source.env_vars = {name: value for name, value in source.env_vars.items() if not is_blank(value)}
        _warn_of_unknown(source.env_vars, known)
    return source


def decoding_problem(error: UnicodeDecodeError) -> str:
    """Return what is wrong with a `.env` file that is no UTF-8, and the way out."""
    looks = "UTF-16" if error.object.startswith(_UTF_16) else "another encoding"
    return f"{ENV_FILE} is not UTF-8 but looks like {looks}: save it as UTF-8"


def _warn_of_unknown(variables: Mapping[str, object], known: set[str]) -> None:
    settings = {_stem(name): name for name in known}
    for variable in variables:
        name = _stem(variable)
        if variable.upper().startswith(PREFIX) and settings.get(name) != f"{PREFIX}{name}".upper():
            close = get_close_matches(name, settings, n=1)
            meant = f": did you mean {settings[close[0]]}?" if close else ""
            _log.warning("%s is no setting and is ignored%s", variable.upper(), meant)


def _stem(variable: str) -> str:
    """Return the name of a setting that a variable sets, or a part of."""
    return variable.upper().removeprefix(PREFIX).partition("__")[0].casefold()
