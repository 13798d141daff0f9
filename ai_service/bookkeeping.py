"""The operator's half of `AIService`: budgets, attempts, costs, and what is deleted."""

from abc import ABC, abstractmethod
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from ai_service.arguments import (
    AttemptsReading,
    BudgetEdit,
    BudgetsReading,
    BusinessDeletion,
    CostsReading,
    Deletion,
)
from ai_service.ids import Id
from ai_service.runtime import Runtime, answering, flushed
from ai_service.storage_errors import storage_errors
from models.attempt import Attempt
from models.base import Given
from models.records import BudgetPeriod, BudgetState, CostGroup, CostLine, Removal
from storage.budgets import budgets, set_budget
from storage.reports import attempts, costs
from storage.retention import anonymise_before, delete_before, delete_business

GivenT = TypeVar("GivenT", bound=Given)


class Bookkeeping(ABC):
    """What an operator asks of a service."""

    @property
    @abstractmethod
    def _open(self) -> Runtime:
        """The parts of the open service. Raises ConfigurationError where it is not open."""

    @abstractmethod
    def _checked(self, kind: type[GivenT], **arguments: object) -> GivenT:
        """Return the arguments as a `kind`. Raises InvalidRequest."""

    async def set_budget(
        self,
        limit_usd: Decimal | None,
        *,
        business_id: Id | None = None,
        campaign_id: Id | None = None,
        period: BudgetPeriod = "month",
    ) -> None:
        """Limit in USD what a business or a campaign may spend in each calendar month (UTC) or in `total`.

        None removes the budget. A new one starts from what `ai_logs` says was spent in its period.
        """
        ids = {"business_id": business_id, "campaign_id": campaign_id}
        edit = self._checked(BudgetEdit, **ids, limit_usd=limit_usd, period=period)
        async with answering(self._open) as engine:
            await set_budget(engine, edit.key, edit.limit_usd)

    async def budgets(self, business_id: Id, campaign_id: Id | None = None) -> list[BudgetState]:
        """Return the budgets that apply to calls of a business, and of its campaign, as they are now."""
        asked = self._checked(BudgetsReading, business_id=business_id, campaign_id=campaign_id)
        async with answering(self._open) as engine:
            return await budgets(engine, asked.business_id, asked.campaign_id)

    async def attempts(self, request_id: Id | None = None, *, limit: int = 20) -> list[Attempt]:
        """Return all attempts of one call, in order; None: the newest `limit`, newest first."""
        asked = self._checked(AttemptsReading, request_id=request_id, limit=limit)
        key = None if asked.request_id is None else str(asked.request_id)
        async with answering(self._open) as engine:
            await self._open.ledger.flush()
            return await attempts(engine, key, limit=asked.limit)

    async def costs(
        self,
        by: CostGroup = "feature",
        *,
        business_id: Id | None = None,
        campaign_id: Id | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[CostLine]:
        """Return what was spent, a line per group, the highest cost first.

        Counts requests that began at `since` or later and before `until`.
        """
        ids = {"business_id": business_id, "campaign_id": campaign_id}
        asked = self._checked(CostsReading, by=by, **ids, since=since, until=until)
        async with answering(self._open) as engine:
            await self._open.ledger.flush()
            return await costs(
                engine,
                asked.by,
                business_id=asked.business_id,
                campaign_id=asked.campaign_id,
                since=asked.since,
                until=asked.until,
            )

    async def delete_before(self, before: datetime, *, business_id: Id | None = None, dry_run: bool = False) -> Removal:
        """Delete requests, content and idempotency keys older than this moment; business None: of all.

        Open requests, briefs and budgets stay. With `dry_run` nothing is deleted, only counted.
        """
        asked = self._checked(Deletion, before=before, business_id=business_id)
        engine = await flushed(self._open)
        with storage_errors():
            return await delete_before(engine, asked.before, business_id=asked.business_id, dry_run=dry_run)

    async def anonymise_before(
        self, before: datetime, *, business_id: Id | None = None, dry_run: bool = False
    ) -> Removal:
        """Clear users, customers, answers and errors from requests older than this moment, and delete replies.

        Tokens and cost stay. Otherwise as `delete_before`.
        """
        asked = self._checked(Deletion, before=before, business_id=business_id)
        engine = await flushed(self._open)
        with storage_errors():
            return await anonymise_before(engine, asked.before, business_id=asked.business_id, dry_run=dry_run)

    async def delete_business(self, business_id: Id, *, dry_run: bool = False) -> Removal:
        """Delete everything of a business: brief, campaigns, content, requests, idempotency keys and budgets."""
        asked = self._checked(BusinessDeletion, business_id=business_id)
        engine = await flushed(self._open)
        with storage_errors():
            return await delete_business(engine, asked.business_id, dry_run=dry_run)
