"""What a feature says of itself; `ai_service.generating` does with it what is the same for all."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Generic, TypeVar

from ai_service.requests import CallRequest, checked
from ai_service.result import AIResult
from ai_service.runtime import Runtime
from deps.call import Call
from deps.tasks import DayTask
from models.base import Output
from models.brief import Brief
from models.vocabulary import Feature

RequestT = TypeVar("RequestT", bound=CallRequest)
TaskT = TypeVar("TaskT")
OutputT = TypeVar("OutputT", bound=Output)


@dataclass(frozen=True, kw_only=True)
class Assignment(Generic[TaskT]):
    """What an agent is given to do."""

    brief: Brief
    task: TaskT
    day: DayTask | None = None
    """The planned day it is for; None: the feature isn't about a day."""
    notes: list[str] = field(default_factory=list[str])
    """What the caller should know, in plain words."""


def no_notes(request: object, output: object) -> list[str]:
    """Return no notes."""
    return []


@dataclass(frozen=True, kw_only=True)
class Recipe(Generic[RequestT, TaskT, OutputT]):
    """How one feature gets from a request to its output."""

    feature: Feature
    request: type[RequestT]
    """The arguments, as they are checked."""
    output: type[OutputT]
    prepare: Callable[[Runtime, RequestT], Awaitable[Assignment[TaskT]]]
    """Loads what the task needs. Sends nothing."""
    write: Callable[[Assignment[TaskT], Call, Runtime], Awaitable[OutputT]]
    """Asks the feature's agent."""
    notes: Callable[[RequestT, OutputT], list[str]] = no_notes
    """What the caller should know of the output, in plain words."""


def recipe_of(feature: Feature) -> Recipe[CallRequest, object, Output]:
    """Return the recipe of a feature."""
    return import_module(f".features.{feature}", __package__).RECIPE


class Generating(ABC):
    """A service that can generate: the base of each feature's half of `AIService`."""

    @property
    @abstractmethod
    def _open(self) -> Runtime:
        """The parts of the open service. Raises ConfigurationError where it is not open."""

    async def _generate(self, recipe: Recipe[RequestT, TaskT, OutputT], **arguments: object) -> AIResult[OutputT]:
        """Return what the recipe makes of the arguments. Raises InvalidRequest before anything is loaded."""
        request = checked(recipe.request, **arguments)
        runtime = self._open
        from ai_service.generating import generate  # with the agents, which are loaded since the service is open

        return await generate(runtime, recipe, request)
