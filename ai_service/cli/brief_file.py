"""Reads a brief from a YAML or JSON file."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ai_service.cli.data_file import read_data
from ai_service.contexts import refuse_clashes
from ai_service.errors import InvalidRequest, Problem, problems_of
from models.brief import Brief, BusinessContext, CampaignContext, KeyDate, Offer

_SECTIONS = {"business": BusinessContext, "campaign": CampaignContext}
_NAMES = sorted({name for model in (BusinessContext, CampaignContext, Offer, KeyDate) for name in model.model_fields})
_FORMS = {
    "languages": "write a BCP 47 tag, e.g. fr or pt-BR",
    "country": "write the ISO 3166-1 code, e.g. FR",
    "subdivision": "write the ISO 3166-2 part after the hyphen, e.g. BY",
    "currency": "write the ISO 4217 code, e.g. EUR",
    "links": "write the whole address, e.g. https://levain.example",
    "brand_colors": "write it as #rrggbb, e.g. #c0392b",
}


def load_brief(path: Path | str) -> Brief:
    """Return the brief in a file: JSON if its name ends in `.json`, else YAML.

    An empty field counts as left out. Raises InvalidRequest for a file that can't be read, is larger than 1 MB, isn't
    UTF-8, YAML or JSON, names a key twice or holds no valid brief.
    """
    data = read_data(Path(path), what="a business and a campaign")
    try:
        brief = Brief.model_validate(data)
    except ValidationError as error:
        raise InvalidRequest(_brief_problems(error)) from error
    refuse_clashes(brief.business)
    return brief


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
    if item["type"].startswith("date_"):
        return "write it as YYYY-MM-DD, e.g. 2026-12-01"
    if item["type"] == "string_pattern_mismatch":
        return _FORMS.get(next((str(part) for part in reversed(item["loc"]) if isinstance(part, str)), ""))
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
