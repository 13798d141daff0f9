"""What a business is, as the law sees it: its trade, its country, its seals."""

from models.brief import BusinessContext
from models.rules.lexicons import find

EUROPEAN_UNION = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
_AGES = {"US": 21, "JP": 20, "KR": 19}


def is_in(trade: str, business: BusinessContext) -> bool:
    """Return whether the business's industry reads like a trade of `lexicons/verticals.yaml`."""
    return bool(find(business.industry, "verticals", trade))


def age_limit(business: BusinessContext) -> int:
    """Return the age that advertising of alcohol names in the business's country."""
    return _AGES.get(business.country or "", 18)


def has_green_seal(business: BusinessContext) -> bool:
    """Return whether a certificate of the business stands behind an environmental claim."""
    return any(find(certificate, "green", "labels") for certificate in business.certifications)
