"""From what a model wrote to a reply that may be suggested: checked against brief and conversation.

Nothing here trusts the model's opinion of itself: who must decide, what is personal, what is promised and which
language it is in are read from the texts.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from models.brief import Brief, BusinessContext
from models.conversation import Conversation
from models.messaging import Handover, ReplyCopy, ReplySuggestion
from models.publishing import flagging, stated, violations
from models.rules.facts_used import unnamed_facts
from models.rules.handover import reasons
from models.rules.languages import is_in_language
from models.rules.lexicons import primary
from models.rules.messages import OutgoingMessage, automated_notice, check_message, window_closes_at
from models.rules.personal import personal_data, repeated
from models.rules.price_cuts import price_cuts
from models.rules.promises import promised
from models.vocabulary import Quality, Violation

_OF_REASONS = {"text.markup", "text.hidden", "ground.link", "ground.email", "ground.handle", "ground.phone"}
"""Rules for the reason too, which the business alone reads: it may name what a customer claims."""
_PRICE_CUT = "law.price_cut"
_MIN_QUOTE = 12
"""Letters from which on a text of the brief is recognised in a reply."""
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
    """Return all rules that a reply breaks, hard and soft, `without` some; its language is apart."""
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
        # their messages would say it once more
        found = [violation for violation in found if not violation.rule_id.startswith("ground.")]
    promises = promised(
        copy.reply,
        own,
        language=copy.language,
        same_language=primary(copy.language) == primary(brief.business.language),
        asked=conversation.customer_message,
        decides=bool(reasons(*conversation.by_customer)),
    )
    others = [*promises, *unnamed_facts(copy, brief)]
    return [*repeats, *found, *(violation for violation in others if violation.rule_id not in without)]


def is_in_customers_language(copy: ReplyCopy, conversation: Conversation, brief: Brief) -> bool | None:
    """Return whether message and reply are in the language that the reply names; None: it can't be told."""
    reply = _without(copy.reply, _own_words(brief))
    message = is_in_language(conversation.customer_message, copy.language)
    if message is None:
        message = is_in_language("\n".join(conversation.by_customer), copy.language)
    verdicts = {message, is_in_language(reply, copy.language)}
    if False in verdicts:
        return False
    return True if verdicts == {True} else None


def suggested(
    copy: ReplyCopy,
    conversation: Conversation,
    brief: Brief,
    *,
    found: Iterable[Violation],
    is_in_language: bool | None,
    now: datetime,
) -> ReplySuggestion:
    """Return the suggestion: handed over where the conversation asks for it, with what a host needs to send it."""
    handover = reasons(*conversation.by_customer)
    notice = automated_notice(brief.business.name, copy.language)
    flags = [*flagging(found), *_of_language(is_in_language), *_of_channel(copy, conversation, notice, now)]
    needs_human = copy.needs_human or bool(handover)
    written = copy.model_dump(exclude={"needs_human", "needs_human_reason"})
    return ReplySuggestion(
        **written,
        needs_human=needs_human,
        needs_human_reason=_reason(copy) or _why(handover),
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
    """Return the flags that a person must look at first: not a price cut that an offer of the brief says word for word.

    What is asked of such an offer, the lowest price of thirty days, is asked of the business, not of each reply.
    """
    rest = _without(copy.reply, [offer.text for offer in business.offers])
    is_the_offer_s = not price_cuts("reply", rest, business)
    return [flag for flag in flags if not (is_the_offer_s and flag.rule_id == _PRICE_CUT)]


def _of_language(is_in_language: bool | None) -> list[Violation]:
    if is_in_language is not False:
        return []
    return [_violation("reply.language", "soft", "reply", "it is not in the language of the customer: translate it")]


def _of_channel(copy: ReplyCopy, conversation: Conversation, notice: str, now: datetime) -> list[Violation]:
    """Return what the channel has against the reply as a machine would send it now, behind its notice."""
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
    """Return the model's reason; where it hands nothing over it has none, whatever it wrote there."""
    return copy.needs_human_reason if copy.needs_human else None


def _why(handover: list[Handover]) -> str | None:
    return f"The conversation is about {', '.join(map(_HUMAN_REASONS.__getitem__, handover))}." if handover else None


def _without(text: str, quotes: Iterable[str]) -> str:
    """Return `text` without what it takes from the brief word for word, which is in the brief's language."""
    for quote in sorted(quotes, key=len, reverse=True):
        bare = quote.rstrip(".!")
        text = text.replace(bare, " ") if len(bare) >= _MIN_QUOTE else text
    return text


def _violation(rule_id: str, severity: str, path: str, message: str) -> Violation:
    return Violation.model_validate({"rule_id": rule_id, "severity": severity, "path": path, "message": message})
