"""A request goes into the ledger with its upper bound, or waits until there is room for it."""

from contextlib import suppress
from decimal import Decimal

from deps.call import Call
from models.attempt import Attempt
from models.unaffordable import BudgetShort, PriceUnknown


async def put_on_the_books(call: Call, row: Attempt) -> None:
    """Write the row of a request with its upper bound reserved, against the budgets and the call's own bound.

    Raises Unaffordable where one has no room: the request must not be sent, and nothing is held.
    """
    _check_own_bound(call, row)
    call.account.opening.append(row)
    try:
        await call.ledger.open(row)
    finally:
        call.account.opening.remove(row)
    call.account.attempts.append(row)


async def wait_for_room(call: Call, short: BudgetShort) -> None:
    """Wait until there may be room; hold nothing meanwhile that others need.

    Raises `short` where none can come, or not within the call's deadline.
    """
    if short.others_hold and call.may_ask():
        with suppress(TimeoutError):
            async with call.clock.timeout(call.deadline.remaining_s() - call.least_request_s):
                await call.ledger.room(short)
    if not short.others_hold or not call.may_ask():
        raise short


def _check_own_bound(call: Call, row: Attempt) -> None:
    limit_usd = call.spend_at_most_usd
    if limit_usd is None:
        return
    asked_usd = call.ledger.charged_usd(row)
    if asked_usd is None:
        raise PriceUnknown("spend_at_most_usd is given, and the price of the model is unknown")
    spent_usd = reserved_usd = Decimal(0)
    for other in (*call.account.attempts, *call.account.opening):
        charged_usd = call.ledger.charged_usd(other) or Decimal(0)
        if other.status == "sent":
            reserved_usd += charged_usd
        else:
            spent_usd += charged_usd
    if spent_usd + reserved_usd + asked_usd > limit_usd:
        raise BudgetShort(
            scope="call",
            scope_id=call.request_id,
            period="total",
            limit_usd=limit_usd,
            spent_usd=spent_usd,
            reserved_usd=reserved_usd,
            asked_usd=asked_usd,
        )
