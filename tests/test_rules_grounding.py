from datetime import date
from time import thread_time
from typing import Any

import pytest

from models.brief import Brief, BusinessContext, CampaignContext, KeyDate
from models.grounding import normalised
from models.publishing import violations
from models.rules.claims import unsupported
from models.rules.dates import dates_in


def found(text: str, *, said: str = "", reviews: str = "", without: frozenset[str] = frozenset()) -> list[str]:
    """Return the kinds of claims in a text that the brief lacks."""
    texts = {"caption": text}
    problems = unsupported(texts, stated=[said], reviews=[reviews], without=without)
    return [problem.rule_id.removeprefix("ground.") for problem in problems]


DATES = [
    ("until 2026-12-31", (2026, 12, 31)),
    ("le 31 décembre", (None, 12, 31)),
    ("le 1er mai 2027", (2027, 5, 1)),
    ("December 31st, 2026", (2026, 12, 31)),
    ("Dec. 31", (None, 12, 31)),
    ("3rd of May", (None, 5, 3)),
    ("am 31. Dezember 2026", (2026, 12, 31)),
    ("bis 5. Jänner", (None, 1, 5)),
    ("31 de diciembre de 2026", (2026, 12, 31)),
    ("il 31 dicembre", (None, 12, 31)),
    ("t/m 31 december", (None, 12, 31)),
    ("31 de dezembro", (None, 12, 31)),
    ("do 31 grudnia", (None, 12, 31)),
    ("den 5:e mars", (None, 3, 5)),
    ("до 31 грудня 2026", (2026, 12, 31)),
    ("٣١ ديسمبر", (None, 12, 31)),
    ("1ER MAİ", (None, 5, 1)),
    ("ב-31 בדצמבר", (None, 12, 31)),
    ("12月31日", (None, 12, 31)),
    ("2026年12月31日", (2026, 12, 31)),
    ("12월 31일", (None, 12, 31)),
    ("31/12/2026", (2026, 12, 31)),
    ("12/31/2026", (2026, 12, 31)),
    ("31.12.26", (2026, 12, 31)),
    ("31. 12. 2026", (2026, 12, 31)),
    ("jusqu'au 31/12", (None, 12, 31)),
    ("bis 31.12.", (None, 12, 31)),
    ("31.12. geschlossen", (None, 12, 31)),
]
NO_DATES = [
    "Open 24/7",
    "7.30-18.30",
    "3/4 of a cup",
    "You may 5 times",
    "12.50 €",
    "bis 12.10 €",
    "45 mai",
    "99.99.2026",
    "depuis 1998",
    "9 am to 5 pm",
    "Slide 3/5",
    "kostet 12.10. € ",
    "1.234.567",
]


@pytest.mark.parametrize(("text", "reading"), DATES)
def test_a_date_is_read(text: str, reading: tuple[int | None, int, int]) -> None:
    [read] = dates_in(normalised(text))

    assert reading in read.readings


@pytest.mark.parametrize("text", NO_DATES)
def test_a_lookalike_is_not_a_date(text: str) -> None:
    assert dates_in(normalised(text)) == []


@pytest.mark.parametrize("text", ["du 3 au 24 décembre", "3–24 December", "December 3–24", "3. bis 24. Dezember"])
def test_a_span_of_days_has_two_dates(text: str) -> None:
    assert [sorted(read.readings, key=str) for read in dates_in(text)] == [[(None, 12, 3)], [(None, 12, 24)]]


@pytest.mark.parametrize(("text", "reading"), DATES)
def test_a_date_that_the_brief_does_not_say_is_found(text: str, reading: object) -> None:
    assert found(text) == ["date"]
    assert found(text, said=f"{text}. 2026-01-01") == []


@pytest.mark.parametrize(
    ("text", "said", "expected"),
    [
        ("bis 31. Dezember", "2026-12-31", []),
        ("bis 31. Dezember 2026", "31 December", []),
        ("bis 31. Dezember 2027", "2026-12-31", ["date"]),
        ("until 04/03/2026", "2026-03-04", []),
        ("until 04/03/2026", "2026-04-03", []),
        ("until 04/03/2026", "2026-04-04", ["date"]),
    ],
)
def test_a_date_may_be_said_in_another_way(text: str, said: str, expected: list[str]) -> None:
    assert found(text, said=said) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Our award-winning bread", "award"),
        ("Un pain primé", "award"),
        ("Médaille d'or du concours", "award"),
        ("Unser preisgekröntes Brot", "award"),
        ("Testsieger", "award"),
        ("Pan premiado", "award"),
        ("Pane pluripremiato", "award"),
        ("Bekroond brood", "award"),
        ("Pão premiado", "award"),
        ("Nagradzany chleb", "award"),
        ("Prisbelönt bröd", "award"),
        ("The #1 bakery", "award"),
        ("Nummer eins der Stadt", "award"),
        ("Rated 4.9/5", "stars"),
        ("5-star bread", "stars"),
        ("Five-star bread", "stars"),
        ("Cinq étoiles", "stars"),
        ("4,9 von 5", "stars"),
        ("★★★★★", "stars"),
        ("⭐️⭐️⭐️⭐️⭐️", "stars"),
        ("五 5つ星", "stars"),
        ("Over 500 reviews", "review"),
        ("1,200 happy customers", "review"),
        ("plus de 1 200 clients", "review"),
        ("Über 500 zufriedene Kunden", "review"),
        ("Más de 500 reseñas", "review"),
        ("Thousands of happy customers", "review"),
        ("Des milliers de clients", "review"),
        ("“The best bread I've ever had”", "quote"),
        ('"Delicious!"', "quote"),
        ("« J'adore cette brioche »", "quote"),
        ("„Die beste Brezel“", "quote"),
        ("«El mejor pan»", "quote"),
        ("„Pyszny chleb“", "quote"),
        ("“Soft as a cloud” – Marie L.", "quote"),
        ("“Soft as a cloud” (Marie, 34)", "quote"),
        ("“Soft as a cloud”, says Marie", "quote"),
        ("Marie says: “Soft as a cloud”", "quote"),
        ("A customer wrote to us: “Soft as a cloud”", "quote"),
        ("Une cliente : « Doux comme un nuage »", "quote"),
        ("「ふわふわ」— Marie", "quote"),
    ],
)
def test_praise_that_the_brief_does_not_say_is_found(text: str, kind: str) -> None:
    assert found(text) == [kind]
    assert found(text, without=frozenset({f"ground.{kind}"})) == []
    assert found(text, said=text) == []


def test_reviews_support_stars_and_quotes_alone() -> None:
    text = "“So soft, I love it” – Marie. 5 stars. An award. 500 reviews. 3 May"

    assert found(text) == ["date", "award", "stars", "review", "quote"]
    assert found(text, reviews=text) == ["date", "award", "review"]


@pytest.mark.parametrize(
    "text",
    [
        "“Autumn” begins today",
        "True or not? “A dark crust means burnt bread”",
        "On vous l’a sûrement déjà dit : « la croûte foncée est brûlée »",
        "Asked at the counter: “What do you like the best?”",
        "Text on screen: “Come before ten”",
        "The answer to “what do you like best?” is rye",
        "An unclosed “quote of delicious bread",
        "One ⭐ for you",
        "We are open since 1998 for you",
        "A table for 4/5 people",
        "Our customers ask for rye",
        "The dough rests for 24 hours",
        "Le prix ne change pas",
    ],
)
def test_quotes_numbers_and_words_that_praise_nobody_are_left_alone(text: str) -> None:
    assert found(text) == []


def test_a_violation_names_its_words_and_the_fix() -> None:
    [problem] = unsupported({"caption": "Ten of us won an award"}, stated=[])

    assert problem.path == "caption"
    assert problem.severity == "hard"
    assert problem.message == "award 'award' is not in the brief: name only awards and ranks from the brief"


# Any: the fields of a brief, which it checks itself.
def published(text: str, **fields: Any) -> list[str]:
    business = BusinessContext.model_validate(
        {"name": "Levain", "industry": "bakery", "tone": "warm", "languages": ["en"], **fields}
    )
    campaign = CampaignContext(
        start_date=date(2026, 12, 1),
        launch_date=date(2026, 12, 4),
        key_dates=[KeyDate(day=date(2026, 12, 24), name="Christmas Eve")],
    )
    brief = Brief(business=business, campaign=campaign)
    return [problem.rule_id for problem in violations({"caption": text}, brief)]


def test_the_dates_of_a_campaign_may_be_named() -> None:
    assert published("From 1 December, on 4 December and on December 24th") == []
    assert published("From 2 December") == ["ground.date"]


def test_a_real_review_may_be_quoted() -> None:
    quote = "“The only brioche my children finish!” – Marie"

    assert published(quote) == ["ground.quote"]
    assert published(quote, reviews=["The only brioche my children finish."]) == []


HOSTILE = [
    "1 ",
    "12.",
    "1/",
    "5 to ",
    "3 mai ",
    "vingt ",
    "“a",
    '"',
    "★",
    "5 ",
    "award ",
    "says: “",
    "1.1.",
    "du 3 au ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_text_is_read_in_linear_time(piece: str) -> None:
    """Eight times the text takes about eight times the work; quadratic work would be sixty-four times."""

    def work(size: int, run: int) -> float:
        text = f"{(piece * size)[:size]} {run}"  # another text each time: the last ones are remembered
        started = thread_time()
        unsupported({"caption": text}, stated=[text[:1000]])
        return thread_time() - started

    assert min(work(8_000, run) for run in range(2)) < 30 * min(work(1_000, run) for run in range(2))
