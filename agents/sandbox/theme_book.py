"""A theme for every angle, chosen together: slices of a calendar written side by side do not repeat each other."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from agents.sandbox.keywords import words_of
from agents.sandbox.setting import Setting, Slots
from agents.sandbox.wording import pick, shorten
from models.angles import ANGLES, HINTS
from models.calendar_quality import repeats
from models.vocabulary import Role

_TURNS = 3
_MIN_THEME, _MAX_THEME = 8, 140
_WORTH = {
    "audience": 3,
    "fact": 3,
    "fact_inside": 3,
    "campaign": 3,
    "name": 3,
    "industry": 2,
    "offer": 3,
    "offer_head": 3,
}
"""How many word pairs may repeat for the sake of a slot that takes up the brief; 1 for the trade's own words."""

_MAX_OFFERS = 6
_MAX_OFFER, _MIN_OFFER_HEAD, _MAX_OFFER_HEAD, _LONGEST_OFFER_HEAD = 90, 6, 24, 40
_CLAUSE = re.compile(r"[:;(]|,\s|\s[–—-]\s")
UNSPACED = re.compile(r"[぀-ヿ㐀-鿿฀-๿가-힣]")
"""Scripts whose words can't be told apart by spaces, or not by those of a Latin text."""


@dataclass(frozen=True, kw_only=True)
class Theme:
    """A theme, and what it was made of."""

    text: str
    angle: str
    slots: Slots


Book = dict[tuple[str, str], Theme]
"""Themes by angle and, for angles that sell, the text of the offer."""


def candidates(setting: Setting, angle: str, *, start: int, extra: Slots) -> Iterator[tuple[str, Theme]]:
    """Yield an angle's frames and themes, its preferred frame and words first; `extra` are slots of the day."""
    for turn in range(_TURNS):
        slots = setting.slots(angle, turn=turn) | extra
        for frame, text in setting.filled(_frames(setting, angle, extra), slots, start=start + turn):
            # An offer in its bare words would stand inside each other theme on it.
            if _MIN_THEME <= len(text) <= _MAX_THEME and text.casefold() != extra.get("offer_head", "").casefold():
                yield frame, Theme(text=text, angle=angle, slots=slots)


@lru_cache(maxsize=16)
def book_of(setting: Setting) -> Book:
    """Return a theme for each angle, and for each that sells and each offer: no two nearly the same.

    The last few are kept: the slices and posts of one calendar ask for the same one.
    """
    book: Book = {}
    pairs: set[tuple[str, str]] = set()
    for angle, offer in sorted(_entries(setting), key=lambda entry: pick(setting.seed, "book", *entry)):
        extra = offer_slots(setting, offer) if offer else {}
        found = candidates(setting, angle, start=pick(setting.seed, angle, offer), extra=extra)
        theme = _least_repeating(found, pairs, [theme.text for theme in book.values()], setting.business.name)
        if theme:
            book[angle, offer] = theme
            pairs |= _pairs(theme.text)
    return book


def _entries(setting: Setting) -> Iterator[tuple[str, str]]:
    selling = [angle.id for angle in ANGLES[Role.OFFER]]
    yield from ((angle, "") for angle in HINTS if angle not in selling)
    for offer in setting.business.offers[:_MAX_OFFERS]:
        yield from ((angle, offer.text) for angle in selling)


def offer_slots(setting: Setting, text: str) -> Slots:
    """Return the slots of an offer; none for one in a language that can't stand in a sentence of this one."""
    if not setting.native and UNSPACED.search(text):
        return {}
    return {"offer": shorten(text, _MAX_OFFER), "offer_head": offer_head(setting, text)}


def offer_head(setting: Setting, text: str) -> str:
    """Return the first words of an offer, enough to know it by: up to a number, a mark, or what only adds to it."""
    words = _CLAUSE.split(text.partition("\n")[0])[0].split()
    number = next((index for index, word in enumerate(words) if any(map(str.isdigit, word))), len(words))
    head = _trimmed(setting, words[:number])
    if number == len(words) or len(head) < _MIN_OFFER_HEAD:
        head = _trimmed(setting, words) or text
    while len(head) > _MAX_OFFER_HEAD and (shorter := _without_addition(setting, head)) != head:
        head = shorter
    return shorten(head, _LONGEST_OFFER_HEAD)


def _without_addition(setting: Setting, head: str) -> str:
    """Return `head` up to its last function word, where enough is left."""
    words = head.split()
    places = [n for n, word in enumerate(words) if n >= 2 and word.casefold() in setting.function_words]
    shorter = _trimmed(setting, words[: places[-1]]) if places else head
    return shorter if len(shorter) >= _MIN_OFFER_HEAD else head


def _trimmed(setting: Setting, words: list[str]) -> str:
    """Return words without a currency code or a function word at their end."""
    kept = list(words)
    while len(kept) > 1 and (
        kept[-1].casefold() in setting.function_words
        or not any(map(str.isalnum, kept[-1]))
        or (len(kept[-1]) == 3 and kept[-1].isupper())
    ):
        kept.pop()
    return " ".join(kept).rstrip(",;:.–—-( ")


def _least_repeating(
    found: Iterable[tuple[str, Theme]], pairs: set[tuple[str, str]], taken: list[str], brand: str
) -> Theme | None:
    def cost(item: tuple[str, Theme]) -> int:
        frame, theme = item
        worth = sum(_WORTH.get(slot.lower(), 1) for slot in re.findall(r"\{(\w+)\}", frame))
        return len(_pairs(theme.text) & pairs) - worth

    ranked = sorted(found, key=cost)
    return next((theme for _, theme in ranked if not repeats(theme.text, taken, brand=brand)), None)


def _frames(setting: Setting, angle: str, slots: Slots) -> list[str]:
    """Return the frames of an angle, those of the tone first; where there is an offer to name, those that name it."""
    phrases = setting.phrases.angles[angle]
    own = {"playful": phrases.playful, "calm": phrases.calm, "plain": phrases.plain}[setting.register_name]
    frames = [*own, *phrases.themes]
    return [frame for frame in frames if "{offer" in frame.lower()] if "offer" in slots else frames


def _pairs(text: str) -> set[tuple[str, str]]:
    return set(pairwise(words_of(text)))
