"""The sandbox's writers, one module per feature: its `WRITERS` lists the tasks that it answers."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from pydantic import BaseModel, JsonValue, RootModel

from agents.sandbox.card import Card
from agents.sandbox.document import Asked
from agents.sandbox.setting import Setting, setting_of
from deps.tasks import PartsTask, Task
from models.vocabulary import Feature

# Any: each writer takes the tasks of its own type
Writers = dict[type[Task], Callable[[Setting, Any], BaseModel | Card]]


def write(asked: Asked) -> BaseModel:
    """Return the answer to a question: an instance of its output type, or of the parts of it that are asked for again.

    Raises ValueError for a picture.
    """
    whole = _answer(asked)
    if isinstance(whole, Card):
        raise ValueError("a picture is asked of the sandbox's image model, not of its text model")
    if isinstance(asked.task, PartsTask) and asked.task.rewrite:
        return RootModel[dict[str, JsonValue]](whole.model_dump(include={item.part for item in asked.task.rewrite}))
    return whole


def write_card(asked: Asked) -> Card:
    """Return the card that answers a question. Raises ValueError for a text."""
    card = _answer(asked)
    if not isinstance(card, Card):
        raise ValueError("a text is asked of the sandbox's text model, not of its image model")
    return card


@cache
def writers() -> Writers:
    """Return the writers of all features by the type of their task."""
    found: Writers = {}
    for feature in Feature:
        found |= import_module(f".{feature}", __package__).WRITERS
    return found


def _answer(asked: Asked) -> BaseModel | Card:
    return writers()[type(asked.task)](setting_of(asked), asked.task)
