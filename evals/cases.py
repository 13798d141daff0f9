"""What the cases of all features share: the business they name, and what was made for them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import Field

from evals.fixtures import load_brief
from models.base import Given, Output
from models.brief import Brief
from models.strategy import CALENDAR_DAYS, CalendarDay, CampaignStrategy
from models.vocabulary import Feature

OutputT_co = TypeVar("OutputT_co", bound=Output, covariant=True)


class Market(Given):
    """Metadata of a case: whom the business writes for."""

    language: str
    """BCP 47 tag, as in the brief."""
    country: str
    """ISO 3166-1 code, as in the brief."""


class BusinessCase(Given):
    """Something asked for a fixture business."""

    business: str
    """Its slug."""


class DayCase(BusinessCase):
    """Something asked for one day of its calendar."""

    day: int = Field(ge=1, le=CALENDAR_DAYS)


@dataclass(frozen=True, kw_only=True)
class Month:
    """A calendar that was made."""

    strategy: CampaignStrategy
    campaign_id: str
    """The campaign it was asked for."""
    language: str
    """What it has to be written in."""


@dataclass(frozen=True, kw_only=True)
class DayWork(Generic[OutputT_co]):
    """What was made for a day."""

    output: OutputT_co
    day: CalendarDay
    """What the calendar has on that day."""
    language: str
    """What it has to be written in."""


@cache
def brief_of(slug: str) -> Brief:
    """Return the brief of a fixture business, read once."""
    return load_brief(slug)


def dataset_path(feature: Feature) -> Path:
    """Return the dataset file of a feature."""
    return Path(__file__).parent / "datasets" / f"{feature}.yaml"
