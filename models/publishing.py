"""What an output must keep before it may leave the layer: grounding, the business's own words, and clean text."""

import re
from collections.abc import Iterable, Iterator, Mapping

from models.brief import BusinessContext, CampaignContext
from models.grounding import normalised, ungrounded
from models.texts import texts_of
from models.vocabulary import Violation

_ARTIFACT = re.compile(r"</|<[a-zA-Z!|]|\|>|\[/?INST\]|\{\{|\}\}|\$\{|!\[[^\]]*\]\(")
_HIDDEN = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def violations(
    texts: Mapping[str, str],
    *,
    business: BusinessContext,
    campaign: CampaignContext | None,
    supplied: Iterable[str] = (),
) -> list[Violation]:
    """Return the rules that `texts` (path to text) break; `supplied` are texts that code put into the question."""
    trusted = [*texts_of(business).values(), *(texts_of(campaign).values() if campaign else ()), *supplied]
    trusted += [f"{offer.percent_off} %" for offer in business.offers if offer.percent_off]
    trusted += [f"{offer.price} {offer.currency}" for offer in business.offers if offer.price is not None]
    return [
        *ungrounded(texts, trusted=trusted),
        *_forbidden(texts, business.banned_phrases, "brand.banned", "the business never says it"),
        *_forbidden(texts, business.competitors, "brand.competitor", "it is a competitor"),
        *_unclean(texts),
    ]


def _forbidden(texts: Mapping[str, str], phrases: list[str], rule_id: str, reason: str) -> Iterator[Violation]:
    for phrase in phrases:
        pattern = re.compile(rf"(?<!\w){re.escape(normalised(phrase).casefold())}(?!\w)")
        for path, text in texts.items():
            if pattern.search(normalised(text).casefold()):
                message = f"{phrase!r} must not be said, {reason}: write it another way"
                yield Violation(rule_id=rule_id, severity="hard", path=path, message=message)


def _unclean(texts: Mapping[str, str]) -> Iterator[Violation]:
    for path, text in texts.items():
        for pattern, rule_id, what in (
            (_ARTIFACT, "text.markup", "markup"),
            (_HIDDEN, "text.hidden", "a hidden character"),
        ):
            if found := pattern.search(text):
                message = f"{what} {found[0]!r} in the text: write plain text"
                yield Violation(rule_id=rule_id, severity="hard", path=path, message=message)
