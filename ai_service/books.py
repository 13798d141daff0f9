"""What the books say: rows, sums and budgets. Everything handed to the ledger so far is in them."""

from ai_service.readings import AttemptsReading, BudgetsReading, CostsReading
from ai_service.requests import BudgetRequest
from ai_service.runtime import Runtime, answering, storage_errors
from deps.call import utc_now
from models.attempt import Attempt
from models.records import BudgetState, CostLine
from storage.books import attempts_of, costs, recent_attempts
from storage.budgets import budgets_of, set_budget
from storage.engine import reading, writing


async def rows(runtime: Runtime, request: AttemptsReading) -> list[Attempt]:
    """Return the rows of one call in order, or else the newest."""
    async with answering(runtime):
        await runtime.ledger.flush()
        async with reading(runtime.engine) as session:
            if request.request_id is not None:
                return await attempts_of(session=session, request_id=str(request.request_id))
            return await recent_attempts(session=session, limit=request.limit)


async def sums(runtime: Runtime, request: CostsReading) -> list[CostLine]:
    """Return what was spent, the dearest line first."""
    async with answering(runtime):
        await runtime.ledger.flush()
    with storage_errors():
        async with reading(runtime.engine) as session:
            return await costs(
                session=session,
                group=request.by,
                business_id=request.business_id,
                campaign_id=request.campaign_id,
                since=request.since,
                until=request.until,
            )


async def set_limit(runtime: Runtime, request: BudgetRequest) -> None:
    """Set or remove a budget."""
    with storage_errors():
        async with writing(runtime.engine) as session:
            await set_budget(
                session=session,
                scope="business" if request.business_id else "campaign",
                scope_id=request.business_id or request.campaign_id or "",
                period=request.period,
                limit_usd=request.limit_usd,
            )


async def limits(runtime: Runtime, request: BudgetsReading) -> list[BudgetState]:
    """Return the budgets that hold, as they are now."""
    with storage_errors():
        async with reading(runtime.engine) as session:
            return await budgets_of(
                session=session,
                business_id=request.business_id,
                campaign_id=request.campaign_id,
                at=utc_now(),
            )
