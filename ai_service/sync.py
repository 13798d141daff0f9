"""`AIService` for synchronous hosts: the same methods, each waiting for its answer. Usable from several threads.

The generating functions are here too, on a default service of the process that is opened from the environment on first
use. The calls of a service run on one event loop in a thread of its own. Where a server forks (gunicorn, Celery), open
a service in each process after the fork.
"""

import os
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, wait
from contextlib import ExitStack
from functools import cache, partial, wraps
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar
from weakref import WeakSet

from anyio.from_thread import BlockingPortal, start_blocking_portal

from ai_service import service
from ai_service.default import Json, OutputT, signature_on_default
from ai_service.errors import ConfigurationError
from ai_service.result import AIResult
from ai_service.settings import Settings
from ai_service.sync_sources import (
    ContextsInThreads,
    ContextSource as ContextSource,
    CredentialsInThreads,
    CredentialSource as CredentialSource,
)

ArgsP = ParamSpec("ArgsP")
AnswerT = TypeVar("AnswerT")


_open_services: WeakSet["AIService"] = WeakSet()
_default_services: dict[int, "AIService"] = {}
"""By process: a fork has a copy of what its parent opened, and none of its threads."""
_default_lock = threading.Lock()


def _waiting(
    method: Callable[Concatenate[service.AIService, ArgsP], Awaitable[AnswerT]],
) -> Callable[Concatenate["AIService", ArgsP], AnswerT]:
    """Return the method that waits for the answer of an asynchronous one."""

    @wraps(method)
    def waiting(self: "AIService", /, *args: ArgsP.args, **kwargs: ArgsP.kwargs) -> AnswerT:
        return self._wait(partial(method, self._service, *args, **kwargs))  # pyright: ignore[reportPrivateUsage]

    return waiting


class AIService:
    """A service that a synchronous host keeps open: `with AIService.from_env() as ai: ai.generate_content(...)`.

    Its methods, results and errors are those of `ai_service.AIService`. All threads of a process may share one.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        context_source: ContextSource | None = None,
        credential_source: CredentialSource | None = None,
    ) -> None:
        """Take the settings; nothing is opened before `open` or `with`."""
        self._service = service.AIService(
            settings,
            context_source=None if context_source is None else ContextsInThreads(context_source),
            credential_source=None if credential_source is None else CredentialsInThreads(credential_source),
        )
        self._lock = threading.Lock()
        self._running: set[Future[Any]] = set()  # Any: answers of all types
        self._stack = ExitStack()
        self._portal: BlockingPortal | None = None
        self._process = os.getpid()

    @classmethod
    def from_env(
        cls,
        *,
        model: str | None = None,
        image_model: str | None = None,
        database_url: str | None = None,
        context_source: ContextSource | None = None,
        credential_source: CredentialSource | None = None,
    ) -> Self:
        """Return a service with the settings of the environment; what is passed here wins over them.

        Raises ConfigurationError where neither a model nor a key is set, and there is no `credential_source`.
        """
        settings = Settings.from_env(model=model, image_model=image_model, database_url=database_url)
        if credential_source is None:
            settings.check_text_models()
        return cls(settings, context_source=context_source, credential_source=credential_source)

    generate_strategy = _waiting(service.AIService.generate_strategy)
    generate_content = _waiting(service.AIService.generate_content)
    generate_video_script = _waiting(service.AIService.generate_video_script)
    suggest_reply = _waiting(service.AIService.suggest_reply)
    generate_image = _waiting(service.AIService.generate_image)
    add_brief = _waiting(service.AIService.add_brief)
    get_strategy = _waiting(service.AIService.get_strategy)
    get_content = _waiting(service.AIService.get_content)
    list_content = _waiting(service.AIService.list_content)
    newest_content = _waiting(service.AIService.newest_content)
    content_history = _waiting(service.AIService.content_history)
    save_edit = _waiting(service.AIService.save_edit)
    set_state = _waiting(service.AIService.set_state)
    set_budget = _waiting(service.AIService.set_budget)
    budgets = _waiting(service.AIService.budgets)
    attempts = _waiting(service.AIService.attempts)
    costs = _waiting(service.AIService.costs)
    delete_before = _waiting(service.AIService.delete_before)
    anonymise_before = _waiting(service.AIService.anonymise_before)
    delete_business = _waiting(service.AIService.delete_business)
    add_business = _waiting(service.AIService.add_business)
    add_campaign = _waiting(service.AIService.add_campaign)
    delete_campaign = _waiting(service.AIService.delete_campaign)
    delete_customer = _waiting(service.AIService.delete_customer)
    get_business = _waiting(service.AIService.get_business)
    get_campaign = _waiting(service.AIService.get_campaign)
    list_businesses = _waiting(service.AIService.list_businesses)
    list_campaigns = _waiting(service.AIService.list_campaigns)
    update_business = _waiting(service.AIService.update_business)
    update_campaign = _waiting(service.AIService.update_campaign)
    ready = _waiting(service.AIService.ready)

    def open(self) -> Self:
        """Start the event loop and open the service; it is closed when the process ends, if not before.

        Raises ConfigurationError or StorageUnavailable.
        """
        with self._lock, ExitStack() as stack:
            if self._portal is not None:
                raise ConfigurationError("the service is open already: open it once, and share it between threads")
            portal = stack.enter_context(start_blocking_portal(name="ai_service"))
            stack.enter_context(portal.wrap_async_context_manager(self._service))
            self._stack, self._portal, self._process = stack.pop_all(), portal, os.getpid()
            _open_services.add(self)
        _close_at_the_end()
        return self

    def close(self) -> None:
        """Wait for the calls that are running, write what the ledger still holds, and stop the event loop."""
        _open_services.discard(self)
        with self._lock:
            self._portal, running = None, [*self._running]
        if self._process == os.getpid():
            wait(running)
            self._stack.close()

    def __enter__(self) -> Self:
        """Open the service."""
        return self.open()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def _wait(self, call: Callable[[], Awaitable[AnswerT]]) -> AnswerT:
        """Run a call on the event loop; what interrupts the waiting thread cancels it."""
        future = self._start(call)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def _start(self, call: Callable[[], Awaitable[AnswerT]]) -> Future[AnswerT]:
        with self._lock:
            if self._portal is None:
                raise ConfigurationError("the service is not open: use it inside `with AIService.from_env() as ai:`")
            if self._process != os.getpid():
                raise ConfigurationError("the service was opened in another process: open one after the fork")
            try:
                future = self._portal.start_task_soon(call)
            except RuntimeError as error:
                raise ConfigurationError(
                    "the service was called on its own event loop: await an ai_service.AIService there"
                ) from error
            self._running.add(future)
        future.add_done_callback(self._running.discard)
        return future


def _on_default(
    method: Callable[Concatenate[AIService, ArgsP], AIResult[OutputT]],
) -> Callable[ArgsP, Json]:
    """Return a function that calls the method on the default service and returns its output as a dict."""

    @wraps(method)
    def function(*args: ArgsP.args, **kwargs: ArgsP.kwargs) -> Json:
        return method(_default_service(), *args, **kwargs).output.model_dump(mode="json")

    function.__dict__["__signature__"] = signature_on_default(method)
    return function


def _default_service() -> AIService:
    """Return the service of this process. If opening it failed, the next call tries again."""
    with _default_lock:
        process = os.getpid()
        if process not in _default_services:
            _default_services[process] = AIService.from_env().open()
        return _default_services[process]


generate_strategy = _on_default(AIService.generate_strategy)
generate_content = _on_default(AIService.generate_content)
generate_video_script = _on_default(AIService.generate_video_script)
suggest_reply = _on_default(AIService.suggest_reply)
generate_image = _on_default(AIService.generate_image)


@cache
def _close_at_the_end() -> None:
    """Have what is left open closed before the interpreter shuts down.

    `atexit` is too late: by then no thread is started any more, and the database's own threads are waited for. Called
    once a service is open: what is registered later than the thread pools' own hook runs before it.
    """
    # nothing public runs so early
    threading._register_atexit(_close_left_open)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


def _close_left_open() -> None:
    for left_open in [*_open_services]:
        left_open.close()
