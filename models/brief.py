"""The brief: a business's description of itself and of one campaign, on which every answer is based."""

from datetime import date
from typing import Annotated, Self
from zoneinfo import ZoneInfo

import regex
from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from models.amounts import Amount
from models.base import Given
from models.choices import Choice
from models.codes import Country, Currency, Subdivision
from models.language_tags import Language
from models.time_zones import TimeZone, zone_of_country
from models.vocabulary import Network

_LINK = r"^https?://[^\s<>\"]+$"
_HEX_COLOR = r"^#[0-9a-fA-F]{6}$"
_SHOWN = 60
"""Characters of a wrong value that an error shows."""


def _as_link(value: object) -> object:
    """Accept a scheme in capitals."""
    if not isinstance(value, str):
        return value
    scheme, mark, rest = value.strip().partition("://")
    link = f"{scheme.lower()}{mark}{rest}"
    if regex.search(_LINK, link):
        return link
    raise ValueError(f"{value[:_SHOWN]!r} is no link: write the whole address, e.g. https://levain.example")


def _as_hex_color(value: object) -> object:
    if isinstance(value, str) and not regex.search(_HEX_COLOR, value.strip()):
        raise ValueError(f"{value[:_SHOWN]!r} is no colour: write it as #rrggbb, e.g. #c0392b")
    return value


Line = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Link = Annotated[str, StringConstraints(pattern=_LINK, max_length=2048), BeforeValidator(_as_link)]
HexColor = Annotated[str, StringConstraints(pattern=_HEX_COLOR), BeforeValidator(_as_hex_color)]


class Weekday(Choice):
    """A day of the week, Monday first."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


WEEKDAYS = tuple(Weekday)


class Offer(Given):
    """A price offer of the business; no other may be promised in its name."""

    text: Line
    """The offer in the business's words."""
    percent_off: int | None = Field(default=None, ge=1, le=100)
    """Discount in percent."""
    price: Amount | None = None
    """Price in `currency`."""
    currency: Currency | None = None
    """ISO 4217 code of `price`."""
    code: str | None = Field(default=None, min_length=2, max_length=40)
    """Coupon code, published exactly as written here."""
    valid_from: date | None = None
    """First day of the offer; None means no start date."""
    valid_until: date | None = None
    """Last day of the offer; None means no end date."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.price is not None and self.currency is None:
            raise ValueError("a price needs a currency: add e.g. currency: EUR")
        if self.valid_from and self.valid_until and self.valid_from > self.valid_until:
            raise ValueError(f"valid_from {self.valid_from} is after valid_until {self.valid_until}: swap them")
        return self

    def holds_on(self, day: date) -> bool:
        """Return whether the offer is valid on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


class KeyDate(Given):
    """A date that the campaign must mention."""

    day: date
    """The date."""
    name: Line
    """What happens on it."""


class BusinessContext(Given):
    """A business, as it describes itself."""

    name: Name
    """The name customers know."""
    industry: Name
    """Its industry, in a word or two."""
    tone: Line
    """Its tone of voice."""
    languages: list[Language] = Field(min_length=1, max_length=5)
    """BCP 47 tags; content is written in the first."""
    audience: Line | None = None
    """Its target audience."""
    country: Country | None = None
    """ISO 3166-1 code; it determines the public holidays."""
    subdivision: Subdivision | None = None
    """ISO 3166-2 part after the hyphen, where holidays differ (`BY`)."""
    time_zone: TimeZone | None = None
    """IANA name of its time zone, e.g. `Europe/Paris`; None: that of the country, where it has one."""
    networks: list[Network] = Field(default_factory=list[Network], max_length=len(Network))
    """Networks it publishes on."""
    offers: list[Offer] = Field(default_factory=list[Offer], max_length=20)
    """The only offers that may be promised."""
    facts: list[Line] = Field(default_factory=list[Line], max_length=50)
    """Facts about the business, one sentence each."""
    links: list[Link] = Field(default_factory=list[Link], max_length=20)
    """The only links that may be published."""
    reviews: list[Line] = Field(default_factory=list[Line], max_length=20)
    """Reviews by real customers, verbatim."""
    certifications: list[Line] = Field(default_factory=list[Line], max_length=20)
    """Seals and certificates it holds."""
    competitors: list[Name] = Field(default_factory=list[Name], max_length=20)
    """Names that must not be mentioned."""
    banned_phrases: list[Name] = Field(default_factory=list[Name], max_length=50)
    """Phrases that must not be published."""
    required_phrases: list[Line] = Field(default_factory=list[Line], max_length=10)
    """Phrases that each post must contain verbatim (a risk warning, for instance)."""
    past_posts: list[Text] = Field(default_factory=list[Text], max_length=20)
    """Earlier posts, newest first."""
    closed_days: list[Weekday] = Field(default_factory=list[Weekday], max_length=6)
    """Days of the week on which nothing is published."""
    brand_colors: list[HexColor] = Field(default_factory=list[HexColor], max_length=4)
    """Colours as `#rrggbb`, the primary one first."""
    material_connection: Line | None = None
    """Who pays for or gives what is shown; None if nobody does."""

    @property
    def zone(self) -> ZoneInfo | None:
        """Its time zone; None: it names none, and its country has several."""
        return ZoneInfo(self.time_zone) if self.time_zone else zone_of_country(self.country)

    @property
    def language(self) -> str:
        """The language that content is written in, a BCP 47 tag."""
        return self.languages[0]


class CampaignContext(Given):
    """One campaign of a business."""

    name: Name = "Always on"
    """The business's name for it."""
    goal: Line | None = None
    """What it should achieve."""
    start_date: date | None = None
    """First day of the calendar; None means the day on which it is generated."""
    launch_date: date | None = None
    """The launch day; None means early in the campaign."""
    blackout_dates: list[date] = Field(default_factory=list[date], max_length=60)
    """Dates on which nothing is published."""
    key_dates: list[KeyDate] = Field(default_factory=list[KeyDate], max_length=30)
    """Dates that the calendar must mention."""
    call_to_action: Line | None = None
    """What readers are asked to do."""
    notes: Text | None = None
    """Anything else, as free text."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.start_date and self.launch_date and self.launch_date < self.start_date:
            raise ValueError(f"launch_date {self.launch_date} is before start_date {self.start_date}: move one of them")
        return self


class Brief(Given):
    """A business and one of its campaigns."""

    business: BusinessContext
    """The business."""
    campaign: CampaignContext = CampaignContext()
    """The campaign."""

    def on(self, day: date) -> "Brief":
        """Return the brief as it holds on `day`: without the offers that do not."""
        holding = [offer for offer in self.business.offers if offer.holds_on(day)]
        return self.model_copy(update={"business": self.business.model_copy(update={"offers": holding})})

    @property
    def parts(self) -> dict[str, Given]:
        """The parts that say something, by name: a campaign left at its defaults says nothing."""
        parts: dict[str, Given] = {"business": self.business, "campaign": self.campaign}
        return parts if self.campaign != CampaignContext() else {"business": self.business}
