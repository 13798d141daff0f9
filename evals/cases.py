"""The parts that the cases of all features share: the business, and the output made for it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import Field

from evals.fixtures import load_brief
from models.base import Frozen, Output
from models.brief import Brief
from models.strategy import CALENDAR_DAYS, CalendarDay, CampaignStrategy
from models.vocabulary import Feature

OutputT_co = TypeVar("OutputT_co", bound=Output, covariant=True)


class Market(Frozen):
    """Metadata of a case: the business's market."""

    language: str
    """BCP 47 tag, as in the brief."""
    country: str
    """ISO 3166-1 code, as in the brief."""


class BusinessCase(Frozen):
    """A task for a fixture business."""

    business: str
    """Its slug."""


class DayCase(BusinessCase):
    """A task for one day of its calendar."""

    day: int = Field(ge=1)


@dataclass(frozen=True, kw_only=True)
class Month:
    """A generated calendar."""

    strategy: CampaignStrategy
    campaign_id: str
    """The requested campaign."""
    language: str
    """What it has to be written in."""
    days: int = CALENDAR_DAYS
    """How many days were asked for."""


@dataclass(frozen=True, kw_only=True)
class DayWork(Generic[OutputT_co]):
    """The output for a day."""

    output: OutputT_co
    day: CalendarDay
    """That day in the calendar."""
    language: str
    """What it has to be written in."""


@cache
def brief_of(slug: str) -> Brief:
    """Return the brief of a fixture business; cached."""
    return load_brief(slug)


def dataset_path(feature: Feature) -> Path:
    """Return the dataset file of a feature."""
    return Path(__file__).parent / "datasets" / f"{feature}.yaml"
