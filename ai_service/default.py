"""Turns methods of `AIService` into module-level functions on a default service, which return JSON-ready dicts.

Each event loop has its own default service. It is opened from the environment on first use and closed when the loop
ends, since a task of that loop holds it open.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from pydantic import JsonValue

from ai_service.result import AIResult
from models.base import Output

if TYPE_CHECKING:
    from ai_service.service import AIService

ArgsP = ParamSpec("ArgsP")
OutputT = TypeVar("OutputT", bound=Output)
Json = dict[str, JsonValue]

_ready: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Future["AIService"]] = WeakKeyDictionary()
_keepers: set[asyncio.Task[None]] = set()


def on_default(
    method: Callable[Concatenate["AIService", ArgsP], Awaitable[AIResult[OutputT]]],
) -> Callable[ArgsP, Coroutine[Any, Any, Json]]:
    """Return a function that calls the method on the default service and returns its output as a dict."""

    @wraps(method)
    async def function(*args: ArgsP.args, **kwargs: ArgsP.kwargs) -> Json:
        result = await method(await _service(), *args, **kwargs)
        return result.output.model_dump(mode="json")

    function.__dict__["__signature__"] = signature_on_default(method)
    return function


def signature_on_default(method: Callable[..., object]) -> inspect.Signature:
    """Return the signature of a method as a function that returns its output as a dict."""
    signature = inspect.signature(method)
    without_self = [*signature.parameters.values()][1:]
    return signature.replace(parameters=without_self, return_annotation=Json)


async def _service() -> "AIService":
    """Return the running loop's service. If opening it failed, the next call tries again."""
    loop = asyncio.get_running_loop()
    ready = _ready.get(loop)
    if ready is None or (ready.done() and (ready.cancelled() or ready.exception())):
        ready = _ready[loop] = loop.create_future()
        keeper = loop.create_task(_keep(ready), name="default AIService")
        _keepers.add(keeper)
        keeper.add_done_callback(_keepers.discard)
    return await asyncio.shield(ready)


async def _keep(ready: asyncio.Future["AIService"]) -> None:
    """Keep a service open until the loop ends: `asyncio.run` then cancels this task and waits for it."""
    from ai_service.service import AIService  # imported here: its features import this module

    try:
        async with AIService.from_env() as service:
            ready.set_result(service)
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
    except BaseException as error:  # whatever it is, the callers that wait get it
        if not ready.done():
            ready.set_exception(error)
        else:
            raise
