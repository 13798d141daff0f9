import pytest

from models.rules.speech import check_script, spoken_seconds, words_for
from models.video import VideoCopy

EIGHT_WORDS = "This dough has rested for a whole day"


def script(
    hook: str = EIGHT_WORDS,
    body: str = "word " * 62,
    cta: str = "Come by tomorrow before nine o'clock",
    shots: tuple[str, ...] = ("The dough", "The oven"),
) -> VideoCopy:
    return VideoCopy(hook=hook, body=body, cta=cta, shots=list(shots))


def broken(video: VideoCopy, *, language: str = "en", duration_s: float = 28.5, theme: str = "") -> list[str]:
    found = check_script(video, language=language, duration_s=duration_s, theme=theme)
    return [violation.rule_id for violation in found]


@pytest.mark.parametrize(
    ("text", "language", "seconds"),
    [
        ("word " * 160, "en-GB", 60),
        ("mot " * 175, "fr", 60),
        ("Wort " * 129, "de", 60),
        ("palabra " * 152, "es-MX", 60),
        ("parola " * 136, "it", 60),
        ("rock'n'roll isn’t 1,200.50 well-made", "en", 4 * 60 / 160),
        ("語" * 325, "ja", 60),
        ("语" * 260, "zh-Hant", 60),
        ("말" * 320, "ko", 60),
        ("ก" * 600, "th", 60),
        ("fjalë " * 130, "sq", 60),
        ("chai " * 130, "hi-Latn", 60),
        ("… ! 🥐", "en", 0),
    ],
)
def test_a_language_has_its_speaking_rate(text: str, language: str, seconds: float) -> None:
    assert spoken_seconds(text, language) == pytest.approx(seconds)


def test_words_for_a_time_fit_into_it() -> None:
    assert words_for(3, "en") == 8
    assert words_for(3, "de") == 6
    assert words_for(60, "ja") == 325


def test_a_script_that_fits_breaks_nothing() -> None:
    assert broken(script()) == []


def test_a_hook_takes_three_seconds_at_most() -> None:
    [found] = check_script(script(hook=f"{EIGHT_WORDS} again"), language="en", duration_s=28.5)

    assert (found.rule_id, found.severity, found.path) == ("video.hook", "hard", "hook")
    assert found.message == "takes about 3.4 s to speak, at most 3.0 s: shorten it to 8 words"


def test_a_japanese_hook_is_counted_in_characters() -> None:
    [found] = check_script(script(hook="あ" * 17, body="い" * 100, cta="う" * 10), language="ja", duration_s=23)

    assert found.message == "takes about 3.1 s to speak, at most 3.0 s: shorten it to 16 characters"


@pytest.mark.parametrize(("words", "expected"), [(92, []), (93, ["video.length"]), (68, []), (67, ["video.length"])])
def test_a_script_keeps_its_length_within_15_percent(words: int, expected: list[str]) -> None:
    video = script(body="word " * (words - 14))

    assert broken(video, duration_s=30) == expected


def test_a_wrong_length_says_how_many_words_are_too_many() -> None:
    [long] = check_script(script(body="word " * 146), language="en", duration_s=30)
    [short] = check_script(script(body="word " * 26), language="en", duration_s=30)

    assert long.message == "the script takes about 60 s to speak, asked are 30 s: shorten it by about 80 words"
    assert short.message == "the script takes about 15 s to speak, asked are 30 s: lengthen it by about 40 words"


def test_a_script_asks_for_one_thing() -> None:
    assert broken(script(cta="Book your table and follow us today, please")) == ["video.cta"]
    assert broken(script(cta="Come by, come by, we say: come by")) == []


def test_calls_are_not_counted_where_there_is_no_list() -> None:
    assert "video.cta" not in broken(script(cta="Book your table and follow us"), language="sq")


@pytest.mark.parametrize(
    ("hook", "language"),
    [
        ("Hi guys, look at this", "en"),
        ("Bonjour à tous", "fr"),
        ("Hallo zusammen", "de"),
        ("Hola", "es"),
        ("Ciao", "it"),
    ],
)
def test_a_hook_does_not_greet(hook: str, language: str) -> None:
    assert "video.greeting" in broken(script(hook=hook), language=language)


def test_a_greeting_later_in_the_hook_is_allowed() -> None:
    assert "video.greeting" not in broken(script(hook="Nobody says hello to a dough"))


def test_a_hook_is_not_the_theme_again() -> None:
    assert "video.repeat" in broken(script(), theme=f"{EIGHT_WORDS.upper()}!")
    assert "video.repeat" not in broken(script(), theme="Why dough rests")


def test_what_no_phone_can_film_has_its_place() -> None:
    [found] = check_script(script(body=f"A drone shot. {'word ' * 59}"), language="en", duration_s=28.5)

    assert (found.rule_id, found.path, found.span) == ("video.filmable", "body", [2, 12])


def test_what_no_phone_can_film_is_found_in_the_shots_too() -> None:
    video = script(shots=("The counter", "A helicopter over the town"))

    [found] = check_script(video, language="en", duration_s=28.5)

    assert (found.rule_id, found.path, found.span) == ("video.filmable", "shots.1", [2, 12])


def test_a_call_to_action_that_takes_all_the_time_must_be_shortened() -> None:
    [found] = check_script(script(body="word " * 6, cta="word " * 20), language="en", duration_s=8)

    assert (found.rule_id, found.path) == ("video.length", "cta")


@pytest.mark.parametrize("rule_id", ["video.hook", "video.length", "video.cta", "video.greeting", "video.repeat"])
def test_a_rule_left_out_finds_nothing(rule_id: str) -> None:
    hook = "Hello everyone, this is a hook that never ends"
    video = script(hook=hook, body="word " * 200, cta="Book your table and follow us")

    everything = broken(video, theme=hook)
    found = check_script(video, language="en", duration_s=28.5, theme=hook, without=frozenset({rule_id}))

    assert rule_id in everything
    assert [violation.rule_id for violation in found] == [other for other in everything if other != rule_id]


@pytest.mark.parametrize("language", ["ja", "ko", "zh", "th"])
def test_words_in_latin_letters_are_spoken_as_words_also_among_characters(language: str) -> None:
    english = "Come in before work and take a warm loaf home today"

    assert spoken_seconds(english, language) == pytest.approx(11 * 60 / 130, rel=0.05)


def test_a_latin_name_in_a_japanese_sentence_takes_the_time_of_a_word() -> None:
    without, with_name = "今日はパンを焼きます", "今日はLevainのパンを焼きます"

    longer = spoken_seconds(with_name, "ja") - spoken_seconds(without, "ja")

    assert longer == pytest.approx(60 / 325 + 60 / 130, abs=0.1)
