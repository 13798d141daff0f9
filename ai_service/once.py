"""Idempotency: one key, one answer, whoever asks again and from which process."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from ai_service.drafts import replay
from ai_service.errors import IdempotencyConflict
from ai_service.requests import CallRequest
from ai_service.result import AIResult
from ai_service.runtime import Runtime
from deps.call import Call
from models.base import Output
from storage.idempotency import Claim, Conflict, Mine, Stored, claim, give_up, renew
from storage.patience import persist

OutputT = TypeVar("OutputT", bound=Output)

_LEASE_S = 15.0
"""Seconds after which a call that stopped renewing its claim is taken for dead."""
_POLL_S = 0.1


async def once(
    runtime: Runtime,
    call: Call,
    request: CallRequest,
    output: type[OutputT],
    make: Callable[[], Awaitable[AIResult[OutputT]]],
) -> AIResult[OutputT]:
    """Return the answer stored under the call's key, or what `make` makes, which is then stored under it.

    A call with the same key that is in flight, here or in another process, is waited for, and taken over when it
    dies. A failure frees the key. Raises IdempotencyConflict where the key was used with other arguments.
    """
    fingerprint = _fingerprint(call, request)
    while True:
        claimed = await _claim(runtime, call, fingerprint)
        if isinstance(claimed, Conflict):
            raise IdempotencyConflict(
                f"idempotency key {call.idempotency_key!r} was used before with other arguments: use a new key"
            )
        if isinstance(claimed, Stored):
            return await replay(runtime, output, content_id=claimed.content_id, request_id=claimed.request_id)
        if isinstance(claimed, Mine):
            async with _renewed(runtime, call):
                return await make()
        await asyncio.sleep(_POLL_S)


def _fingerprint(call: Call, request: CallRequest) -> str:
    """Return what makes two calls the same: the feature, and all arguments but who asks and the key itself."""
    arguments = request.model_dump_json(exclude={"idempotency_key", "user_id"})
    return sha256(f"{call.feature}:{arguments}".encode()).hexdigest()


async def _claim(runtime: Runtime, call: Call, fingerprint: str) -> Claim:
    async def work(session: AsyncSession) -> Claim:
        return await claim(
            session=session,
            business_id=call.business_id,
            key=call.idempotency_key or "",
            fingerprint=fingerprint,
            request_id=call.request_id,
            owner=runtime.ledger.owner,
            lease_s=_LEASE_S,
            now=call.now(),
        )

    return await persist(runtime.engine, work)


@asynccontextmanager
async def _renewed(runtime: Runtime, call: Call) -> AsyncGenerator[None]:
    """Hold the claim while the body runs, and free it when the body fails: then the key may be used again."""
    renewing = asyncio.create_task(_renew(runtime, call), name="idempotency lease")
    try:
        yield
    except asyncio.CancelledError:
        # a cancelled task can't wait for the database: a task of the service does
        runtime.background.start(_give_up(runtime, call))
        raise
    except Exception:
        await _give_up(runtime, call)
        raise
    finally:
        renewing.cancel()


async def _renew(runtime: Runtime, call: Call) -> None:
    async def work(session: AsyncSession) -> bool:
        return await renew(
            session=session,
            business_id=call.business_id,
            key=call.idempotency_key or "",
            request_id=call.request_id,
            lease_s=_LEASE_S,
            now=call.now(),
        )

    held = True
    while held:
        await asyncio.sleep(_LEASE_S / 3)
        held = await persist(runtime.engine, work)


async def _give_up(runtime: Runtime, call: Call) -> None:
    async def work(session: AsyncSession) -> None:
        await give_up(
            session=session,
            business_id=call.business_id,
            key=call.idempotency_key or "",
            request_id=call.request_id,
        )

    await persist(runtime.engine, work)
