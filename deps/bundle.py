"""The bundle that is a run's `deps_type`."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from deps.tasks import Task
from deps.untrusted import as_document
from models.brief import BusinessContext, CampaignContext

TaskT = TypeVar("TaskT", bound=Task)


@dataclass(frozen=True, kw_only=True)
class AgentDeps(Generic[TaskT]):
    """What an agent works from: the brief, and what is asked."""

    business: BusinessContext
    campaign: CampaignContext | None
    task: TaskT

    @property
    def prompt(self) -> str:
        """The user message: everything as one JSON document."""
        return as_document(task=self.task, business=self.business, campaign=self.campaign)
