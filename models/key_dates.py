"""The dates a calendar takes up: public holidays of the business's country, and the campaign's own."""

from datetime import date
from typing import NamedTuple

import holidays

from models.brief import Brief

_MAX_NAME = 100


class Occasion(NamedTuple):
    """What happens on a date."""

    name: str
    is_holiday: bool
    """A public holiday, not a date of the campaign's own."""


def key_dates(brief: Brief, dates: list[date]) -> dict[date, Occasion]:
    """Return the occasions that fall on `dates`; the campaign's own come before public holidays of the same day."""
    occasions = {day: Occasion(name, True) for day, name in _public_holidays(brief, dates).items()}
    occasions |= {own.day: Occasion(own.name, False) for own in brief.campaign.key_dates}
    return {day: occasions[day] for day in dates if day in occasions}


def _public_holidays(brief: Brief, dates: list[date]) -> dict[date, str]:
    """Return public holidays in the business's language; none for a country or part of one that isn't known."""
    business = brief.business
    if business.country is None:
        return {}
    years = {day.year for day in dates}
    language = business.language.partition("-")[0]
    try:
        calendar = holidays.country_holidays(business.country, business.subdivision, years=years, language=language)
    except NotImplementedError:
        return {}
    return {day: name.partition(";")[0].strip()[:_MAX_NAME] for day, name in calendar.items()}
