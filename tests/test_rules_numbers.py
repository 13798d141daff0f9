import pytest

from models.grounding import ungrounded
from models.rules.number_words import with_digits


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("twenty-five percent", 25),
        ("ninety nine per cent", 99),
        ("one hundred percent", 100),
        ("vingt pour cent", 20),
        ("vingt et un pour cent", 21),
        ("soixante et onze pour cent", 71),
        ("quatre-vingts pour cent", 80),
        ("quatre-vingt-dix-neuf pour cent", 99),
        ("septante pour cent", 70),
        ("einundzwanzig Prozent", 21),
        ("fünfunddreißig Prozent", 35),
        ("fünfunddreissig Prozent", 35),
        ("veintidós por ciento", 22),
        ("treinta y cinco por ciento", 35),
        ("ventotto per cento", 28),
        ("trentatré per cento", 33),
        ("tweeëntwintig procent", 22),
        ("vijfendertig procent", 35),
        ("vinte e cinco por cento", 25),
        ("dwadzieścia pięć procent", 25),
        ("tjugofem procent", 25),
        ("cent pour cent", 100),
        ("VİNGT POUR CENT", 20),
    ],
)
def test_numbers_in_words_are_read_before_a_unit(words: str, number: int) -> None:
    assert with_digits(words).split()[0] == str(number)


@pytest.mark.parametrize(
    "words", ["half price", "à moitié prix", "zum halben Preis", "a mitad de precio", "za pół ceny"]
)
def test_half_price_is_fifty_percent(words: str) -> None:
    assert with_digits(words) == "50 %"


@pytest.mark.parametrize("words", ["twenty loaves", "pas un euro de plus", "one percent", "often percent"])
def test_other_words_stay(words: str) -> None:
    assert with_digits(words) == words


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Twenty percent off", "percentage"),
        ("Vingt euros", "price"),
        ("Half price", "percentage"),
        ("٢٫٥٪", "percentage"),
    ],
)
def test_amounts_in_words_are_grounded(text: str, kind: str) -> None:
    texts = {"caption": text}

    problems = ungrounded(texts, stated=[], links=[])

    assert [problem.rule_id for problem in problems] == [f"ground.{kind}"]
    assert ungrounded(texts, stated=["20 %, 20 EUR, 50 %, 2.5 %"], links=[]) == []
    assert ungrounded(texts, stated=[], links=[], without=frozenset({f"ground.{kind}"})) == []
