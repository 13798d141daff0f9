"""The cases of round 3: what comes to the layer in one situation, and what must become of it."""

from typing import Any, Literal, get_args

import yaml
from pydantic import BaseModel, JsonValue

from ai_service import Brief
from evals.frozen.verdicts import FOLDER

Subject = Literal["answers", "provider", "pictures", "host", "budget"]
SUBJECTS: tuple[Subject, ...] = get_args(Subject)


class Situation(BaseModel):
    """One case; `why` and other words for readers are left out."""

    id: str
    kind: str
    """Cases of one kind have one cause."""
    brief: str
    """Name of the brief in the same file."""
    # Any: each subject writes its input and its figures in its own words
    input: dict[str, Any]
    expect: str
    exact: dict[str, Any] = {}
    """The expectation for machines."""
    value: dict[str, JsonValue] = {}
    """Fields of the output that count."""


class Situations(BaseModel):
    """One file."""

    about: str
    # Any: briefs as their author wrote them
    briefs: dict[str, dict[str, Any]]
    cases: list[Situation]


def brief_of(found: Situations, case: Situation) -> Brief:
    """Return the brief of a case: its language first, its call to action.

    A brief holds five languages at most: those written for more keep the first five.
    """
    given = found.briefs[case.brief]
    business, campaign = given["business"], given["campaign"]
    first = case.input.get("language", business["languages"][0])
    languages = [first, *(language for language in business["languages"] if language != first)][:5]
    action = {"call_to_action": case.input["call_to_action"]} if "call_to_action" in case.input else {}
    return Brief.model_validate({"business": {**business, "languages": languages}, "campaign": {**campaign, **action}})


def load_situations(subject: Subject) -> Situations:
    """Return the cases of a subject."""
    text = (FOLDER / f"round_3_{subject}.yaml").read_text(encoding="utf-8")
    return Situations.model_validate(yaml.safe_load(text))
