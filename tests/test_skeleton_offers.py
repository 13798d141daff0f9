from collections import Counter
from datetime import date

import pytest

from models.angles import ANGLES
from models.brief import Brief, CampaignContext, KeyDate, Offer
from models.skeleton import plan_days
from models.vocabulary import Role
from tests.plans import START, brief_with


def sold(brief: Brief) -> list[tuple[Role, int, int | None]]:
    """Return role, day number and offer of each promotion day."""
    return [(day.role, day.day, day.offer_index) for day in plan_days(brief, today=START) if day.is_promo]


def offer(first: int | None = None, last: int | None = None) -> Offer:
    """Return an offer that is valid on these days of December 2026."""
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


def test_free_days_beyond_the_angles_of_proof_go_to_the_community() -> None:
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


def test_twenty_offers_get_one_day_per_angle_and_the_second_launch_day() -> None:
    roles = Counter(role for role, _, _ in sold(brief_with(offers=[offer()] * 20)))

    assert roles == {Role.OFFER: len(ANGLES[Role.OFFER]), Role.LAUNCH: 1}


def test_a_campaigns_own_name_for_a_public_holiday_does_not_allow_promotion() -> None:
    christmas = date(2026, 12, 25)
    campaign = CampaignContext(start_date=START, key_dates=[KeyDate(day=christmas, name="Our birthday")])
    brief = brief_with(offers=[offer(25, 25)], country="FR", campaign=campaign)

    plan = plan_days(brief, today=START)

    assert plan[24].key_date == "Our birthday"
    assert not plan[24].is_promo
