"""The arguments of the functions that read, edit and delete, as Pydantic models."""

from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator

from ai_service.ids import StoredId
from models.base import Given
from models.moments import Moment
from models.records import BudgetPeriod, CostGroup
from models.vocabulary import ContentState, Feature
from storage.reservations import BudgetKey

_MAX_INTEGER = 2**31 - 1
"""The largest number that an INTEGER column of PostgreSQL holds."""


class StrategyReading(Given):
    """Arguments of `get_strategy`."""

    campaign_id: StoredId


class ContentReading(Given):
    """Arguments of `get_content`."""

    campaign_id: StoredId
    day: int = Field(ge=1, le=_MAX_INTEGER)
    feature: Feature


class StateEdit(Given):
    """Arguments of `set_state`."""

    content_id: UUID
    state: ContentState
    revision: int = Field(ge=1, le=_MAX_INTEGER)


class BudgetEdit(Given):
    """Arguments of `set_budget`."""

    business_id: StoredId | None = None
    """The business; either it or a campaign."""
    campaign_id: StoredId | None = None
    """The campaign."""
    limit_usd: Decimal | None = Field(default=None, ge=0, le=1_000_000)
    """USD; None removes the budget."""
    period: BudgetPeriod = "month"
    """A calendar month in UTC, or all time."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.business_id is None) == (self.campaign_id is None):
            raise ValueError("a budget is of a business or of a campaign: pass one of the two ids")
        return self

    @property
    def key(self) -> BudgetKey:
        """Which budget it is."""
        if self.business_id is not None:
            return BudgetKey("business", self.business_id, self.period)
        return BudgetKey("campaign", self.campaign_id or "", self.period)


class BudgetsReading(Given):
    """Arguments of `budgets`."""

    business_id: StoredId
    campaign_id: StoredId | None = None


class AttemptsReading(Given):
    """Arguments of `attempts`."""

    request_id: UUID | None = None
    limit: int = Field(ge=1, le=10_000)


class CostsReading(Given):
    """Arguments of `costs`."""

    by: CostGroup
    business_id: StoredId | None = None
    campaign_id: StoredId | None = None
    since: Moment | None = None
    until: Moment | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.since and self.until and self.since >= self.until:
            raise ValueError("until is not after since: nothing lies between them")
        return self


class Deletion(Given):
    """Arguments of `delete_before` and `anonymise_before`."""

    before: Moment
    """Rows of this moment and later stay."""
    business_id: StoredId | None = None
    """None: of all businesses."""


class BusinessDeletion(Given):
    """Arguments of `delete_business`."""

    business_id: StoredId
