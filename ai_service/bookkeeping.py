"""The half of `AIService` that looks after the books: budgets, what was tried, what it cost, what is removed."""

from abc import ABC, abstractmethod
from datetime import datetime
from decimal import Decimal

from ai_service import books, retention
from ai_service.readings import (
    AttemptsReading,
    BudgetsReading,
    BusinessRemovalRequest,
    CostsReading,
    RemovalRequest,
)
from ai_service.requests import BudgetRequest, Id, checked
from ai_service.runtime import Runtime
from models.attempt import Attempt
from models.records import BudgetPeriod, BudgetState, CostGroup, CostLine, Removal


class Bookkeeping(ABC):
    """What a service does with its books."""

    @property
    @abstractmethod
    def _open(self) -> Runtime:
        """The parts of the open service. Raises ConfigurationError where it is not open."""

    async def set_budget(
        self,
        limit_usd: Decimal | None,
        *,
        business_id: Id | None = None,
        campaign_id: Id | None = None,
        period: BudgetPeriod = "month",
    ) -> None:
        """Limit in USD what a business or a campaign may spend in each calendar month (UTC) or in `total`.

        None removes the budget. A new one starts from what the books say was spent in its period.
        """
        ids = {"business_id": business_id, "campaign_id": campaign_id}
        await books.set_limit(self._open, checked(BudgetRequest, **ids, limit_usd=limit_usd, period=period))

    async def budgets(self, business_id: Id, campaign_id: Id | None = None) -> list[BudgetState]:
        """Return the budgets that hold for calls of a business, and of its campaign, as they are now."""
        request = checked(BudgetsReading, business_id=business_id, campaign_id=campaign_id)
        return await books.limits(self._open, request)

    async def attempts(self, request_id: Id | None = None, *, limit: int = 20) -> list[Attempt]:
        """Return the rows of one call in order, or else the newest `limit` rows of the books."""
        return await books.rows(self._open, checked(AttemptsReading, request_id=request_id, limit=limit))

    async def costs(
        self,
        by: CostGroup = "feature",
        *,
        business_id: Id | None = None,
        campaign_id: Id | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[CostLine]:
        """Return the books summed up, the dearest line first: requests begun at `since` or later, before `until`."""
        ids = {"business_id": business_id, "campaign_id": campaign_id}
        return await books.sums(self._open, checked(CostsReading, by=by, **ids, since=since, until=until))

    async def delete_before(self, before: datetime, *, business_id: Id | None = None, dry_run: bool = False) -> Removal:
        """Delete requests, content and idempotency keys of before this moment; business None: of all.

        Open requests, briefs and budgets stay. With `dry_run` nothing is deleted, only counted.
        """
        request = checked(RemovalRequest, before=before, business_id=business_id)
        return await retention.delete_old(self._open, request, dry_run=dry_run)

    async def anonymise_before(
        self, before: datetime, *, business_id: Id | None = None, dry_run: bool = False
    ) -> Removal:
        """Clear users, customers, answers and errors in requests of before this moment, and delete replies.

        Tokens and money stay. Otherwise as `delete_before`.
        """
        request = checked(RemovalRequest, before=before, business_id=business_id)
        return await retention.anonymise_old(self._open, request, dry_run=dry_run)

    async def delete_business(self, business_id: Id, *, dry_run: bool = False) -> Removal:
        """Delete all that is stored of a business: brief, campaigns, content, requests, keys and budgets."""
        request = checked(BusinessRemovalRequest, business_id=business_id)
        return await retention.forget(self._open, str(request.business_id), dry_run=dry_run)
