"""What a host is told when a budget has no room for a request."""

from decimal import Decimal

from ai_service.errors import BudgetExceeded
from deps.call import Call
from models.unaffordable import BudgetShort, Unaffordable


def budget_error(call: Call, error: Unaffordable) -> BudgetExceeded:
    """Return the error for a call that stopped for a budget; raise it `from` the reason."""
    return BudgetExceeded(
        reason_against(error),
        retryable=isinstance(error, BudgetShort) and error.others_hold and error.scope != "call",
        request_id=call.request_id,
        attempts=list(call.account.attempts),
    )


def reason_against(error: Unaffordable) -> str:
    """Return whose budget or bound it is, what is left of it, what the next request may cost, and the way out."""
    if not isinstance(error, BudgetShort):
        return (
            f"{error}: set AI_SERVICE_UNKNOWN_PRICE_USD_PER_MTOK to the price of a million tokens to assume, or use a "
            "model with a known price"
        )
    left, limit, asked = map(_plain, (error.left_usd, error.limit_usd, error.asked_usd))
    has = f"has {left} of {limit} USD left, and the next request may cost {asked}"
    if error.scope == "call":
        return f"spend_at_most_usd of this call {has}: pass more, or lower AI_SERVICE_MAX_OUTPUT_TOKENS"
    way_out = "raise the budget, or lower AI_SERVICE_MAX_OUTPUT_TOKENS"
    if error.others_hold:
        way_out = f"other requests hold a part of it, try again later; or {way_out}"
    return f"the {error.period} budget of {error.scope} {error.scope_id!r} {has}: {way_out}"


def _plain(amount_usd: Decimal) -> str:
    return f"{amount_usd.normalize():f}"
