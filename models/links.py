"""The business's own links in posts: put in by code, tagged where that is asked for."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from models.vocabulary import Network

CLICKABLE = frozenset(
    {
        None,
        Network.FACEBOOK,
        Network.LINKEDIN,
        Network.YOUTUBE,
        Network.THREADS,
        Network.PINTEREST,
        Network.WHATSAPP,
        Network.GOOGLE_BUSINESS,
    }
)
"""Where a link in the text can be clicked and costs nothing: not on Instagram and TikTok, and on X it makes a post
dearer (`ig.link`, `x.link` of the rule pack)."""

_BETWEEN_WORDS = re.compile(r"[\W_]+")


def tagged(link: str, *, network: Network | None, campaign: str, day: int) -> str:
    """Return `link` with UTM parameters: network, campaign and day; those it has already stay as they are.

    The names are Google Analytics' own (support.google.com/analytics/answer/10917952).
    """
    parts = urlsplit(link)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    campaign_slug = _BETWEEN_WORDS.sub("-", campaign.casefold()).strip("-")
    tags = {
        "utm_source": network.value if network else "social",
        "utm_medium": "social",
        "utm_campaign": campaign_slug or "campaign",
        "utm_content": f"day-{day:02}",
    }
    return urlunsplit(parts._replace(query=urlencode({**tags, **query})))
