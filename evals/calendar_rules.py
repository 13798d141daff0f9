"""The rules of a calendar, as functions that yield its faults in words."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby, islice

import holidays
from holidays.constants import PUBLIC, WORKDAY

from evals.text_checks import stems
from models.brief import Brief, Weekday
from models.strategy import CalendarDay
from models.vocabulary import FORMATS, FunnelStage, Network, Role

_MIN_PROMO_SHARE, _MAX_PROMO_SHARE, _MAX_PROMO_ROW = 0.10, 0.30, 2
_MIN_FORMATS, _MAX_FORMAT_SHARE, _MAX_FORMAT_ROW = 3, 0.50, 3
_MIN_PILLARS, _MIN_PILLAR_SHARE, _MAX_PILLAR_ROW = 3, 0.10, 2
_MAX_CONVERSION_SHARE = 0.35


def wrong_dates(calendar: Sequence[CalendarDay], brief: Brief) -> Iterator[str]:
    """Compare with all dates from the start that are not rest days."""
    start = brief.campaign.start_date or calendar[0].date
    closed = {list(Weekday).index(day) for day in brief.business.closed_days}
    every = (start + timedelta(days=n) for n in range(12 * len(calendar)))
    free = (day for day in every if day.weekday() not in closed and day not in brief.campaign.blackout_dates)
    for day, wanted in zip(calendar, islice(free, len(calendar)), strict=True):
        if day.date != wanted:
            yield f"day {day.day} is on {day.date:%a %Y-%m-%d}, not {wanted:%a %Y-%m-%d}"


def wrong_key_dates(calendar: Sequence[CalendarDay], brief: Brief) -> Iterator[str]:
    """Compare with the brief's own dates and the public holidays of its country."""
    own = {key_date.day: key_date.name for key_date in brief.campaign.key_dates}
    years = {day.date.year for day in calendar}
    must, may = {**_holidays(brief, years, PUBLIC), **own}, _holidays(brief, years, WORKDAY)
    for day in calendar:
        if day.key_date and day.date not in must | may:
            yield f"day {day.day} claims {day.key_date!r} on {day.date}"
        elif day.date in must and not day.key_date:
            yield f"day {day.day} misses {must[day.date]!r}"
        elif own.get(day.date, "") not in (day.key_date or ""):
            yield f"day {day.day} says {day.key_date!r}, not {own[day.date]!r}"


def wrong_offers(calendar: Sequence[CalendarDay], brief: Brief) -> Iterator[str]:
    """Compare the offers sold with those of the brief and their validity; none may be left out."""
    offers = {offer.text: offer for offer in brief.business.offers}
    for day in calendar:
        if day.is_promo != (day.offer is not None):
            yield f"day {day.day}: is_promo is {day.is_promo}, offer {day.offer!r}"
        elif day.offer is None:
            continue
        elif day.offer not in offers:
            yield f"day {day.day} sells {day.offer!r}, which is not in the brief"
        elif not offers[day.offer].holds_on(day.date):
            yield f"day {day.day} sells {day.offer!r} on {day.date}, when it does not hold"
    for text in sorted(offers.keys() - {day.offer for day in calendar}):
        yield f"never sells {text!r}"


def unnamed_offers(calendar: Sequence[CalendarDay]) -> Iterator[str]:
    """Compare the theme of each promotion day with its offer."""
    for day in calendar:
        if day.offer and not stems(day.theme) & stems(day.offer):
            yield f"day {day.day} sells {day.offer!r}, but its theme is {day.theme!r}"


def wrong_promo_share(calendar: Sequence[CalendarDay], brief: Brief) -> Iterator[str]:
    """Promotion takes 10 to 30 % of the days, 0 % without an offer, and never three days in a row (`c.mix`)."""
    count = sum(day.is_promo for day in calendar)
    least = _MIN_PROMO_SHARE if brief.business.offers else 0
    if not least <= count / len(calendar) <= _MAX_PROMO_SHARE:
        yield f"{count} days sell"
    selling = ["selling" if day.is_promo else "" for day in calendar]
    yield from _rows(selling, at_most=_MAX_PROMO_ROW)


def wrong_arc(calendar: Sequence[CalendarDay], brief: Brief) -> Iterator[str]:
    """Teaser, launch, proof, offer and recap begin in this order, and no funnel stage is missing (`c.arc`)."""
    roles = [day.role for day in calendar]
    order = [Role.TEASER, Role.LAUNCH, Role.PROOF, *([Role.OFFER] if brief.business.offers else []), Role.RECAP]
    firsts = {role.value: roles.index(role) + 1 if role in roles else 0 for role in order}
    if 0 in firsts.values() or list(firsts.values()) != sorted(firsts.values()):
        yield f"first days are {firsts}"
    if Role.RECAP not in roles[-3:]:
        yield "no recap in the last three days"
    stages = Counter(day.funnel_stage for day in calendar)
    yield from (f"no day of {stage}" for stage in FunnelStage if not stages[stage])
    if stages[FunnelStage.CONVERSION] > _MAX_CONVERSION_SHARE * len(calendar):
        yield f"{stages[FunnelStage.CONVERSION]} days of {FunnelStage.CONVERSION}"


def wrong_formats(calendar: Sequence[CalendarDay], brief: Brief) -> Iterator[str]:
    """Formats vary (`c.type`) and suit their network, which is one of the brief's (`c.enum`)."""
    networks: list[Network | None] = [*brief.business.networks] or [None]
    for day in calendar:
        if day.network not in networks or day.content_type not in FORMATS[day.network]:
            yield f"day {day.day}: {day.content_type} on {day.network}"
    formats = [day.content_type.value for day in calendar]
    if len(set(formats)) < _MIN_FORMATS:
        yield f"only {len(set(formats))} formats"
    name, count = Counter(formats).most_common(1)[0]
    if count > _MAX_FORMAT_SHARE * len(formats):
        yield f"{name} on {count} days"
    yield from _rows(formats, at_most=_MAX_FORMAT_ROW)


def wrong_pillars(calendar: Sequence[CalendarDay], names: Sequence[str]) -> Iterator[str]:
    """At least three different pillars, each on at least a tenth of the days, none on three days in a row."""
    if len(set(names)) < max(_MIN_PILLARS, len(names)):
        yield f"pillars are {names}"
    used = [day.pillar for day in calendar]
    yield from (f"{name!r} is no pillar" for name in sorted(set(used) - set(names)))
    for name in names:
        if used.count(name) < _MIN_PILLAR_SHARE * len(used):
            yield f"{name!r} on {used.count(name)} days"
    yield from _rows(used, at_most=_MAX_PILLAR_ROW)


def _holidays(brief: Brief, years: set[int], category: str) -> dict[date, str]:
    country, subdivision = brief.business.country, brief.business.subdivision
    if country is None or category not in holidays.country_holidays(country).supported_categories:
        return {}
    return dict(holidays.country_holidays(country, subdivision, years=years, categories=category))


def _rows(values: Sequence[str], *, at_most: int) -> Iterator[str]:
    for value, group in groupby(values):
        if value and (length := len(list(group))) > at_most:
            yield f"{value} on {length} days in a row"
