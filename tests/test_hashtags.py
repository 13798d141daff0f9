"""What a hashtag is made of, in every script."""

import unicodedata

import pytest

from models.content import PostCopy
from models.hashtags import hashtags_in, is_hashtag, words_of
from models.rules.finders import hashtags

WHOLE = [
    "#Pain",
    "#1erMai",
    "#pain_chaud",
    "#мука",
    "#άρτος",
    "#מִצְוָה",
    "#ג׳ירפה",
    "#خُبْز",
    "#می‌خواهم",
    "#मिट्टी",
    "#क्‍ष",
    "#মাটির_কাজ",
    "#ਮਿੱਟੀ",
    "#માટી",
    "#ମାଟି",
    "#களிமண்",
    "#మట్టి",
    "#ಕುಂಬಾರಿಕೆ",
    "#മണ്‍പാത്രം",
    "#මැටි",
    "#เครื่องปั้น",
    "#ດິນເຜົາ",
    "#མཁར་ལས",
    "#မြေအိုး",
    "#ជាងស្មូន",
    "#ᠮᠣᠩᠭᠣᠯ᠋",
    "#흙",
    "#土器",
    "#パン",
    "#ᏣᎳᎩ",
    "#𑄌𑄋𑄴𑄟𑄳𑄦",
    "#cafe\u0301",
    "#Việt",
    unicodedata.normalize("NFD", "#Việt한국"),
]


@pytest.mark.parametrize("tag", WHOLE)
def test_a_hashtag_stays_as_it_is_in_every_script(tag: str) -> None:
    assert is_hashtag(tag)
    assert hashtags_in(tag) == [tag]
    assert PostCopy(caption="Bread", hashtags=[tag], script="A loaf").hashtags == [tag]
    assert [tuple(span) for span in hashtags(f"so {tag}, yes")] == [(3, 3 + len(tag))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#a #b", ["#a", "#b"]),
        ("#a#b", ["#a", "#b"]),
        ("a, b;c\nd|e", ["#a", "#b", "#c", "#d", "#e"]),
        ("粘土、窯，器", ["#粘土", "#窯", "#器"]),
        ("＃土", ["#土"]),
        ("weir lane, wheel", ["#WeirLane", "#wheel"]),
        ("#weir lane #wheel", ["#WeirLane", "#wheel"]),
        ("#1,000 bowls", ["#1000Bowls"]),
        ("clay❤️", ["#clay"]),
        ("#👩🏽‍🍳bread", ["#bread"]),
        ("#bread🇬🇧", ["#bread"]),
        ("1️⃣st", ["#1St"]),
        ("a\u200c", ["#a"]),
        ("#", []),
        ("🔥", []),
        ("", []),
    ],
)
def test_hashtags_are_read_as_they_were_meant(text: str, found: list[str]) -> None:
    assert hashtags_in(text) == found


def test_an_emoji_goes_with_all_of_its_sequence() -> None:
    assert words_of("a👩🏽‍🍳b ❤️‍🔥c") == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("#Clay #Wheel", ["#Clay", "#Wheel"]),
        ("Clay", ["#Clay"]),
        (["clay, wheel"], ["#clay", "#wheel"]),
        (["#Clay", "", "#Wheel", "#clay"], ["#Clay", "#Wheel"]),
        (["#a", "#b", "#c", "#d", "#e", "#f"], ["#a", "#b", "#c", "#d", "#e"]),
    ],
)
def test_a_post_has_each_hashtag_once_and_five_at_most(sent: object, kept: list[str]) -> None:
    copy = PostCopy.model_validate({"caption": "Bread", "hashtags": sent, "script": "A loaf"})

    assert copy.hashtags == kept


@pytest.mark.parametrize("sent", ["clay wheel", "#weir lane", {"a": "#b"}, None])
def test_words_that_may_be_one_hashtag_or_several_are_asked_again(sent: object) -> None:
    with pytest.raises(ValueError, match="hashtags"):
        PostCopy.model_validate({"caption": "Bread", "hashtags": sent, "script": "A loaf"})
