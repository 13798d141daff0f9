"""A brief as callers write it, and the way out of each of its problems."""

from collections.abc import Sequence
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ai_service.errors import InvalidRequest, Problem, problems_of
from models.brief import Brief, BusinessContext, CampaignContext, KeyDate, Offer

_SECTIONS = {"business": BusinessContext, "campaign": CampaignContext}
_NAMES = sorted({name for model in (BusinessContext, CampaignContext, Offer, KeyDate) for name in model.model_fields})


def as_brief(given: object) -> Brief:
    """Return the brief that a caller gave, as a `Brief` or as its fields. Raises InvalidRequest."""
    try:
        return Brief.model_validate(given)
    except ValidationError as error:
        raise InvalidRequest(_brief_problems(error)) from error


def _brief_problems(error: ValidationError) -> list[Problem]:
    """Return the problems, each with the fix for that field of a brief."""
    details = error.errors(include_url=False)
    return [
        Problem(problem.field, problem.message, _fix(item) or problem.fix)
        for problem, item in zip(problems_of(error), details, strict=True)
    ]


def _fix(item: ErrorDetails) -> str | None:
    if item["type"] == "extra_forbidden":
        return _fix_of_unknown(item["loc"])
    if item["type"] == "string_type" and isinstance(item["input"], dict):
        return "put the text in quotes: it holds a colon"
    return "write its fields below it" if item["type"] == "model_type" else None


def _fix_of_unknown(path: Sequence[int | str]) -> str | None:
    name = str(path[-1])
    home = next((section for section, model in _SECTIONS.items() if name in model.model_fields), None)
    if home and len(path) <= 2:
        return f"move it to {home}"
    close = get_close_matches(name, _NAMES, n=1)
    return f"write {close[0]}, or remove it" if close else None
