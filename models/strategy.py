"""A calendar: the plan by code, the part that a model writes, and the finished calendar."""

from datetime import date

from pydantic import Field

from models.base import Output
from models.partial import Partial
from models.vocabulary import ContentType, FunnelStage, Network, Quality, Role, Violation

CALENDAR_DAYS = 30
"""The length of a calendar, unless another one is asked for."""
MIN_DAYS, MAX_DAYS = 7, 92
"""The lengths that a calendar may have: a week to a quarter."""


class Pillar(Output):
    """A subject the business can come back to."""

    name: str = Field(min_length=1, max_length=60)
    """Two to four words."""
    description: str = Field(min_length=1, max_length=300)
    """What belongs to it, one sentence."""


class PillarSet(Output):
    """The subjects of one campaign."""

    pillars: list[Pillar] = Field(min_length=4, max_length=4)
    """Exactly four, none overlapping, each particular to this business."""


class DayTheme(Output):
    """The theme of one day."""

    day: int = Field(ge=1, le=MAX_DAYS)
    """The number of the day, as asked."""
    theme: str = Field(min_length=8, max_length=140)
    """What the day's content is about, one line that could belong to this business only."""


class ThemeSlice(Output):
    """The themes of some days."""

    days: list[DayTheme] = Field(min_length=1, max_length=MAX_DAYS)
    """One entry for each day asked for, in order, and no other."""


class PlannedDay(Output):
    """The part of a day that code decides before a model is asked."""

    day: int = Field(ge=1, le=MAX_DAYS)
    """Its number, from 1."""
    date: date
    """The publication date; rest days are skipped."""
    content_type: ContentType
    """Its format."""
    network: Network | None
    """The network; None if the brief names none."""
    role: Role
    """Its part in the campaign's arc."""
    funnel_stage: FunnelStage
    """The stage of the readers it addresses."""
    angle: str
    """The approach, e.g. `common_mistake`; distinct within a role."""
    pillar_index: int = Field(ge=0)
    """Index of its pillar, from 0."""
    is_promo: bool
    """Whether it sells an offer."""
    offer_index: int | None
    """Index of the brief's offer, from 0; None if it sells none."""
    key_date: str | None
    """The public holiday or campaign date that falls on it."""


class CalendarDay(Output):
    """One day of a finished calendar."""

    day: int = Field(ge=1, le=MAX_DAYS)
    """Its number, from 1."""
    date: date
    """The publication date."""
    theme: str
    """Its theme."""
    content_type: ContentType
    """Its format."""
    network: Network | None
    """The network; None if the brief names none."""
    pillar: str
    """Its pillar."""
    role: Role
    """Its part in the campaign's arc."""
    funnel_stage: FunnelStage
    """The stage of the readers it addresses."""
    is_promo: bool
    """Whether it sells an offer."""
    offer: str | None
    """The offer in the business's words; None if it sells none."""
    key_date: str | None
    """The public holiday or campaign date that falls on it."""
    call_to_action: str | None
    """What readers are asked to do; None if nothing."""
    locked: bool
    """Whether a regeneration keeps it."""
    revision: int = Field(ge=1)
    """Number of changes to this day, from 1."""


class CampaignStrategy(Partial):
    """A campaign's calendar of publishing days."""

    campaign_id: str
    """Id of its campaign."""
    pillars: list[Pillar]
    """Its four subjects."""
    calendar: list[CalendarDay] = Field(min_length=1, max_length=MAX_DAYS)
    """Its days in order, numbered from 1; a day whose theme could not be had is not there but in `missing`."""
    quality: list[Quality]
    """Its measured quality."""
    flags: list[Violation] = Field(default_factory=list[Violation])
    """Soft rules that its themes and subjects break, for a person to review. Not legal advice."""
