"""The fields that the tasks of all features share. A feature's own task is in the file of its stem."""

from datetime import date
from functools import cache
from importlib import import_module
from typing import TypeGuard

from pydantic import Field

from models.base import Frozen
from models.brief import Offer
from models.vocabulary import ContentType, Feature, Network, Role


class Task(Frozen):
    """One question. Each class that is asked has a `kind` of its own, with its name as the default."""

    language: str = Field(min_length=1)
    """BCP 47 tag to write in; of a reply, for when the customer's language can't be told."""
    instruction: str | None = None
    """What a user of the business wishes of the answer."""


@cache
def task_types() -> dict[str, type[Task]]:
    """Return the tasks of all features by their `kind`."""
    modules = [import_module(f".{feature}", __package__) for feature in Feature]
    found = [value for module in modules for value in vars(module).values() if _is_asked(value)]
    return {kind.model_fields["kind"].default: kind for kind in found}


def _is_asked(value: object) -> TypeGuard[type[Task]]:
    return isinstance(value, type) and issubclass(value, Task) and "kind" in value.model_fields


class DayTask(Frozen):
    """One planned day that something is made for."""

    day: int
    date: date
    theme: str
    content_type: ContentType
    network: Network | None
    role: Role
    pillar: str
    offer: Offer | None
    key_date: str | None
    call_to_action: str | None


class Rewrite(Frozen):
    """One part of an earlier answer that broke a rule."""

    part: str
    """Its field, e.g. `caption`."""
    text: str
    """As it was; empty where it was answered twice, so that it is not answered a third time."""
    reason: str
    """What is wrong with it, and the way out."""


class PartsTask(Task):
    """A task whose answer can be asked for again in parts."""

    rewrite: list[Rewrite] = Field(default_factory=list[Rewrite])
    """The parts to write anew, and nothing else; empty: all of it."""
    kept: dict[str, str] = Field(default_factory=dict[str, str])
    """The parts of the earlier answer that stay as they are."""
