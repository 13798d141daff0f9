"""The dates a calendar takes up: public holidays of the business's country, and the campaign's own."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import holidays
from holidays.constants import PUBLIC, WORKDAY

from models.brief import Brief, BusinessContext

_MAX_NAME = 100


class Occasion(NamedTuple):
    """What happens on a date."""

    name: str
    is_holiday: bool
    """Whether it is a public holiday, also where the campaign has a name of its own for it."""


def key_dates(brief: Brief, dates: list[date]) -> dict[date, Occasion]:
    """Return the occasions that fall on `dates`; the campaign's own names come before those of public holidays.

    A key date on a rest day is not among them. Dates that follow the moon carry the mark of an estimate in their name.
    """
    public = _public_holidays(brief.business, {day.year for day in dates})
    occasions = {day: Occasion(name, True) for day, name in public.items()}
    own: dict[date, list[str]] = {}
    for key_date in brief.campaign.key_dates:
        own.setdefault(key_date.day, []).append(key_date.name)
    occasions |= {day: Occasion(", ".join(names), day in public) for day, names in own.items()}
    return {day: occasions[day] for day in dates if day in occasions}


def _public_holidays(business: BusinessContext, years: set[int]) -> dict[date, str]:
    """Return public holidays in the business's language, else in English; none for a country that isn't known."""
    if business.country is None:
        return {}
    try:
        known = holidays.country_holidays(business.country)
    except NotImplementedError:
        return {}
    # Ukraine has no public holidays under martial law; the same days are kept as working days.
    categories = [category for category in (PUBLIC, WORKDAY) if category in known.supported_categories]
    calendars = (
        holidays.country_holidays(
            business.country,
            business.subdivision if business.subdivision in known.subdivisions else None,
            years=years,
            language=_language_of_names(business.language, known.supported_languages),
            categories=category,
        )
        for category in categories
    )
    names = next(filter(None, calendars), dict[date, str]())
    return {day: name.partition(";")[0].strip()[:_MAX_NAME] for day, name in names.items()}


def _language_of_names(tag: str, supported: Iterable[str]) -> str | None:
    """Return what the `holidays` package calls a BCP 47 language (`it_IT` for `it`); None: it has one language alone.

    Names come in a language's usual script, so a tag that asks for Latin letters (`hi-Latn`) gets English.
    """
    wanted = tag.replace("-", "_").casefold()
    primary = "en" if "_latn" in wanted else wanted.partition("_")[0]
    names = sorted(supported, key=lambda name: name.casefold() != wanted)
    for candidate in (primary, "en"):
        match = next((name for name in names if name.partition("_")[0] == candidate), None)
        if match is not None:
            return match
    return None
