"""The dates that a calendar mentions: public holidays of the business's country, and the campaign's own dates."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import holidays
from holidays.constants import PUBLIC, WORKDAY

from models.brief import Brief, BusinessContext

_MAX_NAME = 100


class Occasion(NamedTuple):
    """A public holiday, or a campaign's own date."""

    name: str
    is_holiday: bool
    """Whether it is a public holiday, also where the campaign has its own name for it."""


def key_dates(brief: Brief, dates: list[date]) -> dict[date, Occasion]:
    """Return the occasions on `dates`; the campaign's own names take precedence over those of public holidays.

    A key date on a rest day is left out. The names of lunar dates are marked as estimates.
    """
    public = _public_holidays(brief.business, {day.year for day in dates})
    occasions = {day: Occasion(name, True) for day, name in public.items()}
    own: dict[date, list[str]] = {}
    for key_date in brief.campaign.key_dates:
        own.setdefault(key_date.day, []).append(key_date.name)
    occasions |= {day: Occasion(", ".join(names), day in public) for day, names in own.items()}
    return {day: occasions[day] for day in dates if day in occasions}


def _public_holidays(business: BusinessContext, years: set[int]) -> dict[date, str]:
    """Return public holidays in the business's language, else in English; none where it names no country."""
    if business.country is None:
        return {}
    known = holidays.country_holidays(business.country)
    # Ukraine has no public holidays under martial law; the same days are observed as working days.
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
    """Return the `holidays` package's code of a BCP 47 language (`it_IT` for `it`); None if it has only one language.

    Names are in a language's usual script, so a tag with the script `Latn` (`hi-Latn`) gets English.
    """
    wanted = tag.replace("-", "_").casefold()
    primary = "en" if "_latn" in wanted else wanted.partition("_")[0]
    names = sorted(supported, key=lambda name: name.casefold() != wanted)
    for candidate in (primary, "en"):
        match = next((name for name in names if name.partition("_")[0] == candidate), None)
        if match is not None:
            return match
    return None
