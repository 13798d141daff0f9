"""Writes the sandbox's replies from the brief's facts, offers and links alone, or hands over to a person.

The customer's words only choose among the brief's; none of them is repeated, and none is obeyed.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal

from agents.sandbox.answers import Answers, answers_to
from agents.sandbox.keywords import Keywords, Sensitive, keyword_languages, language_of, load_keywords, says, words_of
from agents.sandbox.phrases import has_phrases, primary
from agents.sandbox.setting import Setting
from agents.sandbox.wording import fill
from deps.messaging import ReplyTask
from models.messaging import Channel, Intent, ReplyCopy

Reason = Literal["refund", "complaint", "booking", "unknown", "unread", "untranslated"] | Sensitive

_MAX_REPLY, _MAX_FACTS = 1500, 10
_READABLE_WORDS = 3
"""A message with fewer words may be in any language: a greeting, an emoji."""
_FIRST = (Intent.SPAM, Intent.REFUND, Intent.COMPLAINT, Intent.BOOKING)
_SENSITIVE: tuple[Sensitive, ...] = ("threat", "safety", "medical", "legal", "minors")
_UPSET = (Intent.COMPLAINT, Intent.REFUND)
_SHOUTED = re.compile(r"\b[A-ZÀ-Þ]{3,}\b")
_LINK = re.compile(r"https?://\S+")
_EXCLAIMED = re.compile(r"[!！]{2}|[?？؟][!！]|[!！][?？؟]")
_ASKED = re.compile("[?？؟]|ですか|ますか")


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """What a message means."""

    intent: Intent
    reason: Reason | None
    """Why a person must decide."""
    answers: list[str]
    """What of the brief answers it."""


def write_reply(setting: Setting, task: ReplyTask) -> ReplyCopy:
    """Return a reply in the customer's language where it can be told and has phrases, else in the business's."""
    spoken = language_of(task.customer_message)
    if spoken and has_phrases(spoken):
        setting = replace(setting, language=spoken)
    reading = _read(setting, task, spoken)
    reply = _compose(setting, task, reading)[:_MAX_REPLY]
    return ReplyCopy(
        reply=reply,
        intent=reading.intent,
        needs_human=reading.reason is not None,
        needs_human_reason=setting.phrases.replies.reasons[reading.reason] if reading.reason else None,
        language=_tag(setting, task),
        facts_used=_facts_used(setting, reply),
    )


WRITERS = {ReplyTask: write_reply}


def _facts_used(setting: Setting, reply: str) -> list[str]:
    """Return the places of the facts, offers and links that a reply holds."""
    business = setting.brief.business
    texts = {
        "facts": business.facts,
        "offers": [offer.text for offer in business.offers],
        "links": business.links,
    }
    places = ((f"business.{name}.{index}", text) for name, held in texts.items() for index, text in enumerate(held))
    return [place for place, text in places if text.rstrip(".!") in reply][:_MAX_FACTS]


def _read(setting: Setting, task: ReplyTask, spoken: str | None) -> _Reading:
    message = _LINK.sub(" ", task.customer_message)
    language = spoken or primary(task.language)
    unknown = spoken is None and len(words_of(message)) >= _READABLE_WORDS and not _known(setting, message)
    if unknown or language not in keyword_languages():
        return _Reading(intent=Intent.OTHER, reason="unread", answers=[])
    keywords = load_keywords(language)
    intent = _intent(keywords, message)
    reason = _reason(keywords, message, intent)
    outside = says(keywords.off_topic, message)
    silent = reason is not None or intent in (Intent.SPAM, Intent.PRAISE)
    # A weekend's surf is no question about opening hours: off topic, only the business's own words count.
    heard = keywords.model_copy(update={"topics": {}}) if outside else keywords
    found = Answers([], False) if silent else answers_to(setting, heard, task, intent, outside=outside)
    if not found.lines and not found.is_foreign and outside:
        return _Reading(intent=Intent.OTHER, reason=reason, answers=[])
    if not found.lines and intent in (Intent.BOOKING, Intent.QUESTION):
        missing = "booking" if intent is Intent.BOOKING else "untranslated" if found.is_foreign else "unknown"
        reason = reason or missing
    return _Reading(intent=intent, reason=reason, answers=found.lines)


def _known(setting: Setting, message: str) -> bool:
    """Return whether a message without function words has a keyword of the business's language all the same."""
    keywords = load_keywords(setting.language)
    groups = (keywords.intents, keywords.sensitive, keywords.topics)
    return any(says(patterns, message) for group in groups for patterns in group.values())


def _intent(keywords: Keywords, message: str) -> Intent:
    for intent in _FIRST:
        if says(keywords.intents[intent], message):
            return intent
    hostile = says(keywords.sensitive["legal"] + keywords.sensitive["threat"], message) and not _ASKED.search(message)
    if hostile or _angry(keywords, message):
        return Intent.COMPLAINT
    if _ASKED.search(message) or any(says(patterns, message) for patterns in keywords.topics.values()):
        return Intent.QUESTION
    return Intent.PRAISE if says(keywords.intents[Intent.PRAISE], message) else Intent.OTHER


def _angry(keywords: Keywords, message: str) -> bool:
    """Return whether a message is angry: by its words, or because it shouts."""
    shouts = bool(_EXCLAIMED.search(message)) or "!" in message
    loud = shouts and len(_SHOUTED.findall(message)) >= 2
    quietly = says(keywords.sensitive["legal"], message) and bool(_EXCLAIMED.search(message))
    return says(keywords.sensitive["angry"], message) or loud or quietly


def _reason(keywords: Keywords, message: str, intent: Intent) -> Reason | None:
    """Return why a person must decide, whatever the brief says."""
    for kind in _SENSITIVE:
        if says(keywords.sensitive[kind], message):
            return kind
    if intent is Intent.REFUND:
        return "refund"
    if intent is Intent.COMPLAINT:
        return "angry" if _angry(keywords, message) else "complaint"
    return "angry" if _angry(keywords, message) else None


def _compose(setting: Setting, task: ReplyTask, reading: _Reading) -> str:
    """Return a greeting, what can be said, and how it goes on; to somebody upset, the feeling first."""
    replies, reason, intent = setting.phrases.replies, reading.reason, reading.intent
    slots = {"name": setting.name, "link": setting.brief.business.links[0] if setting.brief.business.links else ""}

    def one_of(lines: list[str]) -> str:
        return setting.line(lines, slots, task.customer_message)

    hello = one_of(replies.hello[setting.register_name])
    if reason in replies.sorry:
        feeling = replies.feeling if intent in _UPSET and reason in _SENSITIVE else ""
        parts = [feeling, replies.sorry[reason], replies.private if task.channel is Channel.COMMENT else ""]
    elif reading.answers and intent is Intent.BOOKING:
        parts = [hello, *reading.answers, one_of([replies.see])]
    elif reading.answers:
        parts = [hello, one_of(replies.answer), *reading.answers, one_of(replies.close[setting.register_name])]
    elif reason:
        booking = [one_of(replies.booking), one_of([replies.see])]
        other = replies.unread if reason == "unread" else replies.unknown
        parts = [hello, *(booking if reason == "booking" else [one_of(other)])]
    elif says(load_keywords(setting.language).off_topic, task.customer_message) and intent is Intent.OTHER:
        parts = [one_of(replies.off_topic)]
    else:
        parts = [one_of({Intent.PRAISE: replies.praise, Intent.SPAM: replies.spam}.get(intent, replies.other))]
    if task.channel is Channel.EMAIL:
        parts.append("\n\n" + (fill(replies.sign, slots, language=setting.language) or ""))
    space = setting.phrases.writing.space
    return space.join(part for part in parts if part).replace(" \n", "\n").replace("\n ", "\n")


def _tag(setting: Setting, task: ReplyTask) -> str:
    """Return the tag of the language written in: the business's own where it is the same language."""
    same = has_phrases(task.language) and primary(task.language) == setting.language
    return task.language if same else setting.language
