"""Turns a model's post into the published one: code adds label, link and hashtags, and the rules are checked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.brief import Brief, BusinessContext
from models.content import MAX_CAPTION, Variant, VariantCopy
from models.hashtags import is_hashtag
from models.links import CLICKABLE
from models.publishing import blocking, flagging, missing_phrases, violations
from models.rules.checking import check
from models.rules.composing import joined
from models.rules.copy_quality import measure_copy
from models.rules.disclosure import label, undisclosed
from models.rules.publishable import Publishable
from models.rules.room import max_hashtags
from models.texts import texts_of
from models.vocabulary import ContentType, Network, Violation

TOO_LONG = "text.length"
"""The rule of posts without a network."""
_TOKEN = re.compile(r"\S+")


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where a post is published, and what code adds to it there."""

    network: Network | None
    """The network; None if the brief names none."""
    content_type: ContentType
    """Its format there."""
    link: str | None
    """The business's link for this post; None if it has none."""
    asks: bool
    """Whether the post has a call to action, so that its text gets the link where links can be clicked."""

    def before(self, business: BusinessContext) -> str:
        """Return the text before the caption: the advertising label where somebody pays for the post."""
        return label(business.language) if business.material_connection else ""

    @property
    def after(self) -> str:
        """The text after the caption: the link, where it can be clicked."""
        return self.link if self.link and self.asks and self.network in CLICKABLE else ""


def finish(copy: VariantCopy, placement: Placement, business: BusinessContext) -> VariantCopy:
    """Return a model's post with the additions and removals by code; an instance of the same class."""
    before, after = placement.before(business), placement.after
    caption = _without_trailing_hashtags(copy.caption)
    if placement.link and business.links and business.links[0] in caption:
        caption, after = caption.replace(business.links[0], placement.link), ""
    if before and undisclosed("caption", caption, business):
        caption = f"{before}\n{caption}"
    caption = f"{caption}\n\n{after}" if after else caption
    hashtags = copy.hashtags[: max_hashtags(placement.network)]
    return copy.model_copy(update={"caption": caption, "hashtags": hashtags})


def broken_rules(
    finished: VariantCopy,
    placement: Placement,
    brief: Brief,
    *,
    supplied: Iterable[str],
) -> list[Violation]:
    """Return a violation for each rule a finished post breaks, hard and soft; `supplied` are texts code put into it."""
    links = [placement.link] if placement.link else []
    found = violations(texts_of(finished), brief, supplied=[*supplied, *links])
    found += _missing_phrases(finished, placement, brief)
    if len({tag.casefold() for tag in finished.hashtags}) < len(finished.hashtags):
        found.append(_violation("text.hashtags", "hashtags", "one stands there twice, use each once"))
    if placement.network is not None:
        return found + check(_publishable(finished, placement, brief.business), placement.network)
    if len(finished.caption) > MAX_CAPTION:
        found.append(_violation(TOO_LONG, "caption", f"at most {MAX_CAPTION} characters: shorten it"))
    return found


def published(
    finished: VariantCopy,
    placement: Placement,
    brief: Brief,
    *,
    past_posts: Sequence[str],
    found: Iterable[Violation],
) -> Variant:
    """Return the content for one network, with the soft violations of `found` as flags and its measured quality.

    `past_posts` are captions or their first lines, newest first.
    """
    caption, hashtags, call_to_action = finished.caption, finished.hashtags, brief.campaign.call_to_action
    return Variant(
        network=placement.network,
        content_type=placement.content_type,
        caption=caption,
        hashtags=hashtags,
        text=joined(caption, hashtags, placement.network),
        link=placement.link,
        flags=flagging(found),
        quality=measure_copy(caption, brief.business, past_posts, call_to_action=call_to_action, asks=placement.asks),
    )


def _missing_phrases(finished: VariantCopy, placement: Placement, brief: Brief) -> list[Violation]:
    """Return the required phrases that a post lacks: what its network or a rule refuses of them is not asked for.

    A model that was told to add a phrase and to leave it out could do neither.
    """
    found: list[Violation] = []
    for phrase, violation in missing_phrases(finished.caption, brief.business).items():
        refusing = _refusing(phrase, finished, placement, brief)
        if refusing:
            message = f"{violation.message.partition(',')[0]}: {', '.join(refusing)} would refuse it there"
            violation = violation.model_copy(update={"severity": "soft", "message": message})
        found.append(violation)
    return found


def _refusing(phrase: str, finished: VariantCopy, placement: Placement, brief: Brief) -> list[str]:
    """Return the hard rules that a phrase breaks on its own."""
    alone = finished.model_copy(update={"caption": phrase})
    found = violations({"caption": phrase}, brief)
    if placement.network is not None:
        found += check(_publishable(alone, placement, brief.business), placement.network)
    return sorted({violation.rule_id for violation in blocking(found) if violation.path == "caption"})


def _without_trailing_hashtags(caption: str) -> str:
    """Return a caption without hashtags below it, or several at its end: they have a field of their own."""
    tokens = list(_TOKEN.finditer(caption))
    kept = len(tokens)
    while kept and is_hashtag(tokens[kept - 1][0]):
        kept -= 1
    if kept in (0, len(tokens)):
        return caption
    end, start = tokens[kept - 1].end(), tokens[kept].start()
    is_own_block = len(tokens) - kept > 1 or "\n" in caption[end:start]
    return caption[:end] if is_own_block else caption


def _publishable(finished: VariantCopy, placement: Placement, business: BusinessContext) -> Publishable:
    return Publishable(
        caption=finished.caption,
        hashtags=finished.hashtags,
        content_type=placement.content_type,
        sponsored=business.material_connection is not None,
    )


def _violation(rule_id: str, path: str, message: str) -> Violation:
    return Violation(rule_id=rule_id, severity="hard", path=path, message=message)
