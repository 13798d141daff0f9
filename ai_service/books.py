"""What the books say: rows, sums and budgets. Everything handed to the ledger so far is in them."""

from ai_service.requests import BudgetRequest
from ai_service.runtime import Runtime, storage_errors
from deps.call import utc_now
from models.attempt import Attempt
from models.records import BudgetState, CostGroup, CostLine
from storage.books import attempts_of, costs, recent_attempts
from storage.budgets import budgets_of, set_budget
from storage.engine import reading, writing


async def rows(runtime: Runtime, request_id: str | None, *, limit: int) -> list[Attempt]:
    """Return the rows of one call in order, or else the newest `limit` rows."""
    with storage_errors():
        await runtime.ledger.flush()
        async with reading(runtime.engine) as session:
            if request_id is not None:
                return await attempts_of(session=session, request_id=request_id)
            return await recent_attempts(session=session, limit=limit)


async def sums(
    runtime: Runtime, group: CostGroup, *, business_id: str | None, campaign_id: str | None
) -> list[CostLine]:
    """Return what was spent, the dearest line first."""
    with storage_errors():
        await runtime.ledger.flush()
        async with reading(runtime.engine) as session:
            return await costs(session=session, group=group, business_id=business_id, campaign_id=campaign_id)


async def set_limit(runtime: Runtime, request: BudgetRequest) -> None:
    """Set or remove a budget."""
    with storage_errors():
        async with writing(runtime.engine) as session:
            await set_budget(
                session=session,
                scope="business" if request.business_id else "campaign",
                scope_id=str(request.business_id or request.campaign_id),
                period=request.period,
                limit_usd=request.limit_usd,
            )


async def limits(runtime: Runtime, business_id: str, campaign_id: str | None) -> list[BudgetState]:
    """Return the budgets that hold, as they are now."""
    with storage_errors():
        async with reading(runtime.engine) as session:
            return await budgets_of(session=session, business_id=business_id, campaign_id=campaign_id, at=utc_now())
