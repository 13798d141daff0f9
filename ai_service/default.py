"""Methods as functions on a default service: ids in, a JSON-ready dict out.

The service is made from the environment on first use in an event loop, and closed with that loop: a task of the loop
holds it, so that two successive `asyncio.run` each have their own.
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
    """Return a method of the service as a function on this loop's service, its output as JSON."""

    @wraps(method)
    async def function(*args: ArgsP.args, **kwargs: ArgsP.kwargs) -> Json:
        result = await method(await _service(), *args, **kwargs)
        return result.output.model_dump(mode="json")

    signature = inspect.signature(method)
    without_self = [*signature.parameters.values()][1:]
    function.__dict__["__signature__"] = signature.replace(parameters=without_self, return_annotation=Json)
    return function


async def _service() -> "AIService":
    """Return this loop's service. A start that failed is tried again by the next call."""
    loop = asyncio.get_running_loop()
    ready = _ready.get(loop)
    if ready is None or (ready.done() and (ready.cancelled() or ready.exception())):
        ready = _ready[loop] = loop.create_future()
        keeper = loop.create_task(_keep(ready), name="default AIService")
        _keepers.add(keeper)
        keeper.add_done_callback(_keepers.discard)
    return await asyncio.shield(ready)


async def _keep(ready: asyncio.Future["AIService"]) -> None:
    """Hold a service open until the loop ends: `asyncio.run` cancels its tasks then, and waits for them."""
    from ai_service.service import AIService  # the features, which it is made of, import this module

    try:
        async with AIService.from_env() as service:
            ready.set_result(service)
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
    except BaseException as error:  # whoever waits is told, whatever it was
        if not ready.done():
            ready.set_exception(error)
        else:
            raise
