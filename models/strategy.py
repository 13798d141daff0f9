"""A 30-day calendar: what the code plans, what the model fills in, what comes out."""

from datetime import date

from pydantic import Field

from models.base import Output
from models.vocabulary import ContentType, FunnelStage, Network, Quality, Role, Violation

CALENDAR_DAYS = 30


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

    day: int = Field(ge=1, le=CALENDAR_DAYS)
    """The number of the day, as asked."""
    theme: str = Field(min_length=8, max_length=140)
    """What the day's content is about, one line that could belong to this business only."""


class ThemeSlice(Output):
    """The themes of some days."""

    days: list[DayTheme] = Field(min_length=1, max_length=CALENDAR_DAYS)
    """One entry for each day asked for, in order, and no other."""


class PlannedDay(Output):
    """What code decides of a day before a model is asked."""

    day: int = Field(ge=1, le=CALENDAR_DAYS)
    """1 to 30."""
    date: date
    """The date it is published on; rest days are skipped."""
    content_type: ContentType
    """Its format."""
    network: Network | None
    """Where it is published; None: the brief names no network."""
    role: Role
    """What it does in the campaign's arc."""
    funnel_stage: FunnelStage
    """Whom it speaks to on the way to buying."""
    angle: str
    """The way in, e.g. `common_mistake`; distinct within a role."""
    pillar_index: int = Field(ge=0)
    """Which pillar it belongs to, counted from 0."""
    is_promo: bool
    """Whether it sells an offer."""
    offer_index: int | None
    """Which of the brief's offers, counted from 0; None: none."""
    key_date: str | None
    """The holiday or own date that falls on it."""


class CalendarDay(Output):
    """One day of a finished calendar."""

    day: int = Field(ge=1, le=CALENDAR_DAYS)
    """1 to 30."""
    date: date
    """The date it is published on."""
    theme: str
    """What it is about."""
    content_type: ContentType
    """Its format."""
    network: Network | None
    """Where it is published; None: the brief names no network."""
    pillar: str
    """The subject it belongs to."""
    role: Role
    """What it does in the campaign's arc."""
    funnel_stage: FunnelStage
    """Whom it speaks to on the way to buying."""
    is_promo: bool
    """Whether it sells an offer."""
    offer: str | None
    """The offer in the business's words; None: none."""
    key_date: str | None
    """The holiday or own date that falls on it."""
    call_to_action: str | None
    """What readers are asked to do; None: nothing."""
    locked: bool
    """Whether a regeneration leaves it alone."""
    revision: int = Field(ge=1)
    """Counts the changes to this day, from 1."""


class CampaignStrategy(Output):
    """A campaign's calendar of 30 publishing days."""

    campaign_id: str
    """UUID of the campaign it was made for."""
    pillars: list[Pillar]
    """The subjects it comes back to."""
    calendar: list[CalendarDay] = Field(min_length=CALENDAR_DAYS, max_length=CALENDAR_DAYS)
    """Days 1 to 30, in order."""
    quality: list[Quality]
    """What was measured on it."""
    flags: list[Violation] = Field(default_factory=list[Violation])
    """Soft rules that its themes and subjects break, for a person to look at. No legal advice."""
