"""The operator's part of `AIService`: budgets, attempts, costs, and what is deleted, of one business or of all."""

from datetime import datetime
from decimal import Decimal

from ai_service.arguments import (
    AttemptsReading,
    BudgetEdit,
    BudgetsReading,
    CostsReading,
    Deletion,
)
from ai_service.contexts import load_campaign
from ai_service.errors import NotFound
from ai_service.ids import Id
from ai_service.runtime import answering, flushed
from ai_service.service_part import ServicePart
from ai_service.storage_errors import storage_errors
from models.attempt import Attempt, StatusFilter
from models.records import BudgetPeriod, BudgetState, CostGroup, CostLine, Removal
from models.vocabulary import Feature
from storage.briefs import business_of
from storage.budgets import budgets, set_budget
from storage.reports import attempts, costs
from storage.retention import anonymise_before, delete_before


class Bookkeeping(ServicePart):
    """What an operator asks of a service.

    A business is optional here: without one an answer is about all of them. Never pass to a tenant what was asked
    without its id.
    """

    async def set_budget(
        self,
        limit_usd: Decimal | None,
        *,
        business_id: Id | None = None,
        campaign_id: Id | None = None,
        period: BudgetPeriod = "month",
    ) -> None:
        """Limit in USD what a business or its campaign may spend in each calendar month (UTC) or in `total`.

        None removes the budget. A new one starts from what `ai_logs` says was spent in its period. Where a
        `ContextSource` brings the campaigns, a campaign's budget needs its business too: two may share the id. Raises
        NotFound for a campaign of another business.
        """
        ids = {"business_id": business_id, "campaign_id": campaign_id}
        edit = self._checked(BudgetEdit, **ids, limit_usd=limit_usd, period=period)
        async with answering(self._open) as engine:
            await set_budget(engine, edit.key(await self._limited_business(edit)), edit.limit_usd)

    async def budgets(self, business_id: Id | None = None, campaign_id: Id | None = None) -> list[BudgetState]:
        """Return the budgets that apply to calls of a business, and of its campaign, as they are now; None: all."""
        asked = self._checked(BudgetsReading, business_id=business_id, campaign_id=campaign_id)
        async with answering(self._open) as engine:
            return await budgets(engine, asked.business_id, asked.campaign_id)

    async def attempts(
        self,
        request_id: Id | None = None,
        *,
        business_id: Id | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        status: StatusFilter | None = None,
        feature: Feature | str | None = None,
        limit: int = 20,
    ) -> list[Attempt]:
        """Return all attempts of one call, in order; None: the newest `limit`, newest first.

        Both are narrowed by what else is given: a business, requests that began at `since` or later and before
        `until`, a status (`failed`: each final one but `ok`), a feature.
        """
        asked = self._checked(
            AttemptsReading,
            request_id=request_id,
            business_id=business_id,
            since=since,
            until=until,
            status=status,
            feature=feature,
            limit=limit,
        )
        key = None if asked.request_id is None else str(asked.request_id)
        async with answering(self._open) as engine:
            await self._open.ledger.flush()
            return await attempts(
                engine,
                key,
                business_id=asked.business_id,
                since=asked.since,
                until=asked.until,
                status=asked.status,
                feature=asked.feature,
                limit=asked.limit,
            )

    async def costs(
        self,
        by: CostGroup = "feature",
        *,
        business_id: Id | None = None,
        campaign_id: Id | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[CostLine]:
        """Return what was spent, a line per group, the highest cost first; lines by campaign name its business too.

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

    async def _limited_business(self, edit: BudgetEdit) -> str:
        """Return whose budget it is. Raises NotFound."""
        if edit.campaign_id is None:
            return edit.business_id or ""
        if edit.business_id is not None:
            await load_campaign(self._open, edit.business_id, edit.campaign_id)
            return edit.business_id
        business_id = await business_of(self._open.engine, edit.campaign_id)
        if business_id is None:
            raise NotFound(f"no campaign {edit.campaign_id!r} is stored: pass business_id too")
        return business_id
