"""How large a picture a network takes, and in which formats."""

from collections.abc import Iterable
from functools import lru_cache

from models.base import Given
from models.rules.pack import Rule, rule_pack
from models.vocabulary import ContentType, Network


class PictureRoom(Given):
    """What a network takes; None and empty: any."""

    mime_types: tuple[str, ...] = ()
    most_width: int | None = None
    """Pixels."""
    most_short_side: int | None = None
    """Pixels."""
    most_bytes: int | None = None


@lru_cache(maxsize=256)
def picture_room(network: Network | None, content_type: ContentType) -> PictureRoom:
    """Return what a network takes of a picture in a format; `network` None: anything."""
    rules = [
        rule
        for rule in rule_pack().rules
        if (rule.network, rule.field) == (network, "images") and (rule.formats is None or content_type in rule.formats)
    ]
    types = next((rule.one_of for rule in rules if rule.unit == "mime_type" and rule.one_of), [])
    return PictureRoom(
        mime_types=tuple(types),
        most_width=_most(rules, "width_px"),
        most_short_side=_most(rules, "short_side_px"),
        most_bytes=_most(rules, "size_bytes"),
    )


def _most(rules: Iterable[Rule], unit: str) -> int | None:
    limits = [int(rule.at_most) for rule in rules if rule.unit == unit and rule.at_most is not None]
    return min(limits, default=None)
