"""Briefs to plan: one for a test's own subject, and many that vary everything a plan depends on."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from evals.fixtures import load_brief, slugs
from models.brief import Brief, BusinessContext, CampaignContext, Offer, Weekday
from models.strategy import PlannedDay
from models.vocabulary import Network

START = date(2026, 12, 1)
VARIATIONS = 150


class Case(NamedTuple):
    name: str
    brief: Brief
    plan: list[PlannedDay]


def brief_with(
    *,
    offers: Sequence[Offer] = (),
    networks: Sequence[Network] = (),
    closed_days: Sequence[Weekday] = (),
    country: str | None = None,
    subdivision: str | None = None,
    language: str = "en",
    campaign: CampaignContext | None = None,
) -> Brief:
    business = BusinessContext(
        name="Ada's",
        industry="bakery",
        tone="warm",
        languages=[language],
        country=country,
        subdivision=subdivision,
        networks=list(networks),
        offers=list(offers),
        closed_days=list(closed_days),
    )
    return Brief(business=business, campaign=campaign or CampaignContext(start_date=START))


def briefs() -> Iterator[tuple[str, Brief]]:
    """Yield the fixtures, a brief for each network, and briefs that vary everything a plan depends on."""
    for slug in slugs():
        yield slug, load_brief(slug)
    for network in Network:
        yield network.value, brief_with(networks=[network])
    for seed in range(VARIATIONS):
        yield f"variation {seed}", _variation(Random(seed))


def _variation(random: Random) -> Brief:
    start = date(2026, 1, 1) + timedelta(days=random.randrange(700))
    launch = start + timedelta(days=random.randrange(20))
    return brief_with(
        offers=[_offer(random, start) for _ in range(random.choice([0, 1, 1, 2, 3, 8, 20]))],
        networks=random.sample(list(Network), random.choice([0, 1, 2, 2, 3, 5, 10])),
        closed_days=random.sample(list(Weekday), random.choice([0, 1, 2, 6])),
        country=random.choice([None, "FR", "US", "LK", "AL", "JP"]),
        campaign=CampaignContext(
            start_date=start,
            launch_date=random.choice([None, launch]),
            blackout_dates=[start + timedelta(days=random.randrange(40)) for _ in range(random.choice([0, 3, 20]))],
        ),
    )


def _offer(random: Random, start: date) -> Offer:
    opens = random.choice([None, start + timedelta(days=random.randrange(-10, 60))])
    ends = random.choice([None, (opens or start) + timedelta(days=random.randrange(60))])
    return Offer(text="Five pounds off", valid_from=opens, valid_until=ends)
