"""Turns a model's reply into a suggestion, checked against brief and conversation.

Nothing here trusts the model's statements about its own reply: the texts decide whether a person must decide, what is
personal data, what is promised, and which language it is in.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from models.brief import Brief, BusinessContext
from models.conversation import Conversation
from models.messaging import Handover, ReplyCopy, ReplySuggestion
from models.publishing import blocking, flagging, stated, violations
from models.rules.chat_windows import (
    OutgoingMessage,
    acknowledgement,
    automated_notice,
    check_message,
    window_closes_at,
)
from models.rules.handover import reasons
from models.rules.languages import are_in_one_script, is_in_language
from models.rules.personal import personal_data, repeated
from models.rules.price_cuts import price_cuts
from models.rules.promises import promised
from models.standing.replies import Judged, judge
from models.vocabulary import Quality, Violation

_OF_REASONS = {"text.markup", "text.hidden", "ground.link", "ground.email", "ground.handle", "ground.phone"}
"""Rules that also apply to the reason. Only the business reads it, so it may name a customer's claims."""
_PRICE_CUT = "law.price_cut"
_MIN_QUOTE = 12
"""Minimum length, in characters, at which a text of the brief is recognised in a reply."""
_UNSAID = "The model hands this over and gives no reason."
_HUMAN_REASONS = {
    Handover.REFUND: "money back or compensation",
    Handover.LEGAL: "a legal matter",
    Handover.MEDICAL: "a medical matter",
    Handover.SAFETY: "safety or an injury",
    Handover.THREAT: "a threat",
    Handover.MINOR: "a minor",
}


def broken_rules(
    copy: ReplyCopy,
    conversation: Conversation,
    brief: Brief,
    *,
    without: frozenset[str] = frozenset(),
) -> list[Violation]:
    """Return a violation for each rule that a reply breaks, hard and soft, except `without`; language is separate."""
    texts = {"reply": copy.reply, "needs_human_reason": _reason(copy) or ""}
    own = _own_words(brief)
    personal = personal_data(conversation.by_customer)
    repeats = [
        found
        for path, text in texts.items()
        for found in repeated(path, text, personal, stated=own)
        if found.rule_id not in without
    ]
    found = [
        violation
        for violation in violations(texts, brief, without=without)
        if violation.path == "reply" or violation.rule_id in _OF_REASONS
    ]
    if repeats:
        # Their messages would repeat the text.
        found = [violation for violation in found if not violation.rule_id.startswith("ground.")]
    promises = promised(
        copy.reply,
        own,
        language=copy.language,
        stated_in=brief.business.language,
        asked=conversation.customer_message,
        decides=bool(reasons(*conversation.by_customer)),
    )
    others = [*promises, *_of_sentences(copy, conversation, brief)]
    return [*repeats, *found, *(violation for violation in others if violation.rule_id not in without)]


def standing_on(copy: ReplyCopy, conversation: Conversation, brief: Brief) -> list[str]:
    """Return the fields that the sentences of a reply stand on."""
    return _judged(copy, conversation, brief).used


def _of_sentences(copy: ReplyCopy, conversation: Conversation, brief: Brief) -> list[Violation]:
    """Return what is wrong with single sentences; a person who answers needs no word on what no field says."""
    found = _judged(copy, conversation, brief).violations
    return blocking(found) if copy.needs_human else found


def _judged(copy: ReplyCopy, conversation: Conversation, brief: Brief) -> Judged:
    return judge(
        copy.reply,
        conversation.customer_message,
        brief,
        language=copy.language,
        cited=copy.facts_used,
        day=conversation.today,
    )


def is_in_customers_language(copy: ReplyCopy, conversation: Conversation, brief: Brief) -> bool | None:
    """Return whether message and reply are in the language that the reply names; None if it cannot be detected."""
    reply = _without(copy.reply, _own_words(brief))
    if not are_in_one_script(conversation.customer_message, copy.reply):
        return False
    message = is_in_language(conversation.customer_message, copy.language)
    if message is None:
        message = is_in_language("\n".join(conversation.by_customer), copy.language)
    verdicts = {message, is_in_language(reply, copy.language)}
    if False in verdicts:
        return False
    return True if verdicts == {True} else None


def handed_over(copy: ReplyCopy, conversation: Conversation) -> ReplyCopy:
    """Return a reply as it is drafted where a person must decide: an acknowledgement instead of the model's text."""
    handover = reasons(*conversation.by_customer)
    if not handover:
        return copy
    written = {"reply": acknowledgement(copy.language), "needs_human": True, "facts_used": list[str]()}
    return copy.model_copy(update={**written, "needs_human_reason": _reason(copy) or _why(handover)})


def suggested(
    copy: ReplyCopy,
    conversation: Conversation,
    brief: Brief,
    *,
    found: Iterable[Violation],
    is_in_language: bool | None,
    now: datetime,
) -> ReplySuggestion:
    """Return the suggestion: handed over where the conversation requires it, with what a host needs to send it."""
    handover = reasons(*conversation.by_customer)
    notice = automated_notice(brief.business.name, copy.language)
    flags = [*flagging(found), *_of_language(is_in_language), *_of_channel(copy, conversation, notice, now)]
    needs_human = copy.needs_human or bool(handover)
    written = copy.model_dump(exclude={"needs_human", "needs_human_reason"})
    return ReplySuggestion(
        **written,
        needs_human=needs_human,
        needs_human_reason=_reason(copy) or _why(handover) or (_UNSAID if copy.needs_human else None),
        handover=handover,
        ai_disclosure=notice,
        window_closes_at=window_closes_at(conversation.channel, conversation.last_customer_message_at),
        auto_sendable=not needs_human and not _holding(flags, copy, brief.business),
        flags=flags,
        quality=_quality(is_in_language),
    )


def _own_words(brief: Brief) -> list[str]:
    business = brief.business
    gifts = [
        f"{offer.text} free of charge" for offer in business.offers if offer.price == 0 or offer.percent_off == 100
    ]
    return [*stated(brief), *business.links, *gifts]


def _holding(flags: list[Violation], copy: ReplyCopy, business: BusinessContext) -> list[Violation]:
    """Return the flags that need a person, which a price cut quoted word for word from an offer of the brief does not.

    The lowest price of thirty days, which the law requires beside such an offer, is the business's duty, not each
    reply's.
    """
    rest = _without(copy.reply, [offer.text for offer in business.offers])
    is_the_offer_s = not price_cuts("reply", rest, business)
    return [flag for flag in flags if not (is_the_offer_s and flag.rule_id == _PRICE_CUT)]


def _of_language(is_in_language: bool | None) -> list[Violation]:
    if is_in_language is not False:
        return []
    return [_violation("reply.language", "soft", "reply", "it is not in the language of the customer: translate it")]


def _of_channel(copy: ReplyCopy, conversation: Conversation, notice: str, now: datetime) -> list[Violation]:
    """Return the violations of the channel's rules if the reply were sent now, automatically, after the notice."""
    if conversation.channel is None:
        return []
    last = conversation.last_customer_message_at
    message = OutgoingMessage(
        text=f"{notice}\n{copy.reply}",
        language=copy.language,
        hours_since_customer=(now - last) / timedelta(hours=1) if last else None,
        opens_chat=conversation.opens,
    )
    return check_message(message, conversation.channel)


def _quality(is_in_language: bool | None) -> list[Quality]:
    if is_in_language is None:
        return []
    return [Quality(name="r.language", value=float(is_in_language), target=1, severity="soft", passed=is_in_language)]


def _reason(copy: ReplyCopy) -> str | None:
    """Return the model's reason; None where it hands nothing over, whatever it wrote there."""
    return copy.needs_human_reason if copy.needs_human else None


def _why(handover: list[Handover]) -> str | None:
    return f"The conversation is about {', '.join(map(_HUMAN_REASONS.__getitem__, handover))}." if handover else None


def _without(text: str, quotes: Iterable[str]) -> str:
    """Return `text` without its verbatim quotes from the brief, which are in the brief's language."""
    for quote in sorted(quotes, key=len, reverse=True):
        bare = quote.rstrip(".!")
        text = text.replace(bare, " ") if len(bare) >= _MIN_QUOTE else text
    return text


def _violation(rule_id: str, severity: str, path: str, message: str) -> Violation:
    return Violation.model_validate({"rule_id": rule_id, "severity": severity, "path": path, "message": message})
