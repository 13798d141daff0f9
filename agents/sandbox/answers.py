"""Finds what in a brief answers a customer's message: the facts, offers and links that share most words with it."""

import re
from collections import Counter
from datetime import date
from typing import NamedTuple

from agents.sandbox.keywords import Keywords, keyword_languages, load_keywords, says, stems_of
from agents.sandbox.offers import particulars
from agents.sandbox.setting import Setting
from agents.sandbox.wording import ended
from deps.messaging import ReplyTask
from models.messaging import Intent

_MAX_ANSWERS = 2
_MONEY = re.compile(
    r"[$€£¥₹₴₩₪₺₽%٪円]|(?<![A-Z])[A-Z]{3}(?![A-Z])|درهم|ريال"
    r"|(?i:\bfree\b|gratuit|gratis|kostenlos|مجان|無料)"
)
_MIN_STEM = 4
_TOPIC = 2.0
"""The score of a shared topic, measured in words that occur only once in the brief."""
_PRICE = 3.0
_LEAST, _MIN_OUTSIDE, _NEARLY_AS_GOOD = 0.5, 1.5, 0.4


class Answers(NamedTuple):
    """What a brief says to a message."""

    lines: list[str]
    """What can be said of it, the best first."""
    is_foreign: bool
    """Whether something answers, all of it in another language than the one written in."""


def answers_to(setting: Setting, keywords: Keywords, task: ReplyTask, intent: Intent, *, outside: bool) -> Answers:
    """Return what answers the message. If it says too little, the customer's turn before it is read with it.

    `outside`: it is about something that no business offers, so that one shared word, such as a town, answers nothing.
    """
    turns = [turn.text for turn in task.thread if turn.author == "customer"]
    for asked in (task.customer_message, *(f"{turn} {task.customer_message}" for turn in turns[-1:])):
        found = _matching(setting, keywords, asked, intent, least=_MIN_OUTSIDE if outside else _LEAST)
        if found.lines or found.is_foreign:
            return found
    return Answers([], False)


def _matching(setting: Setting, keywords: Keywords, asked: str, intent: Intent, *, least: float) -> Answers:
    lines = [*_facts(setting), *_offers(setting)]
    common = Counter(stem for text, _ in lines for stem in _stems(setting, text))
    scores = {line: _score(setting, keywords, asked, line[0], common) for line in lines}
    if "price" in (topics := _topics(keywords, asked)):
        scores |= {line: scores[line] + _PRICE for line in _offers(setting) if _names_price(setting, line[0])}
    if topics == {"price"}:
        # What names no price does not answer what something costs.
        scores = {line: score for line, score in scores.items() if _names_price(setting, line[0])}
    if intent is Intent.BOOKING:
        # How to book answers whoever wants to, whatever the words.
        scores = {line: score + _LEAST for line, score in scores.items() if _about_booking(line[0])}
    least = max(least, max(scores.values(), default=0) * _NEARLY_AS_GOOD)
    ranked = sorted((line for line, score in scores.items() if score >= least), key=lambda line: -scores[line])
    said = [printed for text, printed in ranked if setting.quotes(text)]
    if not ranked and "contact" in _topics(keywords, asked) and setting.brief.business.links:
        said = [setting.phrases.replies.see.replace("{link}", setting.brief.business.links[0]) + "\n"]
    return Answers(said[:_MAX_ANSWERS], bool(ranked and not said))


def _facts(setting: Setting) -> list[tuple[str, str]]:
    """Return each fact, and how it is printed."""
    return [(fact, ended(fact)) for fact in setting.brief.business.facts if not setting.unwanted(fact)]


def _offers(setting: Setting) -> list[tuple[str, str]]:
    """Return each offer that was not over before the campaign began, and how it is printed."""
    begun = setting.brief.campaign.start_date or date.min
    offers = [offer for offer in setting.brief.business.offers if (offer.valid_until or date.max) >= begun]
    return [(offer.text, particulars(setting, offer)) for offer in offers if not setting.unwanted(offer.text)]


def _score(setting: Setting, keywords: Keywords, asked: str, text: str, common: Counter[str]) -> float:
    """Return how much a message and a line have in common; a word counts less the more lines have it."""
    theirs, own = _stems(setting, asked), _stems(setting, text)
    shared = sum(1 / common[stem] for stem in own if any(_same_stem(stem, other) for other in theirs))
    topics = _topics(keywords, asked) - {"price"}
    return shared + _TOPIC * len(topics & {topic for name in keyword_languages() for topic in _topics_in(name, text)})


def _names_price(setting: Setting, text: str) -> bool:
    """Return whether a fact or an offer names a price, or what it costs less."""
    priced = any(
        offer.price is not None or offer.percent_off or offer.code
        for offer in setting.brief.business.offers
        if offer.text == text
    )
    speaks_of_it = any("price" in _topics_in(name, text) for name in keyword_languages())
    return priced or bool(_MONEY.search(text)) or (speaks_of_it and any(map(str.isdigit, text)))


def _about_booking(text: str) -> bool:
    return any(says(load_keywords(name).intents[Intent.BOOKING], text) for name in keyword_languages())


def _stems(setting: Setting, text: str) -> set[str]:
    own = stems_of(setting.brief.business.name)
    common = {word for name in keyword_languages() for word in load_keywords(name).function_words}
    return {stem for stem in stems_of(text) if stem not in own | common and _is_telling(stem)}


def _is_telling(stem: str) -> bool:
    """Whether a stem is long enough to mean something: an ideograph says more than a letter."""
    return len(stem) >= (_MIN_STEM if stem[0] < "\u0600" else 3 if stem[0] < "\u0900" else 2)


def _same_stem(one: str, other: str) -> bool:
    stem = max(_MIN_STEM, min(len(one), len(other)) - 2)
    return one[:stem] == other[:stem]


def _topics(keywords: Keywords, text: str) -> set[str]:
    return {topic for topic, patterns in keywords.topics.items() if says(patterns, text)}


def _topics_in(language: str, text: str) -> set[str]:
    return _topics(load_keywords(language), text)
