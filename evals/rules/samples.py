"""What is checked: an output as plain data, by the fixture business that would publish it.

Nothing here knows a rule: mutators change these samples by the facts of the networks and the law alone.
"""

from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, JsonValue, TypeAdapter

from evals.cases import brief_of
from evals.fixtures import slugs
from models.base import Given
from models.brief import Brief, BusinessContext

FOLDER = Path(__file__).parent
Kind = Literal["post", "script", "reply", "template", "edge", "answer", "message"]
Fields = dict[str, JsonValue]


class Sample(Given):
    """One output of a business."""

    name: str
    """Distinct among the samples."""
    business: str
    """Slug of a fixture business, or of one in `shops.yaml`."""
    changes: dict[str, JsonValue] = Field(default_factory=dict)
    """Fields of the business that differ."""
    kind: Kind
    """What it is. Of an `edge`, a post or template, the publishing rules alone are asked. An `answer` is a reply beside
    what the customer wrote, a `message` what the customer wrote alone."""
    language: str
    """BCP 47 tag of its words."""
    network: str | None = None
    """Where a post is published."""
    fields: Fields
    """Those of the output, in plain data."""
    flags: list[str] = Field(default_factory=list)
    """Rules that rightly find something: it is no valid output for them."""

    def changed(self, name: str, **fields: JsonValue) -> "Sample":
        """Return a copy with another name and some other fields."""
        return self.model_copy(update={"name": name, "fields": {**self.fields, **fields}})


class Defect(Given):
    """A valid output with one thing wrong."""

    rule: str
    """The rule that is broken."""
    mutation: str
    """What was done to it, in words."""
    sample: Sample
    """What came out."""
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
    """Return the brief that a sample was made from, with the sample's changes."""
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
