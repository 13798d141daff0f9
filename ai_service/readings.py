"""The arguments of what reads and clears the books, as Pydantic models."""

from typing import Self
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from ai_service.ids import StoredId
from models.base import Given
from models.records import CostGroup


class StrategyReading(Given):
    """Arguments of `get_strategy`."""

    campaign_id: StoredId


class AttemptsReading(Given):
    """Arguments of `attempts`."""

    request_id: UUID | None = None
    limit: int = Field(ge=1, le=10_000)


class BudgetsReading(Given):
    """Arguments of `budgets`."""

    business_id: StoredId
    campaign_id: StoredId | None = None


class CostsReading(Given):
    """Arguments of `costs`."""

    by: CostGroup
    business_id: StoredId | None = None
    campaign_id: StoredId | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.since and self.until and self.since >= self.until:
            raise ValueError("until is not after since: nothing lies between them")
        return self


class RemovalRequest(Given):
    """Arguments of `delete_before` and `anonymise_before`."""

    before: AwareDatetime
    """Rows of this moment and later stay."""
    business_id: StoredId | None = None
    """None: of all businesses."""


class BusinessRemovalRequest(Given):
    """Arguments of `delete_business`."""

    business_id: StoredId
