"""Loads the phrase files, one per language: `phrases/<language>.yaml`.

A *frame* is a line with slots, `Keep {moment} free`. `{Moment}` is `{moment}` with a capital. Slots are those of a
trade (`Trade`) and those of the brief (`BRIEF_SLOTS`); a frame whose slot the brief cannot fill is left aside.
"""

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from agents.sandbox.keywords import Sensitive
from models.vocabulary import ContentType, Role

FALLBACK = "en"
"""The language written in where there is no phrase file."""

BRIEF_SLOTS = frozenset(
    {"name", "industry", "audience", "fact", "fact_inside", "offer", "offer_head", "campaign", "key_date"}
    | {"theme", "link"}
)
TRADE_SLOTS = frozenset(
    {"topic", "item", "work", "scene", "moment", "tool", "choice", "word", "ask", "slip", "myth", "care", "sound"}
    | {"ready"}
)

_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader in C, where PyYAML was built with it, is ten times as fast."""

RegisterName = Literal["playful", "calm", "plain"]
Lines = Annotated[list[str], Field(min_length=1)]


class _Part(BaseModel):
    """A part of a phrase file. Blanks stay as they are written: French has one before an exclamation mark."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Writing(_Part):
    """How the language is put on paper."""

    space: str = " "
    """What stands between two sentences of a line; nothing in Japanese."""
    joint: str = ", "
    """What stands between the parts of a list."""
    dash: str = " – "
    """What stands before what only adds to a sentence."""
    small_nouns: bool = True
    """Whether a noun that began a line has a small first letter inside one; not so in German."""
    inner_quotes: dict[str, str]
    """The quotation marks of a quotation inside another, by the marks they stand for."""
    hashtag_joint: str = ""
    """What stands between the words of a hashtag, where they can't be told apart by capitals."""


class Register(_Part):
    """A way of speaking."""

    words: Lines
    """Beginnings of words in a tone line that ask for it."""
    asides: Lines
    closers: Lines
    end: str
    """What ends a call to action."""


class Audience(_Part):
    """A common kind of reader, to name it in the language written in."""

    match: Lines
    """Beginnings of words that mean it."""
    phrase: str


class Trade(_Part):
    """What a line of business has to do with: words to fill slots with, never claims about one business."""

    noun: str
    match: list[str]
    """Beginnings of words in an industry that mean it."""
    emoji: str
    topic: str
    item: Lines
    work: Lines
    scene: Lines
    moment: Lines
    tool: Lines
    choice: Lines
    word: Lines
    ask: Lines
    slip: Lines
    myth: Lines
    care: Lines
    sound: Lines
    ready: str


class AnglePhrases(_Part):
    """What an angle reads like: themes (some for one register only), hooks of a video, and a caption's sentences."""

    themes: Lines
    playful: list[str] = Field(default_factory=list[str])
    calm: list[str] = Field(default_factory=list[str])
    plain: list[str] = Field(default_factory=list[str])
    hook: Lines
    body: Lines


class KeyDatePhrases(_Part):
    """Themes of a day with an occasion."""

    themes: Lines
    offer: Lines
    """Themes when the day also sells."""
    hook: Lines
    body: Lines
    ask: Lines


class RolePhrases(_Part):
    """What a role says of a theme that the sandbox did not write, how it closes, and what it asks for by itself."""

    hook: Lines
    body: Lines
    close: Lines
    ask: Lines


class PillarPhrases(_Part):
    """One pillar."""

    name: str
    description: str


class Labels(_Part):
    """How an offer's particulars are written."""

    code: str
    price: str
    percent: str
    until: str


class Replies(_Part):
    """Sentences of replies; `{name}` and `{link}` are put in."""

    hello: dict[RegisterName, Lines]
    answer: Lines
    offers: Lines
    see: str
    unread: Lines
    """Replies to a message in a language that the sandbox does not read."""
    unknown: Lines
    booking: Lines
    off_topic: Lines
    feeling: str
    """Before anything else, to somebody who is upset."""
    praise: Lines
    spam: Lines
    other: Lines
    close: dict[RegisterName, Lines]
    sign: str
    private: str
    sorry: dict[Literal["refund", "complaint"] | Sensitive, str]
    reasons: dict[Literal["refund", "complaint", "booking", "unknown", "unread", "untranslated"] | Sensitive, str]


class Phrases(_Part):
    """All phrases of a language."""

    writing: Writing
    months: list[str] = Field(min_length=12, max_length=12)
    date: str
    """A date; `{number}` is the number of the month."""
    us: str
    """Stands in for a name that can't be printed."""
    labels: Labels
    fact_lines: Lines
    """How a caption brings in a fact."""
    registers: dict[RegisterName, Register]
    no_emoji: Lines
    """Wordings in a brief that ask for no emoji."""
    audiences: dict[str, Audience]
    trades: dict[str, Trade]
    angles: dict[str, AnglePhrases]
    key_dates: KeyDatePhrases
    """Days with an occasion, whatever it is: nothing of it is sad or out of place on a solemn day."""
    solemn_days: KeyDatePhrases
    """Days to be quiet on."""
    roles: dict[Role, RolePhrases]
    formats: dict[ContentType, Lines]
    """How a caption without a call to action points to what is seen."""
    pillars: list[PillarPhrases] = Field(min_length=4)
    scripts: dict[ContentType, list[Lines]]
    video: list[Lines]
    """What any video can say, thought by thought; a sentence needs those before it."""
    replies: Replies


def phrase_languages() -> list[str]:
    """Return the languages the sandbox can write in, as primary subtags."""
    return list(_phrase_languages())


@cache
def _phrase_languages() -> tuple[str, ...]:
    names = (entry.name for entry in Path(__file__).with_name("phrases").iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


def has_phrases(language: str) -> bool:
    """Return whether there is a phrase file for a BCP 47 tag; without one the sandbox writes in English."""
    return primary(language) in phrase_languages()


def written_in(language: str) -> str:
    """Return the language that the sandbox writes in when asked for `language`."""
    return primary(language) if has_phrases(language) else FALLBACK


def primary(language: str) -> str:
    """Return the primary subtag of a BCP 47 tag: `fr` of `fr-CA`."""
    return language.partition("-")[0].lower()


@cache
def load_phrases(language: str) -> Phrases:
    """Return the phrases of one of `phrase_languages()`."""
    text = Path(__file__).with_name("phrases").joinpath(f"{language}.yaml").read_text(encoding="utf-8")
    return Phrases.model_validate(yaml.load(_unbreakable(text) if language == "fr" else text, Loader=_LOADER))


def _unbreakable(text: str) -> str:
    """Return French text with the spaces before `? ! : ;` and inside guillemets unbreakable."""
    after = re.sub(r"« ", "«\u00a0", text)
    return re.sub(r"(?<=[^\s,\[]) (?=[?!:;»])", "\u00a0", after)
