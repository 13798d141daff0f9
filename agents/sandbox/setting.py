"""Prepares a brief for the phrase files, and makes the choices that depend on it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from agents.sandbox.document import Asked
from agents.sandbox.keywords import boundary_before, language_of, load_keywords, longest_match
from agents.sandbox.phrases import (
    FALLBACK,
    TRADE_SLOTS,
    Phrases,
    Register,
    RegisterName,
    Trade,
    has_phrases,
    load_phrases,
    phrase_languages,
    primary,
    written_in,
)
from agents.sandbox.wording import ELLIPSIS, fill, pick, shorten
from models.angles import HINTS
from models.brief import Brief, CampaignContext
from models.grounding import normalised
from models.rules.calls_to_action import count_calls_to_action

Slots = dict[str, str]

_ANY_TRADE = "generic"

_LISTED = sorted(TRADE_SLOTS - {"topic", "ready"})
_ORDER = {angle: number for number, angle in enumerate(HINTS)}
_MARKUP = re.compile(r"[{}<>\[\]|]|\$\{")
_SENTENCE_END = re.compile(r"[.!?]\s|[。！？]|\s[-–—|]\s|\s\(")
_MAX_NAME, _MAX_INDUSTRY, _MAX_AUDIENCE, _MAX_FACT, _MAX_CAMPAIGN = 40, 40, 50, 90, 40


@dataclass(frozen=True, kw_only=True, eq=False)
class Setting:
    """The brief, its language and its tone."""

    brief: Brief
    language: str
    """The language written in, one that has phrases."""
    native: bool
    """Whether that is the business's own language."""
    attempt: int

    def __hash__(self) -> int:
        return hash((self.seed, self.language))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Setting) and (self.seed, self.language) == (other.seed, other.language)

    @cached_property
    def phrases(self) -> Phrases:
        """The phrases written with."""
        return load_phrases(self.language)

    @property
    def function_words(self) -> list[str]:
        """The commonest words of the language written in."""
        return load_keywords(self.language).function_words

    @cached_property
    def seed(self) -> str:
        """The seed of all choices: another brief or attempt gets another one."""
        brief = self.brief.model_dump_json(exclude_defaults=True)
        return sha256(f"{brief}{self.attempt}".encode()).hexdigest()

    @cached_property
    def register_name(self) -> RegisterName:
        """The way of speaking that the tone line asks for first; `plain` when it asks for none."""
        files = [load_phrases(name) for name in phrase_languages()]
        found: list[tuple[int, RegisterName]] = [
            (match.start(), name)
            for phrases in files
            for name, register in phrases.registers.items()
            if (match := longest_match(register.words, self.brief.business.tone))
        ]
        return min(found)[1] if found else "plain"

    @property
    def register(self) -> Register:
        """The phrases of the way of speaking."""
        return self.phrases.registers[self.register_name]

    @cached_property
    def emoji(self) -> str:
        """The trade's emoji where the tone bears one, else nothing."""
        tone = self.brief.business.tone
        said = f"{tone} {self.brief.campaign.notes or ''}"
        plain = [word for name in phrase_languages() for word in load_phrases(name).registers["plain"].words]
        unwanted = [phrase for name in phrase_languages() for phrase in load_phrases(name).no_emoji]
        if self.register_name != "playful" or longest_match(plain, tone) or longest_match(unwanted, said):
            return ""
        return self.trade.emoji

    @cached_property
    def trade_id(self) -> str:
        """The line of business, by its id in the phrase files."""
        texts = (self.brief.business.industry, self.brief.business.name)
        return next((found for text in texts if (found := _trade_in(text, first=self.language))), _ANY_TRADE)

    @cached_property
    def trade(self) -> Trade:
        """The words of the line of business, or any business's where the language has none for it."""
        return self.phrases.trades.get(self.trade_id, self.phrases.trades[_ANY_TRADE])

    @cached_property
    def name(self) -> str:
        """The business's name as it is printed: its first sentence, shortened; never markup."""
        own = self.brief.business.name
        name = shorten(_SENTENCE_END.split(own)[0] if len(own) > _MAX_NAME else own, _MAX_NAME)
        return self.phrases.us if self.unwanted(name) else name

    @cached_property
    def industry(self) -> str:
        """What it does: in its own words where they are in the language written in, else in the phrase file's."""
        own = shorten(_SENTENCE_END.split(self.brief.business.industry)[0], _MAX_INDUSTRY).removesuffix(ELLIPSIS)
        foreign = bool(self.trade.match) and not (self.native and longest_match(self.trade.match, own))
        foreign = foreign and not (self.native and self.language == FALLBACK)
        return self.trade.noun if foreign or self.unwanted(own) else self._small(own)

    @cached_property
    def audience(self) -> str | None:
        """Whom it speaks to, as a phrase that can follow *for*."""
        own = self.brief.business.audience
        if own is None:
            return None
        named = next((key for key, entry in self.phrases.audiences.items() if longest_match(entry.match, own)), None)
        readable = self.native and len(own) <= _MAX_AUDIENCE and not any(map(str.isdigit, own)) and self.speaks(own)
        known = named or self.language in (FALLBACK, language_of(own))
        if readable and known and not self.unwanted(own):
            return self._with_article(own)
        for phrases in (self.phrases, *map(load_phrases, phrase_languages())):
            named = next((key for key, entry in phrases.audiences.items() if longest_match(entry.match, own)), None)
            if named and not self.unwanted(self.phrases.audiences[named].phrase):
                return self.phrases.audiences[named].phrase
        return None

    @cached_property
    def facts(self) -> list[str]:
        """Facts that can be told in the language written in, and that ask for nothing."""
        spoken = (fact for fact in self.brief.business.facts if self.quotes(fact) and not self.asks(fact))
        return [fact for fact in spoken if not self.unwanted(fact)]

    def speaks(self, text: str) -> bool:
        """Return whether `text` may stand in the language written in."""
        return language_of(text) in (None, self.language)

    def quotes(self, text: str) -> bool:
        """Return whether words of the brief may stand in a text: those of an unknown language only in its own."""
        is_own = primary(self.brief.business.language) == self.language
        return self.speaks(text) if is_own else language_of(text) == self.language

    def asks(self, text: str) -> bool:
        """Return whether `text` calls to action."""
        return bool(count_calls_to_action(text, self.language))

    def unwanted(self, text: str) -> bool:
        """Return whether `text` holds a banned phrase, a competitor's name or markup."""
        return bool(_MARKUP.search(text)) or bool(
            self._forbidden and self._forbidden.search(normalised(text).casefold())
        )

    @cached_property
    def _forbidden(self) -> re.Pattern[str] | None:
        named = [*self.brief.business.banned_phrases, *self.brief.business.competitors]
        phrases = [normalised(phrase).casefold() for phrase in named]
        parts = [boundary_before(phrase) + re.escape(phrase) for phrase in phrases]
        return re.compile("|".join(parts)) if parts else None

    def _with_article(self, audience: str) -> str:
        """French needs one: *les familles*."""
        first = audience.split()[0].casefold()
        bare = self.language == "fr" and first.endswith(("s", "x")) and first not in self.function_words
        return f"les {_uncapped(audience)}" if bare else self._small(audience)

    def _small(self, text: str) -> str:
        """Return `text` as it stands inside a sentence."""
        return _uncapped(text) if self.phrases.writing.small_nouns else text

    def slots(self, angle: str, *, turn: int = 0) -> Slots:
        """Return what the slots of an angle's frames hold; each angle and each turn takes other words."""
        number = _ORDER.get(angle, 0) + turn
        slots = {slot: words[number % len(words)] if words else "" for slot, words in self._words.items()}
        slots |= {"name": self.name, "industry": self.industry, "topic": self.trade.topic, "ready": self.trade.ready}
        slots |= {"audience": self.audience or "", "campaign": self._campaign_name}
        return slots | self.fact_slots(self.facts[number % len(self.facts)] if self.facts else "")

    def fact_slots(self, fact: str, *, longest: int = _MAX_FACT) -> Slots:
        """Return the slots of a fact: as it stands, and inside a sentence, where an article has no capital."""
        text = shorten(fact, longest).rstrip(".。")
        small = text.partition(" ")[0].casefold() in self.function_words
        return {"fact": text, "fact_inside": self._small(text) if small else text}

    @cached_property
    def _campaign_name(self) -> str:
        name = self.brief.campaign.name
        printed = name != CampaignContext().name and self.speaks(name) and not self.unwanted(name)
        return shorten(name, _MAX_CAMPAIGN) if printed else ""

    @cached_property
    def _words(self) -> dict[str, list[str]]:
        """The trade's words that may be printed, by slot, from where the brief begins; any trade's where none may."""
        words: dict[str, list[str]] = {}
        for slot in _LISTED:
            own, general = (getattr(trade, slot) for trade in (self.trade, self.phrases.trades[_ANY_TRADE]))
            printed = self._printable(own) or self._printable(general)
            first = pick(self.seed, slot) % len(printed) if printed else 0
            words[slot] = printed[first:] + printed[:first]
        return words

    def _printable(self, words: list[str]) -> list[str]:
        return [word for word in words if not self.unwanted(word)]

    def filled(self, frames: list[str], slots: Slots, *, start: int) -> Iterator[tuple[str, str]]:
        """Yield the frames that can be filled and published, and their texts, from number `start` on, around."""
        for index in range(len(frames)):
            frame = frames[(start + index) % len(frames)]
            text = fill(frame, slots, language=self.language)
            if text and not self.unwanted(text):
                yield frame, text

    def line(self, frames: list[str], slots: Slots, *key: object) -> str:
        """Return one of the frames, filled, the one that the brief and `key` decide on; nothing when none can be."""
        return next((text for _, text in self.filled(frames, slots, start=pick(self.seed, *key))), "")


def setting_of(asked: Asked) -> Setting:
    """Return the setting of a question."""
    return Setting(
        brief=asked.brief,
        language=written_in(asked.task.language),
        native=has_phrases(asked.task.language),
        attempt=asked.attempt,
    )


def _trade_in(text: str, *, first: str) -> str | None:
    """Return the trade that `text` names: the longest match counts, the language written in goes first."""
    for name in sorted(phrase_languages(), key=lambda name: name != first):
        found = {
            key: len(match[0])
            for key, trade in load_phrases(name).trades.items()
            if (match := longest_match(trade.match, text))
        }
        if found:
            return max(found, key=lambda key: found[key])
    return None


def _uncapped(text: str) -> str:
    """Return `text` with a small first letter, unless it begins with an abbreviation or a name of two capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or len(text) == 1 else text
