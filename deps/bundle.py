"""The dependencies of an agent's run (its `deps_type`)."""

from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from deps.tasks import Task
from deps.untrusted import as_document
from models.brief import Brief
from models.vocabulary import Violation

TaskT = TypeVar("TaskT", bound=Task)


@dataclass(frozen=True, kw_only=True)
class AgentDeps(Generic[TaskT]):
    """What an agent works from: the brief, and what is asked."""

    brief: Brief
    task: TaskT
    on: date | None = None
    """The day that the answer is for: offers that are not valid on it are left out. None: all offers are included."""
    checked: dict[tuple[str, str], list[Violation]] = field(
        default_factory=dict[tuple[str, str], list[Violation]], compare=False
    )
    """The rules that an answer breaks, by the name of its question and itself as JSON: each is checked once."""

    @property
    def prompt(self) -> str:
        """The user message: everything as one JSON document."""
        return as_document(self.task, self.brief if self.on is None else self.brief.on(self.on))
