"""What of a brief answers a customer's message: the facts, offers and links that share most with it."""

from collections import Counter

from agents.sandbox.keywords import Keywords, keyword_languages, load_keywords, says, words_of
from agents.sandbox.offers import particulars
from agents.sandbox.setting import Setting
from agents.sandbox.wording import ended
from deps.tasks import ReplyTask
from models.messaging import Intent

_MAX_ANSWERS = 2
_MIN_STEM = 4
_TOPIC = 2.0
"""What a topic in common counts, in words of which the brief has no other."""
_PRICE = 3.0
_LEAST, _NEARLY_AS_GOOD = 0.5, 0.4


def answers_to(setting: Setting, keywords: Keywords, task: ReplyTask, intent: Intent) -> list[str]:
    """Return what answers the message, or, where it says too little, the customer's turn before it and the message."""
    turns = [turn.text for turn in task.thread if turn.author == "customer"]
    for asked in (task.customer_message, *(f"{turn} {task.customer_message}" for turn in turns[-1:])):
        if found := _matching(setting, keywords, asked, intent):
            return found
    return []


def _matching(setting: Setting, keywords: Keywords, asked: str, intent: Intent) -> list[str]:
    lines = [*_facts(setting), *_offers(setting)]
    common = Counter(stem for text, _ in lines for stem in _stems(setting, text))
    scores = {printed: _score(setting, keywords, asked, text, common) for text, printed in lines}
    if "price" in _topics(keywords, asked):
        scores |= {printed: scores[printed] + _PRICE for _, printed in _offers(setting)}
    if intent is Intent.BOOKING:
        scores = {printed: scores[printed] for text, printed in lines if _about_booking(text)}
    least = max(_LEAST, max(scores.values(), default=0) * _NEARLY_AS_GOOD)
    ranked = sorted((line for line, score in scores.items() if score >= least), key=lambda line: -scores[line])
    if not ranked and "contact" in _topics(keywords, asked) and setting.business.links:
        return [setting.phrases.replies.see.replace("{link}", setting.business.links[0]) + "\n"]
    return ranked[:_MAX_ANSWERS]


def _facts(setting: Setting) -> list[tuple[str, str]]:
    """Return each fact, and how it is printed."""
    return [(fact, ended(fact)) for fact in setting.business.facts if not setting.unwanted(fact)]


def _offers(setting: Setting) -> list[tuple[str, str]]:
    """Return each offer, and how it is printed."""
    offers = setting.business.offers
    return [(offer.text, particulars(setting, offer)) for offer in offers if not setting.unwanted(offer.text)]


def _score(setting: Setting, keywords: Keywords, asked: str, text: str, common: Counter[str]) -> float:
    """Return how much a message and a line have in common; a word counts less the more lines have it."""
    theirs, own = _stems(setting, asked), _stems(setting, text)
    shared = sum(1 / common[stem] for stem in own if any(_same_stem(stem, other) for other in theirs))
    topics = _topics(keywords, asked) - {"price"}
    return shared + _TOPIC * len(topics & {topic for name in keyword_languages() for topic in _topics_in(name, text)})


def _about_booking(text: str) -> bool:
    return any(says(load_keywords(name).intents[Intent.BOOKING], text) for name in keyword_languages())


def _stems(setting: Setting, text: str) -> set[str]:
    own = set(words_of(setting.business.name))
    common = {word for name in keyword_languages() for word in load_keywords(name).function_words}
    return {word for word in words_of(text) if len(word) >= _MIN_STEM and word not in own | common}


def _same_stem(one: str, other: str) -> bool:
    stem = max(_MIN_STEM, min(len(one), len(other)) - 2)
    return one[:stem] == other[:stem]


def _topics(keywords: Keywords, text: str) -> set[str]:
    return {topic for topic, patterns in keywords.topics.items() if says(patterns, text)}


def _topics_in(language: str, text: str) -> set[str]:
    return _topics(load_keywords(language), text)
