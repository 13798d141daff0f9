"""Computes how much text a network accepts, so that a model is told before it writes, and after it wrote too much."""

from functools import cache, lru_cache
from math import ceil

from models.counting import Unit, count
from models.rules.lexicons import primary
from models.rules.pack import Rule, rule_pack
from models.vocabulary import ContentType, Network

MAX_HASHTAGS = 5
"""More have no effect on any network, and Instagram refuses them (`ig.tags`)."""

_MAX_CAPTION = 2200
_TEXT_FIELDS = {"text", "video_text", "photo_text", "description"}
_HASHTAG_LETTERS = 15
"""Length of one hashtag with the space before it, in letters."""
_LETTERS = {
    "ja": "あ",
    "zh": "字",
    "ko": "가",
    "th": "ก",
    "hi": "ह",
    "ar": "ع",
    "fa": "ع",
    "he": "ש",
    "uk": "ж",
    "ru": "ж",
    "bg": "ж",
    "el": "λ",
}
"""A common letter of each language whose letters a network may count as more than one."""


@cache
def max_hashtags(network: Network | None) -> int:
    """Return how many hashtags a network accepts, at most five."""
    limits = [
        int(rule.at_most or 0) for rule in rule_pack().rules if (rule.network, rule.field) == (network, "hashtags")
    ]
    return min([MAX_HASHTAGS, *limits])


@lru_cache(maxsize=1024)
def caption_room(network: Network | None, content_type: ContentType, language: str, *, added: str) -> int:
    """Return how many letters of a language a caption may have, after its hashtags and `added`, the text from code."""
    letter, rooms = _letter(language), [_MAX_CAPTION]
    for rule in length_rules(network, content_type):
        unit = Unit(rule.unit)
        taken = count(added, unit) + max_hashtags(network) * count(letter, unit) * _HASHTAG_LETTERS
        rooms.append(int((rule.at_most or 0) - taken) // count(letter, unit))
    return max(1, min(rooms))


def letters_over(text: str, network: Network | None, content_type: ContentType, language: str) -> int:
    """Return how many letters of a language have to go from a whole text, so that its network accepts it."""
    letter = _letter(language)
    over = [0, len(text) - _MAX_CAPTION] if network is None else [0]
    for rule in length_rules(network, content_type):
        unit = Unit(rule.unit)
        over.append(ceil((count(text, unit) - (rule.at_most or 0)) / count(letter, unit)))
    return max(over)


@cache
def length_rules(network: Network | None, content_type: ContentType) -> list[Rule]:
    """Return the rules that bound the length of a post's text."""
    return [
        rule
        for rule in rule_pack().rules
        if rule.network is network
        and rule.field in _TEXT_FIELDS
        and rule.at_most is not None
        and (rule.formats is None or content_type in rule.formats)
    ]


def _letter(language: str) -> str:
    return _LETTERS.get(primary(language), "e")
