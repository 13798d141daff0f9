from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import NamedTuple

import holidays
import pytest

from evals.fixtures import load_brief, slugs
from models.angles import ANGLES, HINTS
from models.brief import Brief, BusinessContext, CampaignContext, KeyDate, Offer, Weekday
from models.key_dates import key_dates
from models.skeleton import PILLARS, plan_days
from models.strategy import PlannedDay
from models.vocabulary import FORMATS, FunnelStage, Network, Role

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
    """Yield the fixtures, a brief for each network, and briefs that vary all that shapes a plan."""
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


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return [Case(name, brief, plan_days(brief, today=START)) for name, brief in briefs()]


def failing(cases: list[Case], keeps: Callable[[Case], bool]) -> list[str]:
    return [case.name for case in cases if not keeps(case)]


def longest_run(values: Sequence[object]) -> int:
    longest = run = 1
    for earlier, later in pairwise(values):
        run = run + 1 if earlier == later else 1
        longest = max(longest, run)
    return longest


def test_days_are_numbered_one_to_thirty_on_rising_dates(cases: list[Case]) -> None:
    def keeps(case: Case) -> bool:
        dates = [day.date for day in case.plan]
        return [day.day for day in case.plan] == list(range(1, 31)) and dates == sorted(set(dates))

    assert failing(cases, keeps) == []


def test_nothing_is_planned_on_rest_days_and_no_other_date_is_left_out(cases: list[Case]) -> None:
    def keeps(case: Case) -> bool:
        closed = {list(Weekday).index(day) for day in case.brief.business.closed_days}
        first = case.brief.campaign.start_date or START
        span = [first + timedelta(days=n) for n in range((case.plan[-1].date - first).days + 1)]
        blackout = case.brief.campaign.blackout_dates
        return [day.date for day in case.plan] == [
            day for day in span if day.weekday() not in closed and day not in blackout
        ]

    assert failing(cases, keeps) == []


def test_networks_take_turns_with_formats_that_they_take(cases: list[Case]) -> None:
    def keeps(case: Case) -> bool:
        networks = case.brief.business.networks or [None]
        in_turn = [networks[n % len(networks)] for n in range(30)]
        return [day.network for day in case.plan] == in_turn and all(
            day.content_type in FORMATS[day.network] for day in case.plan
        )

    assert failing(cases, keeps) == []


def test_formats_vary_as_far_as_the_networks_allow(cases: list[Case]) -> None:
    def keeps(case: Case) -> bool:
        possible = {format for network in case.brief.business.networks or [None] for format in FORMATS[network]}
        types = [day.content_type for day in case.plan]
        return len(set(types)) >= min(3, len(possible)) and max(Counter(types).values()) <= 15

    assert failing(cases, keeps) == []


def test_no_format_runs_more_than_three_days(cases: list[Case]) -> None:
    assert failing(cases, lambda case: longest_run([day.content_type for day in case.plan]) <= 3) == []


def test_the_arc_goes_from_teaser_to_launch_proof_offer_and_recap(cases: list[Case]) -> None:
    def keeps(case: Case) -> bool:
        roles = [day.role for day in case.plan]
        arc = [role for role in (Role.TEASER, Role.LAUNCH, Role.PROOF, Role.OFFER, Role.RECAP) if role in roles]
        first = [roles.index(role) for role in arc]
        return first == sorted(first) and len(arc) >= 4 and first[-1] >= 27

    assert failing(cases, keeps) == []


def test_every_role_has_its_own_way_in_each_day(cases: list[Case]) -> None:
    def keeps(case: Case) -> bool:
        pairs = {(day.role, day.angle) for day in case.plan}
        return len(pairs) == 30 and all(angle in [a.id for a in ANGLES[role]] for role, angle in pairs)

    assert failing(cases, keeps) == []


def test_an_offer_is_sold_only_on_days_it_holds(cases: list[Case]) -> None:
    def keeps(case: Case) -> bool:
        offers = case.brief.business.offers
        return all(day.offer_index is None or offers[day.offer_index].holds_on(day.date) for day in case.plan)

    assert failing(cases, keeps) == []


def test_promotion_is_what_sells_an_offer_and_every_offer_day_sells(cases: list[Case]) -> None:
    def keeps(case: Case) -> bool:
        return all(day.is_promo == (day.offer_index is not None) for day in case.plan) and all(
            day.is_promo for day in case.plan if day.role is Role.OFFER
        )

    assert failing(cases, keeps) == []


def test_nothing_is_sold_on_a_public_holiday(cases: list[Case]) -> None:
    def keeps(case: Case) -> bool:
        business = case.brief.business
        if business.country is None:
            return True
        public = holidays.country_holidays(business.country, business.subdivision)
        return not any(day.is_promo and day.date in public for day in case.plan)

    assert failing(cases, keeps) == []


def test_promotion_takes_at_most_three_days_in_ten_and_never_three_in_a_row(cases: list[Case]) -> None:
    def keeps(case: Case) -> bool:
        promo = [day.is_promo for day in case.plan]
        three_in_a_row = any(all(promo[n : n + 3]) for n in range(28))
        return sum(promo) <= 9 and not three_in_a_row

    assert failing(cases, keeps) == []


def test_all_funnel_stages_are_there_and_conversion_stays_below_35_percent(cases: list[Case]) -> None:
    def keeps(case: Case) -> bool:
        stages = Counter(day.funnel_stage for day in case.plan)
        return set(stages) == set(FunnelStage) and stages[FunnelStage.CONVERSION] / 30 <= 0.35

    assert failing(cases, keeps) == []


def test_pillars_are_balanced_and_never_three_days_running(cases: list[Case]) -> None:
    def keeps(case: Case) -> bool:
        pillars = [day.pillar_index for day in case.plan]
        counts = Counter(pillars)
        return set(counts) == set(range(PILLARS)) and min(counts.values()) >= 7 and longest_run(pillars) < 3

    assert failing(cases, keeps) == []


def test_key_dates_are_named_on_their_dates(cases: list[Case]) -> None:
    def keeps(case: Case) -> bool:
        names = {day.date: day.key_date for day in case.plan}
        return all(own.name in (names[own.day] or "") for own in case.brief.campaign.key_dates if own.day in names)

    assert failing(cases, keeps) == []


def test_the_same_brief_gives_the_same_plan(cases: list[Case]) -> None:
    assert failing(cases, lambda case: plan_days(case.brief, today=START) == case.plan) == []


def test_renaming_the_business_changes_nothing_in_its_plan(cases: list[Case]) -> None:
    def keeps(case: Case) -> bool:
        renamed = case.brief.business.model_copy(update={"name": "Something Else"})
        return plan_days(case.brief.model_copy(update={"business": renamed}), today=START) == case.plan

    assert failing(cases, keeps) == []


def test_another_business_gets_another_plan() -> None:
    bakery, florist = brief_with(), brief_with()
    florist = florist.model_copy(update={"business": florist.business.model_copy(update={"industry": "florist"})})

    angles = [[day.angle for day in plan_days(brief, today=START)] for brief in (bakery, florist)]

    assert angles[0] != angles[1]


def test_a_campaign_without_start_date_begins_today() -> None:
    plan = plan_days(brief_with(campaign=CampaignContext()), today=date(2027, 2, 3))

    assert plan[0].date == date(2027, 2, 3)


def test_a_business_open_one_day_a_week_gets_thirty_weeks() -> None:
    brief = brief_with(closed_days=[day for day in Weekday if day is not Weekday.SUNDAY])

    plan = plan_days(brief, today=START)

    assert plan[-1].date - plan[0].date == timedelta(weeks=29)


def test_refuses_a_brief_that_leaves_no_thirty_days() -> None:
    brief = brief_with(campaign=CampaignContext(start_date=date(9999, 12, 10)))

    with pytest.raises(ValueError, match="leave 21 of 30 days: remove some"):
        plan_days(brief, today=START)


@pytest.mark.parametrize(
    ("launch_date", "launch_day"),
    [
        pytest.param(None, 4, id="the fourth day where none is given"),
        pytest.param(date(2026, 12, 11), 11, id="on its date"),
        pytest.param(date(2026, 12, 1), 2, id="after one teaser where it is the first date"),
        pytest.param(date(2026, 12, 27), 27, id="as late as the 27th day"),
    ],
)
def test_the_launch_is(launch_date: date | None, launch_day: int) -> None:
    brief = brief_with(campaign=CampaignContext(start_date=START, launch_date=launch_date))

    plan = plan_days(brief, today=START)

    assert [day.day for day in plan if day.role is Role.LAUNCH] == [launch_day, launch_day + 1]


def test_a_launch_on_a_rest_day_moves_to_the_next_publishing_day() -> None:
    sunday = date(2026, 12, 13)
    brief = brief_with(closed_days=[Weekday.SUNDAY], campaign=CampaignContext(start_date=START, launch_date=sunday))

    plan = plan_days(brief, today=START)

    assert next(day.date for day in plan if day.role is Role.LAUNCH) == date(2026, 12, 14)


def test_refuses_a_launch_that_leaves_no_days_after_it() -> None:
    brief = brief_with(campaign=CampaignContext(start_date=START, launch_date=date(2026, 12, 28)))

    with pytest.raises(ValueError, match=r"launch_date 2026-12-28 is after day 27 .* \(2026-12-27\): move start_date"):
        plan_days(brief, today=START)


def sold(brief: Brief) -> list[tuple[Role, int, int | None]]:
    """Return role, day number and offer of each day that sells."""
    return [(day.role, day.day, day.offer_index) for day in plan_days(brief, today=START) if day.is_promo]


def offer(first: int | None = None, last: int | None = None) -> Offer:
    """Return an offer that holds on these days of December 2026."""
    return Offer(
        text="Five pounds off",
        valid_from=date(2026, 12, first) if first else None,
        valid_until=date(2026, 12, last) if last else None,
    )


def test_offers_take_turns() -> None:
    brief = brief_with(offers=[offer(), offer()])

    assert [index for _, _, index in sold(brief)] == [0, 1, 0, 1]


def test_without_offers_nothing_is_sold_and_proof_takes_the_place() -> None:
    plan = plan_days(brief_with(), today=START)

    roles = Counter(day.role for day in plan)

    assert (roles[Role.OFFER], roles[Role.PROOF]) == (0, 8)


def test_more_free_days_than_ways_of_proof_go_to_the_community() -> None:
    plan = plan_days(brief_with(campaign=CampaignContext(start_date=START, launch_date=START)), today=START)

    roles = Counter(day.role for day in plan)

    assert (roles[Role.PROOF], roles[Role.COMMUNITY]) == (8, 9)


def test_an_offer_that_ends_before_the_first_proof_is_sold_on_the_second_launch_day() -> None:
    assert sold(brief_with(offers=[offer(last=5)])) == [(Role.LAUNCH, 5, 0)]


def test_the_second_launch_day_sells_nothing_on_a_public_holiday() -> None:
    campaign = CampaignContext(start_date=date(2026, 12, 21))

    assert sold(brief_with(offers=[offer(last=25)], country="FR", campaign=campaign)) == []


@pytest.mark.parametrize("expired", [offer(last=4), Offer(text="Later", valid_from=date(2027, 3, 1))])
def test_an_offer_that_holds_on_no_day_that_may_sell_is_left_out(expired: Offer) -> None:
    assert sold(brief_with(offers=[expired])) == []


def test_an_offer_of_one_day_gets_that_day() -> None:
    assert (Role.OFFER, 17, 1) in sold(brief_with(offers=[offer(), offer(17, 17)]))


def test_the_offer_that_ends_first_is_placed_first() -> None:
    brief = brief_with(offers=[offer(), offer(7, 13), offer(7, 7)])

    assert {(Role.OFFER, 7, 2), (Role.OFFER, 11, 1)} <= set(sold(brief))


def test_an_offer_whose_first_free_day_is_a_public_holiday_takes_the_next() -> None:
    campaign = CampaignContext(start_date=date(2026, 12, 7))
    brief = brief_with(offers=[offer(25, 26)], country="FR", campaign=campaign)

    assert sold(brief) == [(Role.OFFER, 20, 0)]


def test_an_offer_of_a_week_is_sold_three_times_but_not_on_days_that_touch() -> None:
    assert sold(brief_with(offers=[offer(last=12)])) == [(Role.OFFER, day, 0) for day in (7, 9, 11)]


def test_twenty_offers_get_as_many_days_as_there_are_ways_in_and_the_second_launch_day() -> None:
    roles = Counter(role for role, _, _ in sold(brief_with(offers=[offer()] * 20)))

    assert roles == {Role.OFFER: len(ANGLES[Role.OFFER]), Role.LAUNCH: 1}


def test_an_own_name_for_a_public_holiday_does_not_let_it_sell() -> None:
    christmas = date(2026, 12, 25)
    campaign = CampaignContext(start_date=START, key_dates=[KeyDate(day=christmas, name="Our birthday")])
    brief = brief_with(offers=[offer(25, 25)], country="FR", campaign=campaign)

    plan = plan_days(brief, today=START)

    assert plan[24].key_date == "Our birthday"
    assert not plan[24].is_promo


def test_two_own_dates_on_one_day_are_both_named() -> None:
    names = [KeyDate(day=START, name=name) for name in ("Market day", "Late opening")]
    brief = brief_with(campaign=CampaignContext(start_date=START, key_dates=names))

    plan = plan_days(brief, today=START)

    assert plan[0].key_date == "Market day, Late opening"


@pytest.mark.parametrize(
    ("country", "language", "name"),
    [
        ("FR", "fr", "Noël"),
        ("IT", "it", "Natale"),
        ("BR", "pt", "Natal"),
        ("BR", "pt-BR", "Natal"),
        ("CA", "fr-CA", "Jour de Noël"),
        ("GB", "en-GB", "Christmas Day"),
        ("IN", "hi", "क्रिसमस"),
        ("IN", "hi-Latn", "Christmas"),
        ("FR", "ja", "Christmas Day"),
        ("ZA", "zu", "Christmas Day"),
        ("UA", "uk", "Різдво Христове"),
    ],
)
def test_public_holidays_are_named_in_the_language_of_the_brief_else_in_english(
    country: str, language: str, name: str
) -> None:
    christmas = date(2026, 12, 25)

    occasions = key_dates(brief_with(country=country, language=language), [christmas])

    assert occasions[christmas] == (name, True)


@pytest.mark.parametrize(("subdivision", "is_holiday"), [("BY", True), ("BE", False), (None, False), ("XX", False)])
def test_holidays_of_a_part_of_a_country_hold_there_alone(subdivision: str | None, is_holiday: bool) -> None:
    epiphany, labour_day = date(2027, 1, 6), date(2027, 5, 1)
    brief = brief_with(country="DE", subdivision=subdivision, language="de")

    occasions = key_dates(brief, [epiphany, labour_day])

    assert (epiphany in occasions) is is_holiday
    assert occasions[labour_day].name == "Erster Mai"


@pytest.mark.parametrize("country", [None, "ZZ"])
def test_without_a_known_country_there_are_no_holidays(country: str | None) -> None:
    assert key_dates(brief_with(country=country), [date(2026, 12, 25)]) == {}


def test_angles_have_ids_of_their_own_and_formats_named_once() -> None:
    angles = [angle for role in Role for angle in ANGLES[role]]

    assert len({angle.id for angle in angles}) == len({angle.hint for angle in angles}) == len(angles)
    assert [angle.id for angle in angles if len(set(angle.formats)) != len(angle.formats)] == []
    assert {angle.id: angle.hint for angle in angles} == HINTS
