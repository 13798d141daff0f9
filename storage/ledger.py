"""The ledger: a row in `ai_logs` for each HTTP request, durable before it is sent, settled after it."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import NamedTuple, Self
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncEngine

from models.attempt import Attempt
from storage.attempts import Values, opening, outcome, unsent
from storage.engine import reason_of
from storage.errors import StorageError
from storage.writer import AttemptWriter, is_refusal

_FIRST_WAIT_S = 0.1
_LONGEST_WAIT_S = 5.0

_log = logging.getLogger(__name__)

_Answer = asyncio.Future[Exception | None]
"""What a waiting task is told: None when its rows are durable, else why they are not."""


class _Opening(NamedTuple):
    """A row that a task waits for before it sends its request."""

    values: Values
    answer: _Answer


class _Flush(NamedTuple):
    """A task that waits until so many settlements, counted from the first, are durable."""

    target: int
    answer: _Answer


class SqlLedger:
    """Writes attempts to `ai_logs`. To be used as an async context manager.

    One task writes for all: whatever waits when it comes by goes into one transaction (group commit). Settlements
    that the database refuses are kept in memory and tried again, after growing waits, until they are written.
    """

    def __init__(self, engine: AsyncEngine, *, wait: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self.owner = str(uuid4())
        """Stands in each row of this ledger."""
        self._writer = AttemptWriter(engine)
        self._wait = wait
        self._openings: deque[_Opening] = deque()
        self._settlements: deque[Values] = deque()
        self._handed_over = 0
        self._flushes: deque[_Flush] = deque()
        self._wake = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None
        self._reminder: asyncio.Task[None] | None = None
        self._wait_s = _FIRST_WAIT_S

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._write_for_all(), name="ledger")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what waits. What the database then refuses is lost, and logged."""
        assert self._task is not None
        self._closing = True
        self._wake.set()
        await asyncio.shield(self._task)

    async def open(self, attempt: Attempt) -> None:
        """Write the row of a request about to be sent; durable on return.

        When cancelled, the row may stand all the same; it is then settled as `cancelled`, at no cost.

        Raises:
            StorageError: The row could not be written: send nothing.
        """
        self._running_task()
        answer: _Answer = asyncio.get_running_loop().create_future()
        self._openings.append(_Opening(opening(attempt, owner=self.owner), answer))
        self._wake.set()
        try:
            _raise(await answer)
        except asyncio.CancelledError:
            self.settle(unsent(attempt))
            raise

    def settle(self, attempt: Attempt) -> None:
        """Hand over the outcome of an opened request, as it is now. Never waits, so a cancelled task can call it."""
        if self._task is None or self._task.done():
            _log.error("a settlement came after the ledger was closed, the row stays open: %s", attempt.request_id)
        self._settlements.append(outcome(attempt))
        self._handed_over += 1
        if self._reminder is None:
            self._wake.set()

    async def flush(self) -> None:
        """Wait until everything handed over is durable. It may be long in coming: set a deadline.

        Raises:
            StorageError: The ledger was closed before the database took it.
        """
        if self._settlements:
            self._running_task()
            answer: _Answer = asyncio.get_running_loop().create_future()
            self._flushes.append(_Flush(self._handed_over, answer))
            _raise(await answer)

    def _running_task(self) -> asyncio.Task[None]:
        if self._task is None or self._task.done():
            raise StorageError("the ledger is closed: call it inside its `async with` block")
        return self._task

    async def _write_for_all(self) -> None:
        refusal: Exception | None = None
        try:
            while not self._closing or (refusal is None and (self._openings or self._settlements)):
                await self._wake.wait()
                self._wake.clear()
                refusal = await self._write_what_waits()
                self._remind(refusal)
        finally:
            self._remind(None)
            await self._writer.close()
            self._give_up(refusal or StorageError("the ledger was closed"))

    async def _write_what_waits(self) -> Exception | None:
        """Return why the database refuses, if it does."""
        openings, settlements = list(self._openings), list(self._settlements)
        error = await self._commit(openings, settlements)
        if error is not None and not is_refusal(error):
            return await self._write_one_by_one(openings, settlements)
        self._opened(len(openings), error)
        if error is None:
            self._settled(len(settlements))
        return error

    async def _write_one_by_one(self, openings: list[_Opening], settlements: list[Values]) -> Exception | None:
        """Keep a row that no database would take from harming the others."""
        for row in openings:
            self._opened(1, await self._commit([row], []))
        for values in settlements:
            error = await self._commit([], [values])
            if error is not None and is_refusal(error):
                return error
            if error is not None:
                _log.error("a settlement can't be stored, its row stays open: %s", reason_of(error))
            self._settled(1)
        return None

    async def _commit(self, openings: list[_Opening], settlements: list[Values]) -> Exception | None:
        rows = [row.values for row in openings if not row.answer.done()]
        if not rows and not settlements:
            return None
        return await self._writer.write(rows, settlements)

    def _opened(self, count: int, error: Exception | None) -> None:
        for _ in range(count):
            _tell(self._openings.popleft().answer, error)

    def _settled(self, count: int) -> None:
        for _ in range(count):
            self._settlements.popleft()
        durable = self._handed_over - len(self._settlements)
        while self._flushes and self._flushes[0].target <= durable:
            _tell(self._flushes.popleft().answer, None)

    def _remind(self, refusal: Exception | None) -> None:
        """See to it that refused settlements are tried again even when nothing else is written."""
        if refusal is None:
            self._wait_s = _FIRST_WAIT_S
            if self._reminder is not None:
                self._reminder.cancel()
                self._reminder = None
        elif self._settlements and self._reminder is None:
            _log.warning("%d settlements wait for %.1f s: %s", len(self._settlements), self._wait_s, reason_of(refusal))
            self._reminder = asyncio.create_task(self._wake_after(self._wait_s), name="ledger reminder")
            self._wait_s = min(2 * self._wait_s, _LONGEST_WAIT_S)

    async def _wake_after(self, wait_s: float) -> None:
        await self._wait(wait_s)
        self._reminder = None
        self._wake.set()

    def _give_up(self, error: Exception) -> None:
        self._opened(len(self._openings), error)
        for flush in self._flushes:
            _tell(flush.answer, error)
        if self._settlements:
            _log.error("%d settlements are lost, their rows stay open: %s", len(self._settlements), reason_of(error))


def _tell(answer: _Answer, error: Exception | None) -> None:
    if not answer.done():
        answer.set_result(error)


def _raise(error: Exception | None) -> None:
    if error is not None:
        raise StorageError(reason_of(error)) from error
