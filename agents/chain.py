"""A model and its fallbacks, with their circuit breakers and prices."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic_ai.images import ImageGenerationModel
from pydantic_ai.models import Model

from agents.breaker import BreakerOpen, Breakers
from agents.price_sources import Prices

ModelT = TypeVar("ModelT", Model, ImageGenerationModel)


def key_of(model: Model | ImageGenerationModel) -> str:
    """Return the key of a model: provider, name and address."""
    return f"{model.system}:{model.model_name} at {model.base_url or 'no address'}"


@dataclass(frozen=True)
class Chain(Generic[ModelT]):
    """The models that one question may be put to."""

    models: tuple[ModelT, ...]
    """The model first, its fallbacks after it."""
    breakers: Breakers
    prices: Prices

    def model_after(self, used: int) -> ModelT:
        """Return the model of the next attempt, after `used` attempts.

        Each attempt moves on to the next model, and the last one serves all later attempts. Models with an open
        breaker are left out. Raises BreakerOpen where that leaves none.
        """
        closed = self._closed()
        if not closed:
            raise BreakerOpen(f"every model of this feature failed several times in a row: {self._names()}")
        return closed[min(used, len(closed) - 1)]

    def moves_on(self, used: int) -> bool:
        """Return whether another model than before answers after `used` attempts."""
        return 0 < used < len(self._closed())

    def _closed(self) -> list[ModelT]:
        return [model for model in self.models if not self.breakers.is_open(key_of(model))]

    def _names(self) -> str:
        return ", ".join(f"{model.system}:{model.model_name}" for model in self.models)
