from datetime import date

import holidays
import pytest

from models.brief import CampaignContext, KeyDate
from models.codes import assigned_countries
from models.key_dates import key_dates
from models.skeleton import plan_days
from tests.plans import START, brief_with


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
def test_holidays_of_a_subdivision_apply_only_there(subdivision: str | None, is_holiday: bool) -> None:
    epiphany, labour_day = date(2027, 1, 6), date(2027, 5, 1)
    brief = brief_with(country="DE", subdivision=subdivision, language="de")

    occasions = key_dates(brief, [epiphany, labour_day])

    assert (epiphany in occasions) is is_holiday
    assert occasions[labour_day].name == "Erster Mai"


def test_without_a_country_there_are_no_holidays() -> None:
    assert key_dates(brief_with(country=None), [date(2026, 12, 25)]) == {}


def test_every_country_that_a_brief_may_name_has_holidays() -> None:
    assert assigned_countries() - holidays.list_supported_countries().keys() == frozenset()
