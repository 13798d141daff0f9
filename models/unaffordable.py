"""Why a request has no room in a budget. It is raised before the request is in the ledger: nothing was sent."""

from decimal import Decimal
from typing import Literal

from models.partial import PartLost
from models.records import BudgetPeriod, BudgetScope


class Unaffordable(PartLost):
    """A request that a budget does not allow."""

    reason = "budget"


class PriceUnknown(Unaffordable):
    """A budget applies, and nobody knows what the request may cost."""


class BudgetShort(Unaffordable):
    """A budget has no room for the upper bound of a request."""

    def __init__(
        self,
        *,
        scope: BudgetScope | Literal["call"],
        scope_id: str,
        period: BudgetPeriod,
        limit_usd: Decimal,
        spent_usd: Decimal,
        reserved_usd: Decimal,
        asked_usd: Decimal,
    ) -> None:
        left_usd = max(Decimal(0), limit_usd - spent_usd - reserved_usd)
        left, limit, asked = (f"{amount.normalize():f}" for amount in (left_usd, limit_usd, asked_usd))
        super().__init__(f"the {period} budget of {scope} {scope_id!r} has {left} of {limit} USD left, asked: {asked}")
        self.scope: BudgetScope | Literal["call"] = scope
        """`call`: the host's bound on one call, whose request_id is `scope_id`."""
        self.scope_id = scope_id
        self.period: BudgetPeriod = period
        self.limit_usd = limit_usd
        self.left_usd = left_usd
        self.asked_usd = asked_usd
        self.others_hold = asked_usd <= limit_usd - spent_usd
        """Whether open requests hold what is lacking: once they are settled there may be room."""
