"""Samples: outputs as plain data, each of a fixture business.

Nothing here depends on a rule: mutators change these samples by the facts of networks and law alone.
"""

from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, JsonValue, TypeAdapter

from evals.cases import brief_of
from evals.fixtures import slugs
from models.base import Frozen
from models.brief import Brief, BusinessContext

FOLDER = Path(__file__).parent
Kind = Literal["post", "script", "reply", "template", "edge", "answer", "message"]
Fields = dict[str, JsonValue]


class Sample(Frozen):
    """One output of a business."""

    name: str
    """Unique among the samples."""
    business: str
    """Slug of a fixture business, or of one in `shops.yaml`."""
    changes: dict[str, JsonValue] = Field(default_factory=dict)
    """Fields of the business that differ."""
    kind: Kind
    """Kind of the sample. An `edge` is a post or template to which only the publishing rules apply. An `answer` is a
    reply with the customer's message, a `message` is the customer's message alone."""
    language: str
    """BCP 47 tag of its texts."""
    network: str | None = None
    """Where a post is published."""
    fields: Fields
    """Fields of the output, as plain data."""
    flags: list[str] = Field(default_factory=list)
    """Rules that rightly find something: for them the sample is not a valid output."""

    def changed(self, name: str, **fields: JsonValue) -> "Sample":
        """Return a copy with another name and some other fields."""
        return self.model_copy(update={"name": name, "fields": {**self.fields, **fields}})


class Defect(Frozen):
    """A valid output with one fault."""

    rule: str
    """The rule that is broken."""
    mutation: str
    """The change, in words."""
    sample: Sample
    """The changed sample."""
    paths: list[str]
    """Fields that a violation may point to."""


_BUSINESSES = TypeAdapter(dict[str, BusinessContext])


@cache
def shops() -> dict[str, Brief]:
    """Return the businesses that the fixtures lack."""
    text = (FOLDER / "shops.yaml").read_text(encoding="utf-8")
    return {
        slug: Brief(business=business) for slug, business in _BUSINESSES.validate_python(yaml.safe_load(text)).items()
    }


def brief_for(sample: Sample) -> Brief:
    """Return the brief of a sample, with the sample's changes."""
    brief = base_brief(sample.business)
    if not sample.changes:
        return brief
    business = BusinessContext.model_validate({**brief.business.model_dump(), **sample.changes})
    return brief.model_copy(update={"business": business})


def base_brief(slug: str) -> Brief:
    """Return the brief of a business."""
    return shops()[slug] if slug in shops() else brief_of(slug)


def is_business(slug: str) -> bool:
    """Return whether there is a business of that name."""
    return slug in shops() or slug in slugs()
