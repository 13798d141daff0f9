"""The steps that all generating calls share: load, flag suspicious input, write, save; once per idempotency key."""

from typing import TypeVar

from ai_service.drafts import save
from ai_service.once import once
from ai_service.recipe import Recipe
from ai_service.requests import CallRequest, WishRequest
from ai_service.result import AIResult
from ai_service.running import new_call, running
from ai_service.runtime import Runtime
from ai_service.settings import SANDBOX
from deps.call import Call
from deps.suspicion import suspicious
from models.base import Output
from models.brief import Brief
from models.texts import texts_of

RequestT = TypeVar("RequestT", bound=CallRequest)
TaskT = TypeVar("TaskT")
OutputT = TypeVar("OutputT", bound=Output)


async def generate(runtime: Runtime, recipe: Recipe[RequestT, TaskT, OutputT], request: RequestT) -> AIResult[OutputT]:
    """Run a recipe as one call, once per idempotency key.

    Raises an AIServiceError; every request that was sent is in the ledger by then.
    """
    call = new_call(recipe.feature, request, settings=runtime.settings, ledger=runtime.ledger, clock=runtime.clock)
    async with running(runtime, call):
        if request.idempotency_key is None:
            return await _make(runtime, recipe, request, call)
        return await once(runtime, call, request, recipe.output, lambda: _make(runtime, recipe, request, call))


async def _make(
    runtime: Runtime, recipe: Recipe[RequestT, TaskT, OutputT], request: RequestT, call: Call
) -> AIResult[OutputT]:
    assignment = await recipe.prepare(runtime, request)
    call.account.input_warnings = _warnings(assignment.brief, request)
    output = await recipe.write(assignment, call, runtime)
    notes = [*assignment.notes, *recipe.notes(request, output), *_unfollowed(request, call)]
    return await save(runtime, call, output, brief=assignment.brief, day=assignment.day, notes=notes)


def _unfollowed(request: CallRequest, call: Call) -> list[str]:
    wish = request.instruction if isinstance(request, WishRequest) else None
    is_sandbox = call.account.attempts[-1].provider == SANDBOX
    return ["the sandbox follows no instruction"] if wish and is_sandbox else []


def _warnings(brief: Brief, request: CallRequest) -> list[str]:
    """Return a warning for each text of the brief or the request that looks like an attack."""
    return suspicious(texts_of(brief) | request.texts)
