"""The arguments of the operator's functions, as Pydantic models."""

from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator

from ai_service.ids import StoredId
from models.attempt import StatusFilter
from models.base import Given
from models.moments import Moment
from models.records import BudgetPeriod, CostGroup
from models.vocabulary import Feature
from storage.reservations import BudgetKey


class Period(Given):
    """What began at `since` or later and before `until`; None: open at that end."""

    since: Moment | None = None
    until: Moment | None = None

    @model_validator(mode="after")
    def _check_period(self) -> Self:
        if self.since and self.until and self.since >= self.until:
            raise ValueError("until is not after since: nothing lies between them")
        return self


class BudgetEdit(Given):
    """Arguments of `set_budget`."""

    business_id: StoredId | None = None
    """The business, or the one of the campaign."""
    campaign_id: StoredId | None = None
    """The campaign; None: the budget is of the whole business."""
    limit_usd: Decimal | None = Field(default=None, ge=0, le=1_000_000)
    """USD; None removes the budget."""
    period: BudgetPeriod = "month"
    """A calendar month in UTC, or all time."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.business_id is None and self.campaign_id is None:
            raise ValueError("a budget is of a business or of its campaign: pass business_id")
        return self

    def key(self, business_id: str) -> BudgetKey:
        """Return which budget of the business it is."""
        if self.campaign_id is None:
            return BudgetKey(business_id, "business", business_id, self.period)
        return BudgetKey(business_id, "campaign", self.campaign_id, self.period)


class BudgetsReading(Given):
    """Arguments of `budgets`."""

    business_id: StoredId | None = None
    campaign_id: StoredId | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.business_id is None and self.campaign_id is not None:
            raise ValueError("two businesses may share the id of a campaign: pass business_id too")
        return self


class AttemptsReading(Period):
    """Arguments of `attempts`."""

    request_id: UUID | None = None
    business_id: StoredId | None = None
    status: StatusFilter | None = None
    feature: Feature | None = None
    limit: int = Field(ge=1, le=10_000)


class CostsReading(Period):
    """Arguments of `costs`."""

    by: CostGroup
    business_id: StoredId | None = None
    campaign_id: StoredId | None = None


class Deletion(Given):
    """Arguments of `delete_before` and `anonymise_before`."""

    before: Moment
    """Rows of this moment and later stay."""
    business_id: StoredId | None = None
    """None: of all businesses."""
