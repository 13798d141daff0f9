"""Asks a method of a host's own source, and raises what goes wrong in it as one of the package's errors."""

import inspect
from collections.abc import Callable

from pydantic import ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError

from ai_service.errors import AIServiceError, ConfigurationError, StorageUnavailable

_AWAY = (OSError, OperationalError, InterfaceError)
"""What a source raises whose database is away; it may come back."""


async def answer_of(method: str, ask: Callable[[], object]) -> object:
    """Return what a method answers; `method` names it in errors.

    Raises ConfigurationError for what a method raises that it should not, StorageUnavailable where the host's database
    is away; AIServiceError and ValidationError pass through.
    """
    try:
        asked = ask()
        if inspect.isawaitable(asked):
            return await asked
    except (AIServiceError, ValidationError):
        raise
    except _AWAY as error:
        raise StorageUnavailable(f"{method} raised {type(error).__name__}: try again when it is back") from error
    except Exception as error:  # a host's code may raise anything
        raise ConfigurationError(
            f"{method} raised {type(error).__name__}: correct it, or return None where there is none"
        ) from error
    raise ConfigurationError(f"{method} can't be awaited: write it with `async def`")
