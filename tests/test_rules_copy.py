from typing import Any

import pytest

from models.brief import BusinessContext
from models.rules.copy_quality import measure_copy
from models.rules.languages import is_in_language
from models.vocabulary import Quality

SHORT = "Le pain sort du four à huit heures. Passez nous voir."


# Any: the fields of a brief, which it checks itself.
def measured(
    caption: str,
    past_posts: tuple[str, ...] = (),
    *,
    call_to_action: str | None = None,
    without: frozenset[str] = frozenset(),
    **fields: Any,
) -> dict[str, Quality]:
    business = BusinessContext.model_validate(
        {"name": "Levain", "industry": "bakery", "tone": "warm", "languages": ["fr"], **fields}
    )
    found = measure_copy(caption, business, past_posts, call_to_action=call_to_action, without=without)
    return {quality.name: quality for quality in found}


def test_good_copy_passes_everything() -> None:
    found = measured(SHORT)

    assert set(found) == {"q.opener", "q.emoji", "q.sentence", "q.cliche", "q.language", "q.cta"}
    assert all(quality.passed and quality.severity == "soft" for quality in found.values())


def test_an_opener_is_not_used_again_within_five_posts() -> None:
    past = ("Le pain sort tard.", "Autre chose.", "LE PAIN SORT bien", "a b c", "d e f", "Le pain sort encore.")

    found = measured(SHORT, past)["q.opener"]

    assert (found.value, found.target, found.passed) == (2, 0, False)


def test_an_opener_without_spaces_is_six_characters() -> None:
    found = measured("焼きたてのパンです", ("焼きたてのケーキ", "冬のパン"), languages=["ja"])["q.opener"]

    assert found.value == 0
    assert measured("焼きたてのパンです", ("焼きたてのパフェ",), languages=["ja"])["q.opener"].value == 1


def test_a_caption_without_words_has_no_opener() -> None:
    assert measured("🥐", ("🥖",))["q.opener"].value == 0


@pytest.mark.parametrize(
    ("tone", "most"),
    [("technical, no emoji", 0), ("rzeczowy, naukowy", 1), ("warm", 3), ("ludique", 6), ("playful, professional", 1)],
)
def test_a_tone_limits_the_number_of_emoji(tone: str, most: int) -> None:
    assert measured("🥐" * most + SHORT, tone=tone)["q.emoji"].passed
    assert not measured("🥐" * (most + 1) + SHORT, tone=tone)["q.emoji"].passed


@pytest.mark.parametrize(("tone", "most"), [("warm", 22), ("plain, patient", 16)])
def test_sentences_are_short_on_average(tone: str, most: int) -> None:
    assert measured(f"{'pain ' * most}. {'pain ' * most}!", tone=tone)["q.sentence"].passed
    assert not measured(f"{'pain ' * most}. {'pain ' * (most + 1)}!", tone=tone)["q.sentence"].passed


def test_sentences_without_spaces_are_counted_in_characters() -> None:
    assert measured("語" * 60 + "。", languages=["ja"])["q.sentence"].passed
    assert not measured("語" * 61 + "。", languages=["ja"])["q.sentence"].passed


@pytest.mark.parametrize(
    ("caption", "language"),
    [
        ("Elevate your breakfast with our bread", "en"),
        ("Take your mornings to the next level", "en"),
        ("Plongez dans un monde de brioche", "fr"),
        ("Tauche ein in die Welt des Brotes", "de"),
        ("Sumérgete en el mundo del pan", "es"),
    ],
)
def test_a_cliche_is_found(caption: str, language: str) -> None:
    found = measured(caption, languages=[language])["q.cliche"]

    assert (found.value, found.passed) == (1, False)


def test_measures_not_available_in_a_language_are_left_out() -> None:
    assert set(measured("Chai garam hai, aa jao dosto, jaldi se", languages=["hi-Latn"])) == {
        "q.opener",
        "q.emoji",
        "q.sentence",
    }


def test_a_post_in_another_language_does_not_pass() -> None:
    found = measured("The bread comes out of the oven at eight. Come by.")["q.language"]

    assert (found.value, found.passed) == (0, False)


@pytest.mark.parametrize(
    ("caption", "language", "calls"),
    [
        ("Du pain.", "fr", 0),
        ("Réservez vite. Du pain. Réservez.", "fr", 1),
        ("Réservez, puis suivez-nous", "fr", 2),
        ("Before you come by: book a table 🥐 Call us", "en", 2),
        ("The next time you come by we will show you, and those who book a table wait less", "en", 0),
        ("Il primo incontro si fissa dal sito", "it", 0),
        ("Reserva tu lugar en la cata", "es", 1),
        ("Termin für den Frühjahrs-Check vereinbaren", "de", 1),
        ("Scriveteci la vostra data", "it", 1),
        ("Reserve sua peça pelo site", "pt", 1),
        ("Wpisz kod FIT15 w koszyku", "pl", 1),
        ("Boka din första klass", "sv", 1),
        ("Kom langs met je hond", "nl", 1),
        ("Запишіться на сайті", "uk", 1),
        ("お昼にふらっとお立ち寄りください", "ja", 1),
        ("홈페이지에서 상담을 예약하세요", "ko", 1),
        ("اطلبوا صندوق العيد من موقعنا", "ar", 1),
        ("מזמינים באתר או קופצים לחנות", "he", 2),
    ],
)
def test_a_post_has_one_call_to_action(caption: str, language: str, calls: int) -> None:
    found = measured(caption, languages=[language])["q.cta"]

    assert (found.value, found.passed) == (calls, calls == 1)


@pytest.mark.parametrize(("caption", "asks", "passed"), [("Du pain.", True, False), ("Du pain.", False, True)])
def test_a_post_without_a_request_needs_no_call_to_action(caption: str, asks: bool, passed: bool) -> None:
    business = BusinessContext.model_validate(
        {"name": "Levain", "industry": "bakery", "tone": "warm", "languages": ["fr"]}
    )

    def measured_calls(text: str) -> Quality:
        return next(q for q in measure_copy(text, business, [], asks=asks) if q.name == "q.cta")

    assert measured_calls(caption).passed is passed
    assert not measured_calls("Réservez, puis suivez-nous").passed


def test_the_call_of_the_brief_is_one_whatever_it_says() -> None:
    own = "Réservez ou commandez, rendez-vous au fournil."

    assert measured(f"Du pain. {own[:-1]} !", call_to_action=own)["q.cta"].value == 1
    assert measured(f"{own} Abonnez-vous.", call_to_action=own)["q.cta"].value == 2
    assert measured("Hajde te ne", call_to_action="hajde te ne", languages=["sq"])["q.cta"].value == 1


@pytest.mark.parametrize("name", ["q.opener", "q.emoji", "q.sentence", "q.cliche", "q.language", "q.cta"])
def test_a_measure_that_is_left_out_is_missing(name: str) -> None:
    assert name not in measured(SHORT, without=frozenset({name}))


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Le pain sort du four à huit heures ce matin.", "fr", True),
        ("Le pain sort du four à huit heures ce matin.", "en", False),
        ("Le pain sort du four à huit heures ce matin.", "fr-CA", True),
        ("Aberta de segunda a sábado das 10h às 20h", "pt-BR", True),
        ("Butiken är öppen måndag till lördag hela året", "sv", True),
        ("Відчинено з понеділка по суботу цілий день", "uk", True),
        ("麺は店の奥の製麺機で毎日打っています", "ja", True),
        ("평일은 오전부터 오후까지 진료합니다", "ko", True),
        ("نغلّف الهدايا مجانًا ونكتب بطاقة التهنئة بخط اليد", "ar", True),
        ("על מדף ההשאלות אפשר להשאיר ספר ולקחת ספר אחר", "he", True),
        ("Çdo udhërrëfyes flet shqip dhe anglisht me ju", "sq", True),
        ("Butikken er åpen mandag til lørdag hele året, velkommen", "no", True),
        ("Du pain", "fr", None),
        ("https://levain.example/le-pain-du-matin #boulangerie @levain 2026", "fr", None),
        ("Chai aur bun maska combo sirf aaj ke liye hai", "hi-Latn", None),
        ("Nuqneh, Qapla, batlh, tlhIngan maH taH", "tlh", None),
    ],
)
def test_the_language_of_a_text_is_detected_where_possible(text: str, language: str, expected: bool | None) -> None:
    assert is_in_language(text, language) is expected
