"""The business's own links in posts: inserted by code, with UTM parameters on request."""

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
"""Networks where a link in the text can be clicked at no cost: not Instagram and TikTok; on X a link raises the price
of a post (`ig.link`, `x.link` of the rule pack)."""

_BETWEEN_WORDS = re.compile(r"[\W_]+")


def tagged(link: str, *, network: Network | None, campaign: str, day: int) -> str:
    """Return `link` with UTM parameters for network, campaign and day; existing ones are kept.

    The names follow Google Analytics (support.google.com/analytics/answer/10917952).
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
