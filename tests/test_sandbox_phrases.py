"""The sandbox's phrase and keyword files are complete and contain no claim that only a brief can make."""

import re
from collections.abc import Iterator

import pytest
from pydantic import BaseModel, JsonValue

from agents.sandbox.keywords import Sensitive, keyword_languages, language_of, load_keywords, says
from agents.sandbox.phrases import (
    BRIEF_SLOTS,
    TRADE_SLOTS,
    Phrases,
    has_phrases,
    load_phrases,
    phrase_languages,
    written_in,
)
from agents.sandbox.wording import ended, fill, shorten
from models.angles import HINTS
from models.brief import Brief, BusinessContext
from models.messaging import Intent
from models.publishing import violations
from models.rules.calls_to_action import count_calls_to_action
from models.rules.speech import HOOK_S, spoken_seconds
from models.texts import every_text
from models.vocabulary import ContentType, Role

SLOT = re.compile(r"\{(\w*)\}")
ALWAYS = TRADE_SLOTS | {"name", "industry"}
LANGUAGES = phrase_languages()
SENSITIVE: tuple[Sensitive, ...] = ("threat", "legal", "medical", "safety", "minors", "angry")


def texts(part: BaseModel | dict[str, JsonValue]) -> Iterator[str]:
    value = part.model_dump(mode="json") if isinstance(part, BaseModel) else part
    return (text for _, text in every_text(value))


@pytest.fixture(params=LANGUAGES)
def phrases(request: pytest.FixtureRequest) -> Phrases:
    return load_phrases(str(request.param))


def test_writes_seven_languages():
    assert set(LANGUAGES) == {"ar", "de", "en", "es", "fr", "it", "ja"}


def test_matches_the_primary_subtag_and_falls_back_to_english():
    assert has_phrases("fr-CA")
    assert not has_phrases("uk")
    assert (written_in("fr-CA"), written_in("uk")) == ("fr", "en")


def test_covers_every_angle_role_and_format(phrases: Phrases):
    assert phrases.angles.keys() == HINTS.keys()
    assert phrases.roles.keys() == set(Role)
    assert phrases.scripts.keys() == set(ContentType)


def test_all_languages_know_the_same_audiences_and_no_trade_that_english_does_not():
    files = [load_phrases(language) for language in LANGUAGES]
    english = load_phrases("en")

    assert all(file.audiences.keys() == english.audiences.keys() for file in files)
    assert all({"generic"} < file.trades.keys() <= english.trades.keys() for file in files)


def test_every_slot_is_known(phrases: Phrases):
    labels = {"value", "day", "month", "number", "year"}

    used = {name.lower() for text in texts(phrases) for name in SLOT.findall(text)}

    assert used <= TRADE_SLOTS | BRIEF_SLOTS | labels


def test_every_angle_but_offers_has_two_frames_that_any_brief_can_fill(phrases: Phrases):
    poor = [
        angle
        for angle, entry in phrases.angles.items()
        if sum({slot.lower() for slot in SLOT.findall(frame)} <= ALWAYS for frame in entry.themes) < 2
        and not angle.startswith("offer_")
    ]

    assert poor == []


def test_no_phrase_holds_a_digit(phrases: Phrases):
    assert [text for text in texts(phrases) if re.search(r"\d", text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_breaks_a_rule_whoever_says_it(language: str):
    published = load_phrases(language).model_dump(mode="json", exclude={"months", "registers", "audiences", "replies"})
    said = {path: SLOT.sub("Nova", text) for path, text in every_text(published)}
    business = BusinessContext(name="Nova", industry="bakery", tone="plain", languages=[language], country="IE")

    found = violations(said, Brief(business=business))

    assert [(violation.rule_id, said[violation.path]) for violation in found if ".match." not in violation.path] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_hooks_take_three_seconds_at_most(language: str):
    phrases = load_phrases(language)
    occasions = [phrases.key_dates, phrases.solemn_days]
    entries = [*phrases.angles.values(), *phrases.roles.values(), *occasions]

    hooks = [hook for entry in entries for hook in entry.hook]

    assert [hook for hook in hooks if spoken_seconds(hook, language) > HOOK_S] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_but_a_call_calls_to_action(language: str):
    phrases = load_phrases(language)
    occasions = [phrases.key_dates, phrases.solemn_days]
    silent = [
        *(text for entry in phrases.angles.values() for text in texts(entry)),
        *(text for entry in occasions for text in (*entry.themes, *entry.offer, *entry.hook, *entry.body)),
        *(text for role in phrases.roles.values() for text in (*role.hook, *role.body, *role.close)),
        *(text for register in phrases.registers.values() for text in (*register.asides, *register.closers)),
        *(text for thought in phrases.video for text in thought),
    ]

    assert [text for text in silent if count_calls_to_action(text, language)] == []
    asking = [ask for entry in (*phrases.roles.values(), *occasions) for ask in entry.ask]
    assert [ask for ask in asking if count_calls_to_action(ask, language) != 1] == []


def test_no_phrase_is_a_cliche(phrases: Phrases):
    cliche = re.compile(
        r"elevate|unlock|game.changer|unleash|discover the|magic|look no further|ne cherchez plus", re.I
    )

    assert [text for text in texts(phrases) if cliche.search(text)] == []


def test_apostrophes_are_typographic_and_french_marks_do_not_part_from_their_word():
    french = [text for text in texts(load_phrases("fr")) if not text.startswith("pas d'")]

    assert [text for text in french if "'" in text] == []
    assert [text for text in french if re.search(r" [?!:;»]|« ", text)] == []


def test_replies_cover_whatever_a_person_must_decide(phrases: Phrases):
    assert set(SENSITIVE) <= phrases.replies.sorry.keys()
    others = {"booking", "unknown", "unread", "untranslated"}
    assert phrases.replies.sorry.keys() | others == phrases.replies.reasons.keys()


@pytest.mark.parametrize("language", keyword_languages())
def test_keywords_are_regular_expressions_for_every_intent(language: str):
    keywords = load_keywords(language)

    for patterns in (*keywords.intents.values(), *keywords.sensitive.values(), *keywords.topics.values()):
        assert not says(patterns, "")
    assert keywords.intents.keys() == set(Intent) - {Intent.QUESTION, Intent.OTHER}
    assert keywords.sensitive.keys() == set(SENSITIVE)


def test_reads_every_language_that_it_writes():
    assert set(LANGUAGES) <= set(keyword_languages())


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("When do you open on Sundays?", "en"),
        ("Vous êtes ouverts le dimanche ?", "fr"),
        ("Haben Sie am Sonntag geöffnet?", "de"),
        ("日曜日は開いていますか", "ja"),
        ("هل تفتحون يوم الأحد؟", "ar"),
        ("آیا یکشنبه‌ها باز هستید؟", "und"),
        ("В неділю працюєте?", "und"),
        ("¿Están abiertos el domingo?", "es"),
        ("OK", None),
    ],
)
def test_tells_languages_apart(text: str, language: str | None):
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("frame", "value", "language", "text"),
    [
        ("le goût de {topic}", "le pain", "fr", "Le goût du pain"),
        ("le soin de {topic}", "les dents", "fr", "Le soin des dents"),
        ("grâce à {tool}", "le four", "fr", "Grâce au four"),
        ("l’histoire de {item}", "une miche", "fr", "L’histoire d’une miche"),
        ("on dit que {myth}", "il faut attendre", "fr", "On dit qu’il faut attendre"),
        ("un mot de {name}", "Le Petit Four", "fr", "Un mot de Le Petit Four"),
        ("un mot de {name}", "Al Noor", "fr", "Un mot d’Al Noor"),
        ("“{Ask}”", "can it wait?", "en", "“Can it wait?”"),
        ("a {noun}", "oven", "en", "An oven"),
        ("el retrato de {tool}", "el cuchillo", "es", "El retrato del cuchillo"),
        ("le toca a {tool}", "el horno", "es", "Le toca al horno"),
        ("{Tool}: ein Porträt", "die Schere", "de", "Die Schere: ein Porträt"),
        ("{tool}がなければ", "平ざる", "ja", "平ざるがなければ"),
    ],
)
def test_frames_are_joined_as_the_language_asks(frame: str, value: str, language: str, text: str):
    slot = SLOT.findall(frame)[0].lower()

    assert fill(frame, {slot: value}, language=language) == text


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Open Monday to Friday", "Open Monday to Friday"),
        ("Free parking behind the building, also at night", "Free parking behind the building…"),
        ("We answer messages within 24 hours, every day", "We answer messages within…"),
        ("First line\nsecond line", "First line"),
    ],
)
def test_texts_are_shortened_behind_a_clause_or_a_word_never_behind_a_number(text: str, short: str):
    assert shorten(text, 34) == short


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("鶏と煮干しのスープを毎朝炊いています", "鶏と煮干しのスープを毎朝炊いています"),
        ("駅から歩いて少し、小さな店です。お待ちしています", "駅から歩いて少し、小さな店です…"),
        ("スープを毎朝ゆっくり時間をかけて5時間炊いています", "スープを毎朝ゆっくり時間をかけて…"),
    ],
)
def test_a_text_without_spaces_is_shortened_behind_a_clause_and_never_within_a_number(text: str, short: str):
    assert shorten(text, 20) == short


@pytest.mark.parametrize(
    ("text", "end"),
    [("Offen", "Offen."), ("開店です", "開店です。"), ("開店ですか？", "開店ですか？"), ("متى؟", "متى؟")],
)
def test_a_sentence_ends_with_the_mark_of_its_script(text: str, end: str):
    assert ended(text) == end


def test_a_frame_without_its_words_is_left_aside():
    assert fill("{fact}: good to know", {"fact": ""}, language="en") is None


def test_words_of_the_brief_are_never_taken_for_slots():
    assert fill("{name} opens", {"name": "{offer}", "offer": "free"}, language="en") == "{offer} opens"
