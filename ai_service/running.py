"""Runs a generating call: its ids, its deadline, its span, and the error for each failure."""

import logging
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from uuid import uuid4

from pydantic_ai.exceptions import AgentRunError, ConcurrencyLimitExceeded, UserError

from agents.outcomes import RETRYABLE, DeadlineReached, status_of
from agents.visitors import GateClosed
from ai_service.budget_errors import budget_error
from ai_service.errors import AIGenerationError, ConfigurationError, Overloaded
from ai_service.requests import CallRequest
from ai_service.runtime import Runtime
from ai_service.settings import Settings
from ai_service.storage_errors import refusal_error
from ai_service.tracing import call_span
from deps.call import Call, Deadline
from deps.clock import Clock
from deps.protocols import Ledger
from models.attempt import Attempt
from models.unaffordable import Unaffordable
from models.vocabulary import Feature
from storage.failures import StorageError
from storage.refusals import refusal_behind

logger = logging.getLogger("ai_service")

_SETTLING_SHARE, _MOST_SETTLING_S = 0.1, 0.05
"""Time reserved at the end of a call for settling: a share of the deadline, and at most so many seconds."""
_LEAST_OF_REQUEST, _LEAST_OF_CALL = 0.05, 0.1
"""No request is sent if less than this share of its timeout is left, or of the deadline if that is shorter."""


def new_call(feature: Feature, request: CallRequest, *, settings: Settings, ledger: Ledger, clock: Clock) -> Call:
    """Return a call that starts now. It has its content id already, so that every ledger row can carry it."""
    limits, ids = settings.limits(feature), request.ids
    settling_s = min(_SETTLING_SHARE * limits.deadline_s, _MOST_SETTLING_S)
    return Call(
        feature=feature,
        ledger=ledger,
        deadline=Deadline.after(limits.deadline_s - settling_s, clock),
        settling_s=settling_s,
        least_request_s=min(_LEAST_OF_REQUEST * limits.request_timeout_s, _LEAST_OF_CALL * limits.deadline_s),
        max_attempts=limits.max_attempts,
        request_timeout_s=limits.request_timeout_s,
        max_output_tokens=limits.max_output_tokens,
        backoff_s=settings.backoff_s,
        business_id=ids["business_id"],
        campaign_id=ids.get("campaign_id"),
        content_id=str(uuid4()),
        user_id=ids.get("user_id"),
        customer_id=ids.get("customer_id"),
        idempotency_key=ids.get("idempotency_key"),
        spend_at_most_usd=request.spend_at_most_usd,
    )


@asynccontextmanager
async def running(runtime: Runtime, call: Call) -> AsyncGenerator[None]:
    """Run the body as one call: within its deadline, in one span. Its rows are durable on return.

    Raises AIGenerationError if the provider gave no usable answer, BudgetExceeded if a budget has no room for a
    request, StorageUnavailable if the database cannot be used, Overloaded if too many requests wait for a place,
    ConfigurationError if a model does not accept the settings. Cancellation passes through.
    """
    attributes = {
        "ai_service.request_id": call.request_id,
        "ai_service.feature": call.feature.value,
        "ai_service.business_id": call.business_id,
        "ai_service.campaign_id": call.campaign_id or "",
    }
    with call_span(f"ai_service {call.feature}", attributes), _failures(runtime, call):
        try:
            async with call.clock.timeout(call.deadline.remaining_s()):
                yield
            async with call.clock.timeout(_time_to_settle_s(call)):
                await call.ledger.flush()
        except Exception:
            await _close_books_late(call)
            raise


@contextmanager
def _failures(runtime: Runtime, call: Call) -> Generator[None]:
    """Raise each failure of a call as one of the package's errors."""
    try:
        yield
    except ConcurrencyLimitExceeded as error:
        raise Overloaded("more calls are running and waiting than this process takes: try again later") from error
    except TimeoutError as error:
        if refusal := refusal_behind(error) or _refusal_inside(runtime, call):
            raise refusal_error(refusal) from error
        raise _failure(call, error) from error
    except AgentRunError as error:
        raise _failure(call, error) from error
    except Unaffordable as error:
        raise budget_error(call, error) from error
    except StorageError as error:
        raise refusal_error(error) from error
    except UserError as error:
        raise ConfigurationError(f"{call.feature} can't be served with these settings: {error}") from error


def _refusal_inside(runtime: Runtime, call: Call) -> StorageError | None:
    """Return the ledger's current refusal if no request of the call timed out: the call waited for its row.

    The framework sends requests in tasks of its own, whose timeout does not say what they waited for.
    """
    return None if any(row.status == "timeout" for row in call.account.attempts) else runtime.ledger.refusal


def _time_to_settle_s(call: Call) -> float:
    return call.deadline.remaining_s() + call.settling_s


async def _close_books_late(call: Call) -> None:
    """Settle a failed call; if time runs out, the rest continues in the background.

    Nothing is lost: its rows were written before their requests were sent.
    """
    with suppress(TimeoutError, StorageError):
        async with call.clock.timeout(_time_to_settle_s(call)):
            await call.ledger.flush()


def _failure(call: Call, error: BaseException) -> AIGenerationError:
    """Log and return the error of a call without a usable answer."""
    reason = _reason(call, error)
    failed = AIGenerationError(
        reason=reason,
        detail=_detail(call, error, reason),
        request_id=call.request_id,
        attempts=list(call.account.attempts),
        retry_after_s=call.account.retry_after_s,
    )
    logger.error("%s request_id=%s feature=%s %s", failed.code, call.request_id, call.feature, failed)
    return failed


def _reason(call: Call, error: BaseException) -> str:
    """Return why the call failed: of several questions the one that failed counts, not the last one sent.

    A failure that would have been retried, had there been time, counts as the deadline's.
    """
    if isinstance(error, TimeoutError | DeadlineReached) or call.deadline.remaining_s() <= 0:
        return "deadline"
    if not isinstance(error, GateClosed):
        status = status_of(error)
    elif failed := _failed(call):
        status = failed[-1].status  # a gate that closed under this very call came after what the provider did
    else:
        return "gate_closed"
    return "deadline" if status in RETRYABLE and not call.may_ask() else status


def _detail(call: Call, error: BaseException, reason: str) -> str:
    """Return the error of the last attempt with this reason: exceptions may quote prompts and answers."""
    failed = _failed(call)
    fitting = [row.error for row in failed if row.status == reason] or [row.error for row in failed]
    if fitting and fitting[-1]:
        return fitting[-1]
    return str(error) if isinstance(error, GateClosed) else type(error).__name__


def _failed(call: Call) -> list[Attempt]:
    return [row for row in call.account.attempts if row.status not in ("ok", "cancelled")]
