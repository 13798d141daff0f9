"""Plans a calendar: code decides everything but the words, which a model writes.

Dates, the campaign's arc, offer days, key dates, rest days, formats and pillars follow from the brief. By construction
the plan meets the targets `c.mix`, `c.type`, `c.funnel` and `c.arc`: promotion on 10-30 % of days and never three days
in a row, at least three formats and none three days in a row, all funnel stages, teaser before launch before proof
before offer before recap. Promotion falls below 10 % only if the offers are valid on too few days.

Of the target `c.solemn` the plan covers only this: nothing is sold on a public holiday of the business's country, since
some are solemn. It does not know solemn days that are not public holidays (memorial days, fasts, days of mourning; put
those into `blackout_dates`), solemn days of the readers' other countries, or whether a text is a joke.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from itertools import cycle, islice
from math import ceil
from random import Random

from models.angles import ANGLES, Angle
from models.brief import Brief, Offer, Weekday
from models.key_dates import key_dates
from models.strategy import CALENDAR_DAYS, PlannedDay
from models.vocabulary import FORMATS, ContentType, FunnelStage, Network, Role

PILLARS = 4
_LAUNCH_DAY = 4
_DAYS_FROM_LAUNCH = 4
"""Both launch days, a proof and the recap."""
_DAYS_PER_PROMO_DAY = 10
"""At least one day in so many sells, where there are offers."""
_DAYS_PER_OFFER_DAY = 5
"""At most one day in so many is an offer day. With a launch day that sells, promotion takes at most 30 % of days."""
_CYCLE = (Role.PROOF, Role.EDUCATION, Role.COMMUNITY, Role.OFFER, Role.EDUCATION, Role.COMMUNITY)
_STAGES = {
    Role.TEASER: FunnelStage.AWARENESS,
    Role.LAUNCH: FunnelStage.CONVERSION,
    Role.EDUCATION: FunnelStage.CONSIDERATION,
    Role.PROOF: FunnelStage.CONSIDERATION,
    Role.OFFER: FunnelStage.CONVERSION,
    Role.COMMUNITY: FunnelStage.RETENTION,
    Role.RECAP: FunnelStage.RETENTION,
}
_WEEKDAYS = tuple(Weekday)


def plan_days(brief: Brief, *, today: date, days: int = CALENDAR_DAYS) -> list[PlannedDay]:
    """Return the plan of `days` publishing days, 7 to 92; rest days are skipped, so it may span more dates.

    `today` is the first day of a campaign without a `start_date`.

    Raises:
        ValueError: The brief leaves too few days to publish on, or too few after its launch.
    """
    dates = _publishing_dates(brief, today, days)
    occasions = key_dates(brief, dates)
    roles = _roles(_launch_position(brief, dates), days)
    offers = _place_offers(brief.business.offers, dates, roles, {day for day, o in occasions.items() if o.is_holiday})
    angles = _angles(brief, roles)
    formats = _formats(brief.business.networks, angles)
    return [
        PlannedDay(
            day=index + 1,
            date=day,
            content_type=formats[index][1],
            network=formats[index][0],
            role=roles[index],
            funnel_stage=_STAGES[roles[index]],
            angle=angles[index].id,
            pillar_index=index % PILLARS,
            is_promo=offers[index] is not None,
            offer_index=offers[index],
            key_date=occasions[day].name if day in occasions else None,
        )
        for index, day in enumerate(dates)
    ]


def _publishing_dates(brief: Brief, today: date, days: int) -> list[date]:
    closed = {_WEEKDAYS.index(day) for day in brief.business.closed_days}
    blackout = set(brief.campaign.blackout_dates)
    start = brief.campaign.start_date or today
    window = (start + timedelta(days=n) for n in range(min(days * 12, (date.max - start).days)))
    free = (day for day in window if day.weekday() not in closed and day not in blackout)
    dates = list(islice(free, days))
    if len(dates) < days:
        raise ValueError(f"closed_days and blackout_dates leave {len(dates)} of {days} days: remove some")
    return dates


def _launch_position(brief: Brief, dates: list[date]) -> int:
    """Return the day number of the launch: the first publishing day on or after the launch date.

    Day 1 is a teaser, so a launch on the first date is announced on the second.
    """
    launch = brief.campaign.launch_date
    if launch is None:
        return _LAUNCH_DAY
    position = sum(day < launch for day in dates) + 1
    latest = len(dates) - _DAYS_FROM_LAUNCH + 1
    if position > latest:
        raise ValueError(
            f"launch_date {launch} is after day {latest} of the calendar ({dates[latest - 1]}): "
            "move start_date nearer to it, or leave launch_date out"
        )
    return max(position, 2)


def _roles(launch: int, days: int) -> list[Role]:
    before = [Role.EDUCATION if n % 2 else Role.COMMUNITY for n in range(launch - 1)]
    before[0] = Role.TEASER
    before[-2:] = [Role.TEASER] * min(2, len(before))
    rest = days - launch - 2
    after = [_CYCLE[n % len(_CYCLE)] for n in range(rest)]
    return [*before, Role.LAUNCH, Role.LAUNCH, *after, Role.RECAP]


def _place_offers(offers: list[Offer], dates: list[date], roles: list[Role], holidays: set[date]) -> list[int | None]:
    """Return the offer that each day sells, and change the role of offer days without one.

    An offer that no offer day falls into gets a day of its own while there is room: an education or community day after
    the first proof, in the order in which the offers end. If there are too few promotion days, every offer gets more.
    An offer that ends before the first such day gets the second launch day.
    """
    least = ceil(len(dates) / _DAYS_PER_PROMO_DAY)
    sellable = [{n for n, offer in enumerate(offers) if day not in holidays and offer.holds_on(day)} for day in dates]
    placed: list[int | None] = [None] * len(dates)
    used: Counter[int] = Counter()
    for index in [i for i, role in enumerate(roles) if role is Role.OFFER]:
        if sellable[index]:
            placed[index] = chosen = min(sellable[index], key=lambda n: (used[n], n))
            used[chosen] += 1
        else:
            roles[index] = Role.PROOF if roles.count(Role.PROOF) < len(ANGLES[Role.PROOF]) else Role.COMMUNITY
    by_end = sorted(range(len(offers)), key=lambda n: offers[n].valid_until or date.max)
    for n in by_end * least:
        if used[n] and used.total() >= least:
            continue
        if (index := next((i for i in _free_days(roles, placed) if n in sellable[i]), None)) is not None:
            roles[index], placed[index] = Role.OFFER, n
            used[n] += 1
    second_launch = roles.index(Role.LAUNCH) + 1
    placed[second_launch] = next((n for n in by_end if not used[n] and n in sellable[second_launch]), None)
    return placed


def _free_days(roles: list[Role], placed: list[int | None]) -> Iterator[int]:
    """Yield days that may sell: after the first proof, and without promotion on the days before and after."""
    if roles.count(Role.OFFER) >= len(roles) // _DAYS_PER_OFFER_DAY:
        return
    for index in range(roles.index(Role.PROOF) + 1, len(roles) - 1):
        promoted = any(offer is not None for offer in placed[index - 1 : index + 2])
        if roles[index] in (Role.EDUCATION, Role.COMMUNITY) and not promoted:
            yield index


def _angles(brief: Brief, roles: list[Role]) -> list[Angle]:
    """Return an angle for each day, in an order derived from the brief; none recurs in a role before all have come.

    The name is left out, so that a renamed business keeps its mix.
    """
    seed = brief.model_dump_json(exclude={"business": {"name"}})
    random = Random(sha256(seed.encode()).digest())
    decks = {role: cycle(random.sample(angles, len(angles))) for role, angles in ANGLES.items()}
    return [next(decks[role]) for role in roles]


def _formats(networks: list[Network], angles: list[Angle]) -> list[tuple[Network | None, ContentType]]:
    """Return network and format of each day: networks in turn, and the least used format that suits the angle."""
    turn: list[Network | None] = [*networks] or [None]
    count: Counter[ContentType] = Counter()
    chosen: list[tuple[Network | None, ContentType]] = []
    for index, angle in enumerate(angles):
        network = turn[index % len(turn)]
        running = {content_type for _, content_type in chosen[-2:]}
        allowed = [f for f in FORMATS[network] if len(running) != 1 or f not in running or len(chosen) < 2]
        suited = [f for f in angle.formats if f in allowed] or allowed
        content_type = min(suited, key=lambda f: count[f])
        count[content_type] += 1
        chosen.append((network, content_type))
    return chosen
