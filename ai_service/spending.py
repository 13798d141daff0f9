"""Reserves the worst case of a call against budgets before its first request, and books its cost after the last."""

from collections.abc import Sequence
from decimal import Decimal

from pydantic_ai.images import ImageGenerationModel
from pydantic_ai.models import Model

from agents.chain import Chain
from agents.worst_case import worst_case_usd
from ai_service.errors import BudgetExceeded
from ai_service.runtime import Runtime
from deps.call import Call
from models.attempt import Attempt
from storage.budgets import has_budget, reserve, settle_reservation
from storage.failures import BudgetShort
from storage.reservations import Reservation


async def reserve_worst_case(
    runtime: Runtime,
    call: Call,
    chain: Chain[Model] | Chain[ImageGenerationModel],
    *,
    requests_bytes: Sequence[int],
) -> None:
    """Reserve the most that a call's questions can cost; nothing where no budget applies.

    `requests_bytes` bounds the first request of each question. Raises BudgetExceeded where a budget has no room, or
    where a model's price is unknown and no ceiling is set.
    """
    if not await has_budget(runtime.engine, call.business_id, call.campaign_id):
        return
    amount_usd = worst_case_usd(call, chain, prompts=requests_bytes, ceiling=_ceiling(runtime))
    if amount_usd is None:
        raise BudgetExceeded(
            "a budget holds, and the price of a model is unknown: set AI_SERVICE_UNKNOWN_PRICE_USD_PER_MTOK to the "
            "price of a million tokens to assume, or use a model with a known price"
        )
    reservation = Reservation(
        request_id=call.request_id,
        owner=runtime.ledger.owner,
        business_id=call.business_id,
        campaign_id=call.campaign_id,
        amount_usd=amount_usd,
        at=call.now(),
    )
    try:
        await reserve(runtime.engine, reservation)
    except BudgetShort as error:
        left, limit, asked = (f"{usd.normalize():f}" for usd in (error.left_usd, error.limit_usd, error.asked_usd))
        raise BudgetExceeded(
            f"the {error.period} budget of {error.scope} {error.scope_id!r} has {left} of {limit} USD left, and the "
            f"call may cost up to {asked}: raise the budget, or lower AI_SERVICE_MAX_ATTEMPTS or "
            "AI_SERVICE_MAX_OUTPUT_TOKENS"
        ) from error
    call.account.reserved = True


async def settle_budget(runtime: Runtime, call: Call) -> None:
    """Release what a call reserved and book its cost."""
    cost_usd = sum((charged_usd(runtime, row) for row in call.account.attempts), Decimal(0))
    await settle_reservation(runtime.engine, call.request_id, cost_usd)


def charged_usd(runtime: Runtime, attempt: Attempt) -> Decimal:
    """Return what a request is charged to budgets in USD: its cost, or the ceiling where its price is unknown."""
    if attempt.cost_usd is not None:
        return attempt.cost_usd
    tokens = attempt.input_tokens + attempt.output_tokens
    return tokens * (_ceiling(runtime) or Decimal(0)) / 1_000_000


def _ceiling(runtime: Runtime) -> Decimal | None:
    return runtime.settings.unknown_price_usd_per_mtok
