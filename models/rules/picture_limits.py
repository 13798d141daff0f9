"""What a network takes of a picture, from the rule pack: so that code can make a picture that passes `check`."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from models.rules.checking import check
from models.rules.pack import Rule, rule_pack
from models.rules.publishable import Media, Publishable
from models.vocabulary import ContentType, Network, Violation


@dataclass(frozen=True, kw_only=True)
class PictureLimits:
    """The hard bounds of a picture that code can keep; None: there is none."""

    mime_types: frozenset[str] | None = None
    """The formats taken."""
    size_bytes: float | None = None
    width_px: float | None = None
    short_side_px: float | None = None
    pixels: float | None = None


@cache
def picture_limits(network: Network | None, content_type: ContentType) -> PictureLimits:
    """Return what a network takes of a picture in a format; no limits where the brief names no network."""
    rules = [
        rule
        for rule in rule_pack().rules
        if network is not None
        and (rule.network, rule.field, rule.severity) == (network, "images", "hard")
        and (rule.formats is None or content_type in rule.formats)
    ]
    return PictureLimits(
        mime_types=_mime_types(rules),
        size_bytes=_most(rules, "size_bytes"),
        width_px=_most(rules, "width_px"),
        short_side_px=_most(rules, "short_side_px"),
        pixels=_most(rules, "pixels"),
    )


def picture_flags(picture: Media, network: Network | None, content_type: ContentType) -> list[Violation]:
    """Return the rules of its network that a picture breaks on its own, whatever else is published with it."""
    if network is None:
        return []
    rules = [rule for rule in rule_pack().rules if rule.field == "images" and rule.unit != "items"]
    return check(Publishable(content_type=content_type, media=[picture]), network, rules=rules)


def _mime_types(rules: Iterable[Rule]) -> frozenset[str] | None:
    found: frozenset[str] | None = None
    for rule in rules:
        if rule.unit == "mime_type":
            taken = frozenset(rule.one_of or ())
            found = taken if found is None else found & taken
    return found


def _most(rules: Iterable[Rule], unit: str) -> float | None:
    return min((rule.at_most for rule in rules if rule.unit == unit and rule.at_most is not None), default=None)
