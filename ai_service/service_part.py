"""`ServicePart`: base of the classes that add functions to `AIService`."""

from abc import ABC, abstractmethod
from typing import TypeVar

from ai_service.runtime import Runtime
from models.base import Given

GivenT = TypeVar("GivenT", bound=Given)


class ServicePart(ABC):
    """What the functions of a service work with."""

    @property
    @abstractmethod
    def _open(self) -> Runtime:
        """The parts of the open service. Raises ConfigurationError where it is not open."""

    @abstractmethod
    def _checked(self, kind: type[GivenT], **arguments: object) -> GivenT:
        """Return the arguments as a `kind`. Raises InvalidRequest."""
