"""Tells which businesses a legal rule applies to, and its severity."""

from collections.abc import Callable

from models.brief import BusinessContext
from models.rules.trades import EUROPEAN_UNION, has_green_seal, is_in
from models.vocabulary import Severity

Severities = Callable[[BusinessContext], Severity | None]
"""Returns None when the rule does not apply to a business."""


def always(severity: Severity) -> Severities:
    """Return the same severity for every business."""
    return lambda business: severity


def in_trade(trade: str, inside: Severity, outside: Severity | None) -> Severities:
    """Return one severity for businesses of a trade, and another for all others."""
    return lambda business: inside if is_in(trade, business) else outside


def cure(business: BusinessContext) -> Severity:
    """Return `soft` for a licensed practice, which may say what it treats, and `hard` for all others."""
    return "soft" if is_in("care", business) else "hard"


def in_europe(without_seal: Severity, with_seal: Severity | None) -> Severities:
    """Return the severities in the European Union: without a seal behind environmental claims, and with one."""

    def severity(business: BusinessContext) -> Severity | None:
        if business.country not in EUROPEAN_UNION:
            return None
        return with_seal if has_green_seal(business) else without_seal

    return severity


def price_cut(business: BusinessContext) -> Severity | None:
    """Return `soft` where article 6a of the EU price indication directive (98/6/EC) applies."""
    return "soft" if business.country in EUROPEAN_UNION else None


def testimonial(business: BusinessContext) -> Severity | None:
    """Return `soft` where the business has no reviews."""
    return None if business.reviews else "soft"


def finance_warning(business: BusinessContext) -> Severity | None:
    """Return `soft` where financial promotions need a risk warning."""
    is_asked_for = is_in("finance", business) and business.country in {*EUROPEAN_UNION, "GB"}
    return "soft" if is_asked_for else None


def connected(severity: Severity) -> Severities:
    """Return a severity that applies where somebody pays for or gives what is shown."""
    return lambda business: severity if business.material_connection else None
