"""Each evaluator of calendars, on a sound one and on one with a single flaw."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from evals import strategy
from evals.cases import BusinessCase, Month
from evals.strategy import CalendarEvaluator
from models.strategy import CalendarDay
from models.vocabulary import ContentType, Network, Role
from tests.evals_parts import CAMPAIGN_ID, MARKET, SLUG, calendar_days, month, passed

Days = list[CalendarDay]
Edit = Callable[[Days], Days]


def _each(**changes: object) -> Edit:
    return lambda days: [day.model_copy(update=changes) for day in days]


def _day(number: int, **changes: object) -> Edit:
    return lambda days: [day.model_copy(update=changes) if day.day == number else day for day in days]


def _promo(**changes: object) -> Edit:
    return lambda days: [day.model_copy(update=changes) if day.is_promo else day for day in days]


def _later(days: Days) -> Days:
    return [day.model_copy(update={"date": day.date + timedelta(days=1)}) for day in days]


def _numbered_theme(text: str) -> Edit:
    return lambda days: [day.model_copy(update={"theme": f"{text} {day.day}"}) for day in days]


def _same_opener(days: Days) -> Days:
    return [day.model_copy(update={"theme": f"Today we {day.theme}"}) for day in days]


def _nothing_own(days: Days) -> Days:
    return [day.model_copy(update={"theme": f"Idea {chr(64 + day.day)}"}) for day in days]


def _swapped_roles(days: Days) -> Days:
    swap = {Role.TEASER: Role.LAUNCH, Role.LAUNCH: Role.TEASER}
    return [day.model_copy(update={"role": swap.get(day.role, day.role)}) for day in days]


OFFER = {"is_promo": True, "offer": "In-office teeth whitening"}

FLAWS: list[tuple[CalendarEvaluator, str, Edit]] = [
    (strategy.Days(), "a day twice", lambda days: [*days[:-1], days[0]]),
    (strategy.Dates(), "a rest day", _later),
    (strategy.Dates(), "a gap", _day(30, date=date(2027, 1, 12))),
    (strategy.KeyDates(), "a holiday missed", _day(19, key_date=None)),
    (strategy.KeyDates(), "a holiday invented", _day(2, key_date="Independence Day")),
    (strategy.Offers(), "an unknown offer", _promo(offer="Free braces")),
    (strategy.Offers(), "an offer over", _day(29, date=date(2027, 2, 5), theme="Whitening again", **OFFER)),
    (strategy.Offers(), "never sold", _each(is_promo=False, offer=None)),
    (strategy.Offers(), "not said to sell", _promo(is_promo=False)),
    (strategy.OfferNamed(), "not named", _day(9, theme="What to wear on a rainy day")),
    (strategy.PromoShare(), "nothing sells", _each(is_promo=False)),
    (strategy.PromoShare(), "everything sells", _each(is_promo=True)),
    (strategy.PromoShare(), "three days in a row", lambda days: _day(10, **OFFER)(_day(11, **OFFER)(days))),
    (strategy.Arc(), "launch before teaser", _swapped_roles),
    (strategy.Arc(), "no recap", _day(30, role=Role.PROOF)),
    (strategy.Arc(), "all to sell", _each(funnel_stage="conversion")),
    (strategy.Formats(), "one format", _each(content_type=ContentType.IMAGE)),
    (strategy.Formats(), "another network", _day(2, network=Network.TIKTOK)),
    (strategy.Formats(), "no reels there", _day(3, content_type=ContentType.REEL)),
    (strategy.Pillars(), "one pillar", _each(pillar="Calm visits")),
    (strategy.Pillars(), "an unknown pillar", _day(1, pillar="Money")),
    (strategy.Repeats(), "two repeats", lambda days: _day(6, theme=days[1].theme)(_day(8, theme=days[1].theme)(days))),
    (strategy.Variety(), "one sentence thirty times", _numbered_theme("A calm word about teeth in room")),
    (strategy.Openers(), "all begin alike", _same_opener),
    (strategy.OwnWords(), "anybody's themes", _nothing_own),
    (strategy.Grounded(), "an invented price", _day(2, theme="Cleaning for $49 this week only")),
    (strategy.Grounded(), "a price on a day that sells nothing", _day(2, theme="Whitening, $199 and no more")),
    (strategy.Grounded(), "a banned word", _day(2, theme="A painless visit, every single time")),
    (strategy.Language(), "French", _numbered_theme("Les dents de la maison et le sourire pour vous")),
]


@pytest.mark.parametrize("evaluator", strategy.EVALUATORS, ids=lambda one: type(one).__name__)
def test_a_sound_calendar_passes(evaluator: CalendarEvaluator) -> None:
    assert passed(evaluator, BusinessCase(business=SLUG), month(), MARKET) is True


@pytest.mark.parametrize(("evaluator", "flaw", "edit"), FLAWS, ids=[f"{type(e).__name__}: {f}" for e, f, _ in FLAWS])
def test_a_flaw_is_found(evaluator: CalendarEvaluator, flaw: str, edit: Edit) -> None:
    flawed = month(edit(calendar_days()))

    assert passed(evaluator, BusinessCase(business=SLUG), flawed, MARKET) is False


def test_a_calendar_of_another_campaign_is_found() -> None:
    other = month(campaign_id=CAMPAIGN_ID.replace("1", "2"))

    assert passed(strategy.Days(), BusinessCase(business=SLUG), other, MARKET) is False


def test_an_own_key_date_under_another_name_is_found() -> None:
    days = calendar_days("levain-fils")
    renamed = [day.model_copy(update={"key_date": "Un jour comme un autre"}) if day.key_date else day for day in days]
    case = BusinessCase(business="levain-fils")

    assert passed(strategy.KeyDates(), case, month(days), MARKET) is True
    assert passed(strategy.KeyDates(), case, month(renamed), MARKET) is False


def test_two_pillars_of_the_same_name_are_found() -> None:
    sound = month()
    pillars = [*sound.strategy.pillars[:3], sound.strategy.pillars[0]]
    flawed = replace(sound, strategy=sound.strategy.model_copy(update={"pillars": pillars}))

    assert passed(strategy.Pillars(), BusinessCase(business=SLUG), flawed, MARKET) is False


def test_every_evaluator_has_a_flaw_to_find() -> None:
    assert {type(evaluator) for evaluator, _, _ in FLAWS} == {type(evaluator) for evaluator in strategy.EVALUATORS}


def test_one_repeated_theme_is_let_pass() -> None:
    days = calendar_days()
    once: Month = month(_day(6, theme=days[1].theme)(days))

    assert passed(strategy.Repeats(), BusinessCase(business=SLUG), once, MARKET) is True
