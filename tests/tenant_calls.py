"""Calls of each public function of the service, with the ids of one tenant by another."""

import inspect
from collections.abc import Mapping
from decimal import Decimal
from inspect import Parameter
from typing import Any

from ai_service import AIService
from tests.serving import BRIEF

OPERATORS = {"attempts", "budgets", "costs", "set_budget", "delete_before", "anonymise_before"}
"""Functions that take a business optionally."""

OTHERS = {"campaign_id", "content_id", "request_id", "customer_id"}
"""The ids that belong to a business."""

ANY_VALUE: Mapping[str, object] = {
    "day": 3,
    "customer_message": "Vous ouvrez quand ?",
    "state": "approved",
    "revision": 1,
    "output": {"caption": "Bonjour"},
    "user_id": "u_9",
    "campaign": BRIEF.campaign,
    "business": BRIEF.business,
    "limit_usd": Decimal(5),
}
"""A good value for each other required argument."""


def functions() -> dict[str, Mapping[str, Parameter]]:
    """Return the arguments of each public function of the service."""
    found = inspect.getmembers(AIService, inspect.iscoroutinefunction)
    return {
        name: dict([*inspect.signature(function).parameters.items()][1:])
        for name, function in found
        if not name.startswith("_")
    }


FUNCTIONS = functions()
TAKING_IDS = sorted(name for name, taken in FUNCTIONS.items() if OTHERS & taken.keys())


def arguments_with(name: str, ids: Mapping[str, object]) -> dict[str, Any]:
    """Return arguments for a function: of these ids those that it takes, and good values for what else it needs."""
    taken = FUNCTIONS[name]
    required = {argument for argument, parameter in taken.items() if parameter.default is Parameter.empty}
    arguments: dict[str, Any] = {argument: value for argument, value in ids.items() if argument in taken}
    return arguments | {argument: ANY_VALUE[argument] for argument in required - arguments.keys()}
