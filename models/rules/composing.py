"""A post's text as a network shows it: what its length counts."""

from collections.abc import Sequence

from models.rules.publishable import Publishable
from models.vocabulary import Network

_WITHOUT_HASHTAGS = {Network.GOOGLE_BUSINESS, Network.WHATSAPP}
"""Hashtags do nothing there."""


def compose(post: Publishable, network: Network) -> str:
    """Return caption and hashtags as one text: on X in one line, elsewhere below the caption."""
    return joined(post.caption or "", post.hashtags, network)


def joined(caption: str, hashtags: Sequence[str], network: Network | None) -> str:
    """Return a caption and its hashtags as one text; `network` None: as most networks take it."""
    tags = "" if network in _WITHOUT_HASHTAGS else " ".join(hashtags)
    between = " " if network is Network.X else "\n\n"
    return between.join(part for part in (caption, tags) if part)
