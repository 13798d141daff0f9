"""The properties of a business that legal rules depend on: trade, country, environmental seals."""

from models.brief import BusinessContext
from models.rules.lexicons import find

EUROPEAN_UNION = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
_AGES = {"US": 21, "JP": 20, "KR": 19}


def is_in(trade: str, business: BusinessContext) -> bool:
    """Return whether the business's industry matches a trade of `lexicons/trades.yaml`."""
    return bool(find(business.industry, "trades", trade))


def age_limit(business: BusinessContext) -> int:
    """Return the minimum age that alcohol advertising must name in the business's country."""
    return _AGES.get(business.country or "", 18)


def has_green_seal(business: BusinessContext) -> bool:
    """Return whether a certificate of the business supports environmental claims."""
    return any(find(certificate, "green", "labels") for certificate in business.certifications)
