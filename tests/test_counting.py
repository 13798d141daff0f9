from time import thread_time

import pytest

from models.counting import Unit, count, emoji_in
from models.domains import Span, links_on_x, top_level_domains
from models.normalising import normal_form

FAMILY = "👨‍👩‍👧‍👦"
LINK = 23

# A text, and its weight on X. The kinds are those of twitter-text's conformance cases, the texts are our own.
ON_X = [
    ("", 0),
    ("Fresh bread", 11),
    ("焼きたてのパン", 14),
    ("Свіжий хліб", 11),
    ("خبز طازج", 8),
    ("빵이 나왔어요", 13),
    ("cafe\u0301", 4),
    ("one\r\ntwo", 7),
    ("“Bread” – and ‘butter’ …", 25),
    ("𝔅read", 6),
    ("🥐", 2),
    (FAMILY, 2),
    ("👍🏽", 2),
    ("🇫🇷🇩🇪", 4),
    ("1️⃣", 2),
    ("❤️", 2),
    ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2),
    ("☎︎", 4),
    ("©", 2),
    ("©️", 2),
    ("🏽", 2),
    ("levain.com", LINK),
    ("http://levain.com", LINK),
    ("HTTPS://LEVAIN.COM/Menu", LINK),
    ("see levain.com.", 4 + LINK + 1),
    ("levain.com, levain.fr", LINK + 2 + LINK),
    ("(levain.com)", 1 + LINK + 1),
    ("levain.com:8080/menu?day=1&x=y#top", LINK),
    ("levain.com/bread_(sour)", LINK),
    ("levain.com/bread_(sour_(dark))", LINK),
    ("levain.com/bread!", LINK + 1),
    ("levain.com/?", LINK + 1),
    ("パンはlevain.comで", 6 + LINK + 2),
    ("http://パン.com/メニュー", LINK + 8),
    ("http://levain.comです", LINK + 4),
    ("http://パン.みんな", LINK),
    ("パン.みんな", 11),
    ("xn--pck4b.com", LINK),
    ("http://pain.xn--q9jyb4c/", LINK),
    ("shop.levain.co.uk", LINK),
    ("a_b.levain.com", 2 + LINK),
    ("http://a_b.levain.com", LINK),
    ("http://a.le_vain.com", 20),
    ("http://-levain.com", 18),
    ("-levain.com", 11),
    ("./levain.com", 12),
    ("levain.com-pany", 15),
    ("levain.com@home", 15),
    ("levain.notatld", 14),
    ("levain.com.notatld", LINK + 8),
    ("http://levain", 13),
    ("hello@levain.com", 16),
    ("@levain.com", 11),
    ("#levain.com", 11),
    ("$levain.com", 11),
    ("3.14", 4),
    ("Done.So is this", LINK + 8),
    ("pain..com", 9),
    (f"http://{'a' * 64}.com", 75),
    (f"http://{'é' * 60}.com", 71),
    (f"http://levain.com/{'a' * 4096}", 18 + 4096),
]


def test_a_sequence_of_ten_family_emoji_is_counted_in_each_unit() -> None:
    assert {unit.value: count(FAMILY * 10, unit) for unit in Unit} == {
        "x_weighted": 20,
        "utf16": 110,
        "threads": 250,
        "grapheme": 10,
        "utf8": 250,
        "codepoint": 70,
        "characters": 110,
    }


@pytest.mark.parametrize(("text", "weight"), ON_X)
def test_x_weighs_links_emoji_and_scripts(text: str, weight: int) -> None:
    assert count(text, Unit.X_WEIGHTED) == weight


def test_threads_counts_emoji_as_bytes_and_letters_as_one() -> None:
    assert count("é🥐é", Unit.THREADS) == 1 + 4 + 1


def test_a_grapheme_is_a_user_perceived_character() -> None:
    assert count("e\u0301🇫🇷🇫🇷🇫" + "नि", Unit.GRAPHEME) == 1 + 3 + 1


def test_characters_are_the_larger_of_code_points_and_utf16() -> None:
    assert count("e\u0301🥐", Unit.CODEPOINT) == 2
    assert count("e\u0301🥐", Unit.CHARACTERS) == 4


def test_a_lone_surrogate_is_counted() -> None:
    assert count("a\ud83d", Unit.UTF16) == 2
    assert count("a\ud83d", Unit.UTF8) == 4


def test_emoji_have_a_span() -> None:
    assert emoji_in(f"a{FAMILY}b⭐") == [Span(1, 8), Span(9, 10)]


def test_top_level_domains_are_lower_case_and_in_unicode() -> None:
    assert {"com", "fr", "みんな", "рф"} <= top_level_domains()
    assert len(top_level_domains()) > 1400


def test_a_run_of_marks_is_normalised_in_pieces() -> None:
    marks = "\u0301\u0323" * 40

    assert normal_form("NFC", "e\u0301") == "é"
    assert len(normal_form("NFC", f"ab{marks}c")) == 82  # b and the first dot below are one
    assert normal_form("NFKC", "ﾊﾟ") == "パ"


HOSTILE = [
    "a.",
    "ab.",
    "a.com ",
    "a.com/(",
    "a.co/!",
    "a.co/(b",
    "a.co?!",
    "x@a.co",
    "a_.",
    "-a.",
    "é",
    "あ.",
    "a.comあ",
    "https://",
    "https://a.",
    "http://x.com/",
    "https://ああああああああああああああああああああ.",
    "xn--.",
    "#",
    "@",
    "\u0301\u0323",
    "ﾞ\u0323",
    "🇫🇷",
    "👨\u200d",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_work_is_linear_in_the_length_of_a_hostile_text(piece: str) -> None:
    """Eight times the text takes about eight times the work; quadratic work would be sixty-four times."""
    short, long = ((piece * size)[:size] for size in (1_000, 8_000))

    assert work(long) < 30 * work(short)


def work(text: str) -> float:
    """Return the least CPU time of two counts in every unit."""
    times: list[float] = []
    for _ in range(2):
        started = thread_time()
        for unit in Unit:
            count(text, unit)
        times.append(thread_time() - started)
    return min(times)


def test_links_are_found_in_order() -> None:
    assert links_on_x("b.com a.com") == [Span(0, 5), Span(6, 11)]
