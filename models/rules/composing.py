"""Composes a post's text as a network shows it; the network's length limit applies to this text."""

from collections.abc import Sequence

from models.rules.publishable import Publishable
from models.vocabulary import Network

_WITHOUT_HASHTAGS = {Network.GOOGLE_BUSINESS, Network.WHATSAPP}
"""Networks on which hashtags have no function."""


def compose(post: Publishable, network: Network) -> str:
    """Return caption and hashtags as one text: hashtags on the same line on X, below the caption elsewhere."""
    return joined(post.caption or "", post.hashtags, network)


def joined(caption: str, hashtags: Sequence[str], network: Network | None) -> str:
    """Return a caption and its hashtags as one text; `network` None means the form that most networks use."""
    tags = "" if network in _WITHOUT_HASHTAGS else " ".join(hashtags)
    between = " " if network is Network.X else "\n\n"
    return between.join(part for part in (caption, tags) if part)
