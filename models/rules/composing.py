"""A post's text as a network shows it: what its length counts."""

from models.content import Post
from models.rules.publishable import Publishable
from models.vocabulary import Network

_WITHOUT_HASHTAGS = {Network.GOOGLE_BUSINESS, Network.WHATSAPP}
"""Hashtags do nothing there."""


def compose(post: Post | Publishable, network: Network) -> str:
    """Return caption and hashtags as one text: on X in one line, elsewhere below the caption."""
    hashtags = "" if network in _WITHOUT_HASHTAGS else " ".join(post.hashtags)
    between = " " if network is Network.X else "\n\n"
    return between.join(part for part in (post.caption, hashtags) if part)
