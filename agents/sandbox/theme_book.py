"""Chooses a theme for every angle at once, so that slices of a calendar do not repeat each other."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from agents.sandbox.keywords import letters_of, words_of
from agents.sandbox.setting import Setting, Slots
from agents.sandbox.wording import UNSPACED, pick, shorten
from models.angles import ANGLES, HINTS
from models.calendar_quality import repeats
from models.vocabulary import Role

_TURNS, _ROUNDS = 4, 2
_MIN_THEME, _MAX_THEME = 8, 140
_WORTH = {
    "audience": 5,
    "fact": 4,
    "fact_inside": 4,
    "campaign": 4,
    "name": 4,
    "industry": 3,
    "offer": 4,
    "offer_head": 4,
}
"""How many word pairs may repeat for the sake of a slot that takes up the brief; 1 for the trade's own words."""

_OPENING, _COST_OF_OPENING = 3, 6
"""Words that open a text, and what another with the same ones counts, in pairs."""
_MAX_OFFERS = 6
_MAX_OFFER, _MIN_OFFER_HEAD, _MAX_OFFER_HEAD, _LONGEST_OFFER_HEAD = 90, 6, 24, 40
_CLAUSE = re.compile(r"[:;(،؛、。：；（]|,\s|\s[–—-]\s")
_OTHER_SPACES = re.compile(r"[぀-ヿ㐀-鿿฀-๿가-힣]")
"""Scripts whose words can't be told apart by spaces, or not by those of a Latin text."""


@dataclass(frozen=True, kw_only=True)
class Theme:
    """A theme, and what it was made of."""

    text: str
    angle: str
    slots: Slots


class _Choice(NamedTuple):
    """A theme that an entry of the book may get."""

    theme: Theme
    pairs: set[tuple[str, str]]
    worth: int
    """How many of its pairs may repeat."""

    @property
    def opening(self) -> str:
        """Its first words, which no other post should begin with."""
        return " ".join(self.theme.text.casefold().split()[:_OPENING])


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

    Each is chosen anew once the others stand, so that the first ones give way, too. The last few books are kept: the
    slices and posts of one calendar ask for the same one.
    """
    entries = sorted(_entries(setting), key=lambda entry: pick(setting.seed, "book", *entry))
    choices = {entry: _choices(setting, *entry) for entry in entries}
    book: dict[tuple[str, str], _Choice] = {}
    for entry in entries * _ROUNDS:
        others = [choice for other, choice in book.items() if other != entry]
        if choice := _least_repeating(choices[entry], others, setting.brief.business.name):
            book[entry] = choice
    return {entry: book[entry].theme for entry in entries if entry in book}


def _choices(setting: Setting, angle: str, offer: str) -> list[_Choice]:
    extra = offer_slots(setting, offer) if offer else {}
    return [
        _Choice(theme, _pairs(theme.text), sum(_WORTH.get(slot.lower(), 1) for slot in re.findall(r"\{(\w+)\}", frame)))
        for frame, theme in candidates(setting, angle, start=pick(setting.seed, angle, offer), extra=extra)
    ]


def _entries(setting: Setting) -> Iterator[tuple[str, str]]:
    selling = [angle.id for angle in ANGLES[Role.OFFER]]
    yield from ((angle, "") for angle in HINTS if angle not in selling)
    for offer in setting.brief.business.offers[:_MAX_OFFERS]:
        yield from ((angle, offer.text) for angle in selling)


def offer_slots(setting: Setting, text: str) -> Slots:
    """Return the slots of an offer; none for one in a language that can't stand in a sentence of this one."""
    if not setting.native and _OTHER_SPACES.search(text):
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


def _least_repeating(choices: list[_Choice], others: list[_Choice], brand: str) -> _Choice | None:
    pairs = {pair for other in others for pair in other.pairs}
    taken, openings = [other.theme.text for other in others], {other.opening for other in others}

    def cost(choice: _Choice) -> int:
        return len(choice.pairs & pairs) - choice.worth + _COST_OF_OPENING * (choice.opening in openings)

    ranked = sorted(choices, key=cost)
    return next((choice for choice in ranked if not repeats(choice.theme.text, taken, brand=brand)), None)


def _frames(setting: Setting, angle: str, slots: Slots) -> list[str]:
    """Return the frames of an angle, those of the tone first; where there is an offer to name, those that name it."""
    phrases = setting.phrases.angles[angle]
    own = {"playful": phrases.playful, "calm": phrases.calm, "plain": phrases.plain}[setting.register_name]
    frames = [*own, *phrases.themes]
    # Where letters are counted, its name in each theme would be half of what they say.
    naming = "offer" in slots and not UNSPACED.search(slots["offer_head"])
    return [frame for frame in frames if "{offer" in frame.lower()] if naming else frames


def _pairs(text: str) -> set[tuple[str, str]]:
    return set(pairwise(letters_of(text) if UNSPACED.search(text) else words_of(text)))
