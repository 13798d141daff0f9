from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import pairwise

import holidays
import pytest

from models.angles import ANGLES, HINTS
from models.brief import CampaignContext, Weekday
from models.skeleton import PILLARS, plan_days
from models.vocabulary import FORMATS, FunnelStage, Role
from tests.plans import START, Case, brief_with, briefs


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


def test_no_format_is_used_on_more_than_three_days_in_a_row(cases: list[Case]) -> None:
    assert failing(cases, lambda case: longest_run([day.content_type for day in case.plan]) <= 3) == []


def test_the_arc_goes_from_teaser_to_launch_proof_offer_and_recap(cases: list[Case]) -> None:
    def keeps(case: Case) -> bool:
        roles = [day.role for day in case.plan]
        arc = [role for role in (Role.TEASER, Role.LAUNCH, Role.PROOF, Role.OFFER, Role.RECAP) if role in roles]
        first = [roles.index(role) for role in arc]
        return first == sorted(first) and len(arc) >= 4 and first[-1] >= 27

    assert failing(cases, keeps) == []


def test_every_day_of_a_role_has_its_own_angle(cases: list[Case]) -> None:
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


def test_refuses_a_brief_that_leaves_fewer_than_thirty_days() -> None:
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


def test_angles_have_ids_of_their_own_and_formats_named_once() -> None:
    angles = [angle for role in Role for angle in ANGLES[role]]

    assert len({angle.id for angle in angles}) == len({angle.hint for angle in angles}) == len(angles)
    assert [angle.id for angle in angles if len(set(angle.formats)) != len(angle.formats)] == []
    assert {angle.id: angle.hint for angle in angles} == HINTS
