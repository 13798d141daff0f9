"""What every generating call goes through: its ids, its deadline, its span, and one error for all that can fail."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

from pydantic_ai.exceptions import AgentRunError, FallbackExceptionGroup, UserError

from agents.breaker import BreakerOpen
from agents.question import last_status
from ai_service.errors import AIGenerationError, ConfigurationError, StorageUnavailable
from ai_service.requests import ContentRequest, ImageRequest, ReplyRequest, StrategyRequest, VideoRequest
from ai_service.settings import Settings
from ai_service.tracing import tracer
from deps.call import Call, Deadline
from deps.protocols import Ledger
from models.vocabulary import Feature
from storage.errors import StorageError

logger = logging.getLogger("ai_service")

_FLUSH_AFTER_DEADLINE_S = 0.05
"""What a failed call may still wait for its rows; the ledger goes on writing them after that."""


AnyRequest = StrategyRequest | ContentRequest | VideoRequest | ReplyRequest | ImageRequest


def new_call(feature: Feature, request: AnyRequest, *, settings: Settings, ledger: Ledger) -> Call:
    """Return a call that begins now. Its content id is allotted already, so that every row can carry it."""
    limits = settings.limits(feature)
    return Call(
        feature=feature,
        ledger=ledger,
        deadline=Deadline.after(limits.deadline_s),
        max_attempts=limits.max_attempts,
        request_timeout_s=limits.request_timeout_s,
        max_output_tokens=limits.max_output_tokens,
        backoff_s=settings.backoff_s,
        business_id=str(request.business_id),
        campaign_id=str(request.campaign_id) if request.campaign_id else None,
        content_id=str(uuid4()),
        user_id=request.user_id,
        customer_id=request.customer_id if isinstance(request, ReplyRequest) else None,
    )


@asynccontextmanager
async def running(call: Call) -> AsyncGenerator[Call]:
    """Run the body as one call: within its deadline, in one span, its rows durable when it returns.

    Raises AIGenerationError for what the provider did, StorageUnavailable for the database, ConfigurationError for
    settings that a model can't serve. Cancellation passes through.
    """
    attributes = {
        "ai_service.request_id": call.request_id,
        "ai_service.feature": call.feature.value,
        "ai_service.business_id": call.business_id,
        "ai_service.campaign_id": call.campaign_id or "",
    }
    with tracer.start_as_current_span(f"ai_service {call.feature}", attributes=attributes):
        try:
            async with asyncio.timeout(call.deadline.remaining_s()):
                yield call
                await call.ledger.flush()
        except (AgentRunError, FallbackExceptionGroup, TimeoutError) as error:
            raise await _failure(call, error) from error
        except StorageError as error:
            raise StorageUnavailable(f"{error}; try again when it is back") from error
        except UserError as error:
            raise ConfigurationError(f"{call.feature} can't be served with these settings: {error}") from error


async def _failure(call: Call, error: BaseException) -> AIGenerationError:
    """Return the error of a call that got no usable answer, after its rows are written and one line is logged."""
    with suppress(TimeoutError):
        async with asyncio.timeout(max(call.deadline.remaining_s(), _FLUSH_AFTER_DEADLINE_S)):
            await call.ledger.flush()
    failed = AIGenerationError(
        reason="breaker_open" if isinstance(error, BreakerOpen) else _reason(call),
        detail=_detail(call, error),
        request_id=call.request_id,
        attempts=list(call.attempts),
    )
    logger.error("%s request_id=%s feature=%s %s", failed.code, call.request_id, call.feature, failed)
    return failed


def _reason(call: Call) -> str:
    if call.deadline.remaining_s() <= 0:
        return "deadline"
    failed = [row for row in call.attempts if row.status not in ("ok", "cancelled")]
    return last_status(failed) or "deadline"


def _detail(call: Call, error: BaseException) -> str:
    """Return the last attempt's own error: exceptions may quote prompts and answers."""
    if isinstance(error, BreakerOpen):
        return str(error)
    errors = [row.error for row in call.attempts if row.error and row.status not in ("ok", "cancelled")]
    return errors[-1] if errors else type(error).__name__
