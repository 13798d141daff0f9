"""Translates what `storage` raises into the package's own errors."""

from collections.abc import Generator
from contextlib import contextmanager

from ai_service.errors import (
    AIServiceError,
    ConfigurationError,
    InvalidRequest,
    Problem,
    StaleRevision,
    StorageUnavailable,
)
from models.paging import NoCursor
from storage.failures import DatabaseAway, DatabaseUrlError, StaleContent, StateRefused, StorageError, ValueRefused


@contextmanager
def storage_errors() -> Generator[None]:
    """Raise an error of storage as the package's own: of the database, the deployment or the caller."""
    try:
        yield
    except DatabaseUrlError as error:
        raise ConfigurationError(f"AI_SERVICE_DATABASE_URL: {error}") from error
    except StaleContent as error:
        raise StaleRevision(str(error)) from error
    except StateRefused as error:
        message, _, fix = str(error).partition(": ")
        raise InvalidRequest([Problem("state", message, fix)]) from error
    except NoCursor as error:
        raise InvalidRequest([Problem("after", "is no cursor of this list", "pass that of a page")]) from error
    except StorageError as error:
        raise refusal_error(error) from error


def refusal_error(refusal: StorageError) -> AIServiceError:
    """Return the error for a refusal of the database; raise it `from` the refusal."""
    if isinstance(refusal, DatabaseAway):
        return StorageUnavailable(f"{refusal}; try again when it is back")
    if isinstance(refusal, ValueRefused):
        return InvalidRequest([Problem("(whole)", str(refusal), "shorten it, and remove NUL characters")])
    return ConfigurationError(str(refusal))
