"""Chooses the hashtags of a post: its business, industry, audience and subject."""

import re
import unicodedata
from collections.abc import Iterator

from agents.sandbox.setting import Setting, Slots
from models.hashtags import words_of
from models.vocabulary import Network

_MIN, _MAX = 3, 5
_FEW = (Network.X, Network.THREADS, Network.WHATSAPP, Network.GOOGLE_BUSINESS)
"""Networks on which many hashtags look odd."""
_MAX_LENGTH = 32
_NAMED = ("offer_head", "key_date", "campaign", "word", "tool", "item", "moment")
"""Slots that make a hashtag."""
_VOWEL_SIGNS = re.compile(r"[\u064b-\u0652\u0640]")
"""Arabic marks that nobody types in a hashtag."""


def write_hashtags(setting: Setting, slots: Slots, *, network: Network | None) -> list[str]:
    """Return three to five hashtags, none twice, accents kept."""
    tags: dict[str, str] = {}
    for text in _sources(setting, slots):
        tag = _tag(setting, text)
        if tag and not setting.unwanted(text):
            tags.setdefault(tag.casefold(), tag)
    for number in range(_MIN - len(tags)):
        tag = _tag(setting, _bare(setting, setting.slots("hashtag", turn=number)["moment"]))
        tags |= {tag.casefold(): tag} if tag else {}
    return list(tags.values())[: _MIN if network in _FEW else _MAX]


def _sources(setting: Setting, slots: Slots) -> Iterator[str]:
    """Yield what a hashtag can be made of, the most particular first."""
    yield setting.name
    yield setting.industry
    yield from _subjects(setting, slots)
    yield _bare(setting, setting.audience or "")
    yield _bare(setting, setting.trade.topic)
    yield setting.trade.noun


def _subjects(setting: Setting, slots: Slots) -> Iterator[str]:
    """Yield what the theme names."""
    theme = slots["theme"].casefold()
    for slot in _NAMED:
        value = slots.get(slot, "")
        if value and value.casefold() in theme:
            yield _bare(setting, value)


def _bare(setting: Setting, phrase: str) -> str:
    """Return a phrase without the function words at its beginning."""
    words = phrase.replace("’", " ").split()
    while words and (words[0].casefold() in setting.function_words or len(words[0]) == 1):
        words.pop(0)
    return " ".join(words)


def _tag(setting: Setting, text: str) -> str | None:
    """Return `text` as #CamelCase, or as its language joins words; None when nothing readable is left, or too much."""
    words = words_of(_VOWEL_SIGNS.sub("", unicodedata.normalize("NFC", text)))
    joined = setting.phrases.writing.hashtag_joint.join(word[:1].upper() + word[1:] for word in words)
    return f"#{joined}" if 2 < len(joined) <= _MAX_LENGTH and not joined.isdigit() else None
