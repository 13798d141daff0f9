"""The rules that every output must satisfy: grounding, the business's own phrases, law, clean text."""

import re
from collections.abc import Iterable, Iterator, Mapping

from models.brief import Brief, BusinessContext
from models.grounding import normalised, ungrounded
from models.rules.claims import unsupported
from models.rules.compliance import comply
from models.rules.gifts import ungrounded_gifts
from models.rules.leak import leaks
from models.texts import texts_of
from models.vocabulary import Violation

_ARTIFACT = re.compile(
    r"</|<[a-zA-Z!|]|\|>|\[/?INST\]|\{\{|\}\}|\$\{|!\[[^\]]{0,300}\]\(|^[ \t]*(?:system|assistant)[ \t]*:", re.I | re.M
)
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")
_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u115f\u1160\u3164\uffa0\u200b\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
    "\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)
_STATED = {"name", "offers", "facts", "certifications", "required_phrases", "material_connection"}
_STATED_OF_CAMPAIGN = {"name", "key_dates", "call_to_action", "start_date", "launch_date"}
"""The fields with statements of the business. The others say how to write or quote others: a goal, a note, an old post
or a review grounds no promise."""

_OF_POSTS = {"brand.required"}
"""Rules that apply only to posts: see `missing_phrases`."""


def violations(
    texts: Mapping[str, str],
    brief: Brief,
    *,
    supplied: Iterable[str] = (),
    without: frozenset[str] = frozenset(),
) -> list[Violation]:
    """Return a violation for each rule that `texts` (path to text) break: hard ones block, soft ones are flags.

    `supplied` are texts that code put into the question. `without` holds the ids of rules to skip.
    """
    business, supplied = brief.business, list(supplied)
    said = [*stated(brief), *supplied]
    call_to_action = [brief.campaign.call_to_action] if brief.campaign.call_to_action else []
    links = [*business.links, *business.required_phrases, *call_to_action, *supplied]
    found = [
        *ungrounded(texts, stated=said, links=links, without=without),
        *unsupported(texts, stated=said, reviews=business.reviews, without=without),
        *ungrounded_gifts(texts, stated=said, without=without),
        *_forbidden(texts, business.banned_phrases, rule_id="brand.banned", field="banned_phrases"),
        *_forbidden(texts, business.competitors, rule_id="brand.competitor", field="competitors"),
        *_unclean(texts),
        *leaks(texts, [*said, *links], business.language),
        *comply(texts, business, without=without | _OF_POSTS),
    ]
    return [violation for violation in found if violation.rule_id not in without]


def missing_phrases(caption: str, business: BusinessContext) -> dict[str, Violation]:
    """Return the required phrases that a caption lacks, each with its violation.

    The violation names it by its index: a message is sent to the model, and the brief's text may appear there only as
    data.
    """
    return {
        phrase: Violation(
            rule_id="brand.required",
            severity="hard",
            path="caption",
            message=f"business.required_phrases.{index} is missing, add it word for word",
        )
        for index, phrase in enumerate(business.required_phrases)
        if phrase not in caption
    }


def stated(brief: Brief) -> list[str]:
    """Return the business's statements, which are all that may be promised in its name; links are separate."""
    offers, campaign = brief.business.offers, brief.campaign
    texts = [text for path, text in texts_of(brief.business).items() if path.partition(".")[0] in _STATED]
    texts += [text for path, text in texts_of(campaign).items() if path.partition(".")[0] in _STATED_OF_CAMPAIGN]
    texts += [f"{offer.percent_off} %" for offer in offers if offer.percent_off]
    return texts + [f"{offer.price} {offer.currency}" for offer in offers if offer.price is not None]


def clashing_phrases(business: BusinessContext) -> list[Violation]:
    """Return the required phrases that contain a forbidden phrase: no post can satisfy both."""
    texts = {f"required_phrases.{index}": phrase for index, phrase in enumerate(business.required_phrases)}
    banned = _forbidden(texts, business.banned_phrases, rule_id="brand.banned", field="banned_phrases")
    return [*banned, *_forbidden(texts, business.competitors, rule_id="brand.competitor", field="competitors")]


def blocking(found: Iterable[Violation]) -> list[Violation]:
    """Return the violations that block an output."""
    return [violation for violation in found if violation.severity == "hard"]


def flagging(found: Iterable[Violation]) -> list[Violation]:
    """Return the violations that are returned with an output, for a person to review."""
    return [violation for violation in found if violation.severity == "soft"]


def _forbidden(texts: Mapping[str, str], phrases: list[str], *, rule_id: str, field: str) -> Iterator[Violation]:
    """Name phrases by index: a message is sent to the model, and the brief's text may appear there only as data."""
    for index, phrase in enumerate(phrases):
        pattern = _whole(normalised(phrase).casefold())
        for path, text in texts.items():
            if pattern.search(normalised(text).casefold()):
                message = f"business.{field}.{index} must not be said: write it another way"
                yield Violation(rule_id=rule_id, severity="hard", path=path, message=message)


def _whole(phrase: str) -> re.Pattern[str]:
    """Return a pattern of `phrase` as whole words, where its script separates words and attaches nothing to them."""
    before, after = (r"(?<!\w)" if _is_parted(phrase[0]) else ""), (r"(?!\w)" if _is_parted(phrase[-1]) else "")
    return re.compile(f"{before}{re.escape(phrase)}{after}")


def _is_parted(character: str) -> bool:
    return character.isdigit() or character.upper() != character.lower()


def _unclean(texts: Mapping[str, str]) -> Iterator[Violation]:
    for path, text in texts.items():
        for pattern, rule_id, what in (
            (_ARTIFACT, "text.markup", "markup"),
            (_HIDDEN, "text.hidden", "a hidden character"),
        ):
            if found := pattern.search(_FLAG.sub("", text)):
                message = f"{what} {found[0]!r} in the text: write plain text"
                yield Violation(rule_id=rule_id, severity="hard", path=path, message=message)
