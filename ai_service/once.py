"""Idempotency: one answer for each key, across processes."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import TypeVar

from ai_service.drafts import replay
from ai_service.errors import IdempotencyConflict
from ai_service.requests import CallRequest
from ai_service.result import AIResult
from ai_service.runtime import Runtime
from deps.call import Call
from models.base import Output
from storage.idempotency import Conflict, KeyedCall, Mine, Stored, claim, give_up, renew

OutputT = TypeVar("OutputT", bound=Output)

_LEASE_S = 15.0
"""Seconds after which a call that no longer renews its lease counts as dead."""
_POLL_S = 0.1


async def once(
    runtime: Runtime,
    call: Call,
    request: CallRequest,
    output: type[OutputT],
    make: Callable[[], Awaitable[AIResult[OutputT]]],
) -> AIResult[OutputT]:
    """Return the answer stored under the call's key, or else the result of `make`, which is then stored under it.

    Waits for a call in flight with the same key, in any process, and takes over when it dies. A failure frees the key.
    Raises IdempotencyConflict where the key was used with other arguments.
    """
    keyed = _keyed(runtime, call, request)
    while True:
        claimed = await claim(runtime.engine, keyed, lease_s=_LEASE_S, now=call.now())
        if isinstance(claimed, Conflict):
            raise IdempotencyConflict(
                f"idempotency key {call.idempotency_key!r} was used before with other arguments: use a new key"
            )
        if isinstance(claimed, Stored):
            ids = {"business_id": call.business_id, "content_id": claimed.content_id}
            return await replay(runtime, output, **ids, request_id=claimed.request_id)
        if isinstance(claimed, Mine):
            async with _renewed(runtime, call, keyed):
                return await make()
        await call.clock.sleep(_POLL_S)


def _keyed(runtime: Runtime, call: Call, request: CallRequest) -> KeyedCall:
    return KeyedCall(
        business_id=call.business_id,
        key=call.idempotency_key or "",
        fingerprint=_fingerprint(call, request),
        request_id=call.request_id,
        owner=runtime.ledger.owner,
    )


def _fingerprint(call: Call, request: CallRequest) -> str:
    """Return the fingerprint of a call: its feature and its arguments, without the user, the key and the bound.

    Defaults are left out, so that an optional argument added by a later version changes no fingerprint.
    """
    aside = {"idempotency_key", "user_id", "spend_at_most_usd"}
    arguments = request.model_dump(mode="json", exclude=aside, exclude_defaults=True)
    return sha256(f"{call.feature}:{json.dumps(arguments, sort_keys=True)}".encode()).hexdigest()


@asynccontextmanager
async def _renewed(runtime: Runtime, call: Call, keyed: KeyedCall) -> AsyncGenerator[None]:
    """Hold the key while the body runs, and free it when the body fails: then it may be used again."""
    renewing = asyncio.create_task(_renew(runtime, call, keyed), name="idempotency lease")
    try:
        yield
    except asyncio.CancelledError:
        # a cancelled task cannot wait for the database: a task of the service does
        runtime.background.start(give_up(runtime.engine, keyed))
        raise
    except Exception:
        await give_up(runtime.engine, keyed)
        raise
    finally:
        renewing.cancel()


async def _renew(runtime: Runtime, call: Call, keyed: KeyedCall) -> None:
    held = True
    while held:
        await call.clock.sleep(_LEASE_S / 3)
        held = await renew(runtime.engine, keyed, lease_s=_LEASE_S, now=call.now())
