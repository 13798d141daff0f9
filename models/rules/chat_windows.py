"""Checks replies in a chat: until when a channel accepts free text, and the notice of automation."""

from datetime import UTC, datetime, timedelta

from models.base import Frozen
from models.messaging import Channel
from models.rules.lexicons import find, lexicon, primary, speaks
from models.vocabulary import Severity, Violation

_WINDOW_H = 24
_LONG_WINDOW_H = 7 * 24
_MAX_DIRECT_BYTES = 1000
_META = (Channel.MESSENGER, Channel.INSTAGRAM_DM)
_CHATS = (*_META, Channel.WHATSAPP, Channel.WEB_CHAT)


class OutgoingMessage(Frozen):
    """A message to a customer before it is sent, with the known state of the conversation."""

    text: str
    """The message."""
    language: str
    """Its BCP 47 tag."""
    hours_since_customer: float | None = None
    """Hours since the customer's last message; None if unknown."""
    uses_template: bool = False
    """Whether it is an approved WhatsApp template."""
    answers_ad: bool = False
    """Whether it is the first message after a click on an ad that opens a chat."""
    is_human_written: bool = False
    """Whether a person wrote or approved it."""
    opens_chat: bool = False
    """Whether it begins a chat, resumes one after a pause, or takes over from a person."""


def check_message(
    message: OutgoingMessage, channel: Channel, *, without: frozenset[str] = frozenset()
) -> list[Violation]:
    """Return a violation for each rule of its channel that a message breaks (`wa.window`, `ms.*`, `law.bot`)."""
    found = [*_late(message, channel), *_long(message, channel), *_hidden_machine(message, channel)]
    return [violation for violation in found if violation.rule_id not in without]


def window_closes_at(channel: Channel | None, last_customer_message_at: datetime | None) -> datetime | None:
    """Return when (UTC) a channel stops accepting automated free text; None if it has no window or it is unknown."""
    if last_customer_message_at is None or channel not in (*_META, Channel.WHATSAPP):
        return None
    return last_customer_message_at.astimezone(UTC) + timedelta(hours=_WINDOW_H)


def automated_notice(business_name: str, language: str) -> str:
    """Return a notice that the reply is automated; in English where the language has none."""
    code = primary(language) if speaks("bot", "notice", language) else "en"
    return lexicon("bot")["notice"][code][0].replace("{name}", business_name)


def acknowledgement(language: str) -> str:
    """Return the draft for a person who takes over, in English where the language has none."""
    code = primary(language) if speaks("bot", "acknowledgement", language) else "en"
    return lexicon("bot")["acknowledgement"][code][0]


def _late(message: OutgoingMessage, channel: Channel) -> list[Violation]:
    hours = message.hours_since_customer or 0
    if channel is Channel.WHATSAPP and hours > _WINDOW_H and not message.uses_template:
        fix = "use an approved template"
        return [_violation("wa.window", "hard", _late_problem(hours, _WINDOW_H), fix)]
    window_h = _LONG_WINDOW_H if message.answers_ad or message.is_human_written else _WINDOW_H
    if channel in _META and hours > window_h:
        fix = "let a person write within seven days (tag HUMAN_AGENT), or wait for the customer"
        return [_violation("ms.window", "hard", _late_problem(hours, window_h), fix)]
    return []


def _late_problem(hours: float, window_h: int) -> str:
    return f"{hours:g} hours since the customer's last message, at most {window_h}"


def _long(message: OutgoingMessage, channel: Channel) -> list[Violation]:
    length = len(message.text.encode())
    if channel is not Channel.INSTAGRAM_DM or length <= _MAX_DIRECT_BYTES:
        return []
    return [_violation("ms.text", "soft", f"{length} bytes, at most {_MAX_DIRECT_BYTES}", "shorten it")]


def _hidden_machine(message: OutgoingMessage, channel: Channel) -> list[Violation]:
    language = primary(message.language)
    languages = [language] if speaks("bot", "disclosure", language) else ["en"]
    is_hidden = message.opens_chat and not message.is_human_written and channel in _CHATS
    if not is_hidden or find(message.text, "bot", "disclosure", languages):
        return []
    rule_id, severity = ("ms.bot", "hard") if channel in _META else ("law.bot", "soft")
    fix = "say in the first sentence that an automated assistant writes"
    return [_violation(rule_id, severity, "nothing says that a machine writes", fix)]


def _violation(rule_id: str, severity: Severity, problem: str, fix: str) -> Violation:
    return Violation(rule_id=rule_id, severity=severity, path="reply", message=f"{problem}: {fix}", fix=fix)
