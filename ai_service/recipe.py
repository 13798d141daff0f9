"""`Recipe`: the steps that differ from feature to feature. `ai_service.generating` runs them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Generic, NamedTuple, TypeVar

from ai_service.requests import CallRequest
from ai_service.result import AIResult
from ai_service.runtime import Runtime
from ai_service.service_part import ServicePart
from deps.call import Call
from deps.tasks import DayTask
from models.base import Output
from models.brief import Brief
from models.texts import texts_of
from models.vocabulary import Feature, Violation

RequestT = TypeVar("RequestT", bound=CallRequest)
TaskT = TypeVar("TaskT")
OutputT = TypeVar("OutputT", bound=Output)


@dataclass(frozen=True, kw_only=True)
class Assignment(Generic[TaskT]):
    """The input of a feature's agent."""

    brief: Brief
    task: TaskT
    day: DayTask | None = None
    """The planned day; None if the feature is not about a day."""
    notes: list[str] = field(default_factory=list[str])
    """Notes for the caller, in plain words."""


@dataclass(frozen=True, kw_only=True)
class Revision(Generic[OutputT]):
    """A person's text, and what it is checked with."""

    generated: OutputT
    """The output as it was generated, whose fields that code sets stay."""
    edited: OutputT
    """The output with the person's text, its other fields not yet put right."""
    brief: Brief
    day: DayTask | None
    """The planned day; None where there is none, or no longer."""
    openings_nearby: list[str]
    """First lines of the posts of the days around it."""

    @property
    def supplied(self) -> list[str]:
        """Texts that code plans for the day, which the person may use."""
        return [*texts_of(self.day).values()] if self.day else []


class Revised(NamedTuple, Generic[OutputT]):
    """A person's text, checked."""

    output: OutputT
    flags: list[Violation]
    """All rules that it breaks, hard ones too."""


def no_notes(request: object, output: object) -> list[str]:
    """Return no notes."""
    return []


@dataclass(frozen=True, kw_only=True)
class Recipe(Generic[RequestT, TaskT, OutputT]):
    """The steps of one feature, from the request to the output."""

    feature: Feature
    request: type[RequestT]
    """The type that its arguments are validated as."""
    output: type[OutputT]
    prepare: Callable[[Runtime, RequestT], Awaitable[Assignment[TaskT]]]
    """Loads the brief and builds the task. Sends no request."""
    write: Callable[[Assignment[TaskT], Call, Runtime], Awaitable[OutputT]]
    """Runs the feature's agent."""
    revise: Callable[[Revision[OutputT]], Revised[OutputT]]
    """Checks a person's text and puts right the fields that code sets. Raises InvalidRequest."""
    notes: Callable[[RequestT, OutputT], list[str]] = no_notes
    """Returns notes on the output for the caller, in plain words."""


def recipe_of(feature: Feature) -> Recipe[CallRequest, object, Output]:
    """Return the recipe of a feature."""
    return import_module(f".features.{feature}", __package__).RECIPE


class Generating(ServicePart):
    """Base of the classes that add one feature each to `AIService`."""

    async def _generate(self, recipe: Recipe[RequestT, TaskT, OutputT], **arguments: object) -> AIResult[OutputT]:
        """Validate the arguments and run the recipe. Raises InvalidRequest before anything is loaded."""
        request = self._checked(recipe.request, **arguments)
        runtime = self._open
        from ai_service.generating import generate  # imports the agents, as the open service has

        return await generate(runtime, recipe, request)
