"""The plan of a calendar: all of it that code can decide, so that a model is asked for words alone.

Dates, the campaign's arc, where offers and key dates fall, rest days, formats and pillars follow from the brief. The
targets (promotion on 10-30 % of days and never three in a row, three formats or more, none three days running, all
funnel stages, teaser before launch before proof before offer before recap) are `c.mix`, `c.type`, `c.funnel` and
`c.arc` of the marketing facts; by construction the plan keeps them.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from random import Random

from models.angles import ANGLES, Angle
from models.brief import Brief, Offer, Weekday
from models.key_dates import key_dates
from models.strategy import CALENDAR_DAYS, PlannedDay
from models.vocabulary import FORMATS, ContentType, FunnelStage, Network, Role

PILLARS = 4
_LAUNCH_DAY = 4
_LATEST_LAUNCH = 24
_MAX_PROMO_DAYS = 9
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


def plan_days(brief: Brief, *, today: date) -> list[PlannedDay]:
    """Return the plan of 30 publishing days; rest days are skipped, so that day 30 may lie later than 30 dates on.

    `today` is the first day of a campaign without a `start_date`. Raises ValueError when the brief leaves no day to
    publish on.
    """
    dates = _publishing_dates(brief, today)
    occasions = key_dates(brief, dates)
    roles = _roles(_launch_position(brief, dates))
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


def _publishing_dates(brief: Brief, today: date) -> list[date]:
    closed = {_WEEKDAYS.index(day) for day in brief.business.closed_days}
    blackout = set(brief.campaign.blackout_dates)
    start = brief.campaign.start_date or today
    window = (start + timedelta(days=n) for n in range(CALENDAR_DAYS * 8))
    dates = [day for day in window if day.weekday() not in closed and day not in blackout]
    if len(dates) < CALENDAR_DAYS:
        raise ValueError(f"closed_days and blackout_dates leave {len(dates)} of {CALENDAR_DAYS} days: remove some")
    return dates[:CALENDAR_DAYS]


def _launch_position(brief: Brief, dates: list[date]) -> int:
    """Return the day number of the launch: the first publishing day on or after the launch date."""
    launch = brief.campaign.launch_date
    if launch is None:
        return _LAUNCH_DAY
    position = next((n for n, day in enumerate(dates, start=1) if day >= launch), CALENDAR_DAYS)
    return min(max(position, 2), _LATEST_LAUNCH)


def _roles(launch: int) -> list[Role]:
    before = [Role.EDUCATION if n % 2 else Role.COMMUNITY for n in range(launch - 1)]
    before[0] = Role.TEASER
    before[-2:] = [Role.TEASER] * min(2, len(before))
    rest = CALENDAR_DAYS - launch - 2
    after = [_CYCLE[n % len(_CYCLE)] for n in range(rest)]
    return [*before, Role.LAUNCH, Role.LAUNCH, *after, Role.RECAP]


def _place_offers(offers: list[Offer], dates: list[date], roles: list[Role], holidays: set[date]) -> list[int | None]:
    """Return for each day the offer it sells, and turn offer days without one into proof days.

    Public holidays carry no offer: some are solemn. An offer that no offer day falls into gets an education or
    community day of its own while there is room.
    """
    placed: list[int | None] = [None] * len(dates)
    used: Counter[int] = Counter()
    for index, role in enumerate(roles):
        if role is not Role.OFFER:
            continue
        valid = [n for n, offer in enumerate(offers) if offer.holds_on(dates[index])]
        if not valid or dates[index] in holidays:
            roles[index] = Role.PROOF
            continue
        placed[index] = min(valid, key=lambda n: (used[n], n))
        used[placed[index] or 0] += 1
    first_proof = roles.index(Role.PROOF) if Role.PROOF in roles else len(roles)
    for n, offer in enumerate(offers):
        if used[n] or len([p for p in placed if p is not None]) >= _MAX_PROMO_DAYS:
            continue
        index = next((i for i in _free_days(roles, placed, after=first_proof) if offer.holds_on(dates[i])), None)
        if index is not None and dates[index] not in holidays:
            roles[index], placed[index] = Role.OFFER, n
    return placed


def _free_days(roles: list[Role], placed: list[int | None], *, after: int) -> Iterator[int]:
    """Yield days that may sell: after the first proof, and with no promotion on either side."""
    for index in range(after + 1, len(roles) - 1):
        neighbours = placed[index - 1 : index + 2]
        if roles[index] in (Role.EDUCATION, Role.COMMUNITY) and not any(p is not None for p in neighbours):
            yield index


def _angles(brief: Brief, roles: list[Role]) -> list[Angle]:
    """Return an angle for each day, none twice while a role has fresh ones, in an order that the brief decides."""
    random = Random(sha256(brief.model_dump_json().encode()).digest())
    decks = {role: random.sample(angles, len(angles)) for role, angles in ANGLES.items()}
    dealt: Counter[Role] = Counter()
    angles: list[Angle] = []
    for role in roles:
        angles.append(decks[role][dealt[role] % len(decks[role])])
        dealt[role] += 1
    return angles


def _formats(networks: list[Network], angles: list[Angle]) -> list[tuple[Network | None, ContentType]]:
    """Return network and format of each day: networks in turn, the format that suits the angle and is rarest so far."""
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
