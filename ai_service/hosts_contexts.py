"""A host's `ContextSource`: what it returns is validated, and what goes wrong in it is one of the package's errors."""

import inspect
from typing import TypeVar

from pydantic import ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError

from ai_service.errors import AIServiceError, ConfigurationError, StorageUnavailable, problems_of
from deps.protocols import ContextSource
from models.base import Given
from models.brief import BusinessContext, CampaignContext

ContextT = TypeVar("ContextT", bound=Given)

_AWAY = (OSError, OperationalError, InterfaceError)
"""What a source raises whose database is away; it may come back."""
_SYNCHRONOUS = object()
"""Stands for the answer of a method that is not awaited."""


class HostsContexts:
    """Asks a host's source.

    A dict of the fields is taken as well. Raises ConfigurationError naming the method that returns or raises what it
    should not, StorageUnavailable where the host's database is away; an AIServiceError passes through.
    """

    def __init__(self, source: ContextSource) -> None:
        self._source = source

    async def get_business(self, business_id: str) -> BusinessContext | None:
        """Return the business with this id; None: there is none."""
        return await self._answer("get_business", BusinessContext, business_id)

    async def get_campaign(self, business_id: str, campaign_id: str) -> CampaignContext | None:
        """Return the campaign with this id; None: there is none, or it is another business's."""
        return await self._answer("get_campaign", CampaignContext, business_id, campaign_id)

    async def _answer(self, name: str, kind: type[ContextT], *ids: str) -> ContextT | None:
        method = f"{name} of your ContextSource"
        try:
            asked = getattr(self._source, name)(*ids)
            answer = await asked if inspect.isawaitable(asked) else _SYNCHRONOUS
            if answer is not _SYNCHRONOUS:
                return None if answer is None else kind.model_validate(answer)
        except AIServiceError:
            raise
        except ValidationError as error:
            problems = "; ".join(map(str, problems_of(error)))
            raise ConfigurationError(f"{method} should return a {kind.__name__} or None: {problems}") from error
        except _AWAY as error:
            raise StorageUnavailable(f"{method} raised {type(error).__name__}: try again when it is back") from error
        except Exception as error:  # a host's code may raise anything
            raise ConfigurationError(
                f"{method} raised {type(error).__name__}: correct it, or return None where there is none"
            ) from error
        raise ConfigurationError(f"{method} can't be awaited: write it with `async def`")
