"""A model and its fallbacks, with their gates and prices."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic_ai.images import ImageGenerationModel
from pydantic_ai.models import Model

from agents.gates import Gates
from agents.price_sources import Prices

ModelT = TypeVar("ModelT", Model, ImageGenerationModel)


def key_of(model: Model | ImageGenerationModel) -> str:
    """Return the key of a model: provider, name and address. A service has one API key for each address."""
    return f"{model.system}:{model.model_name} at {model.base_url or 'no address'}"


@dataclass(frozen=True)
class Chain(Generic[ModelT]):
    """The models that one question may be put to."""

    models: tuple[ModelT, ...]
    """The model first, its fallbacks after it."""
    gates: Gates
    prices: Prices

    def in_order(self, used: int, *, refused: Collection[str] = ()) -> dict[str, ModelT]:
        """Return the models of the next attempt by their keys, the preferred one first; `used` attempts are over.

        Each attempt moves on to the next model, and the last one serves all later attempts. Others serve where its
        gate is closed. Those that refused the account are left out.
        """
        first = min(used, len(self.models) - 1)
        ordered = (*self.models[first:], *self.models[:first])
        return {key_of(model): model for model in ordered if key_of(model) not in refused}

    def comes_back_after_s(self) -> float | None:
        """Return the seconds after which a call may find a model again; None where the gate of one is open."""
        waits_s = [self.gates.gate(key_of(model)).comes_back_after_s() for model in self.models]
        known = [wait_s for wait_s in waits_s if wait_s is not None]
        return min(known) if len(known) == len(waits_s) else None
