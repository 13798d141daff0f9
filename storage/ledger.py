"""The ledger: a row in `ai_logs` for each HTTP request, durable before the request, settled after it."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from decimal import Decimal
from types import TracebackType
from typing import Self
from uuid import uuid4

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from models.attempt import Attempt
from models.unaffordable import BudgetShort, Unaffordable
from storage.failures import DatabaseAway, StorageError
from storage.log_writers import Failure, Writer, writers_on
from storage.open_rows import OpenRows
from storage.owners import BEAT_S, beat, close_lost, forget
from storage.patience import Wait
from storage.pending import Answer, Batch, Pending
from storage.posting import post
from storage.processes import this_process
from storage.refusals import LONGEST_WAIT_S, growing_waits, is_passing, no_answer_for, storage_error

_log = logging.getLogger(__name__)

_CLOSING_S = 5.0
"""How long closing retries while the database is away."""
_left: set[str] = set()
"""Ledgers of this process that closed while their database was away: the next ledger closes their rows."""


class SqlLedger:
    """Writes attempts to `ai_logs`. An async context manager.

    Everything that waits goes into one transaction (group commit); SQLite has one at a time, PostgreSQL a few. While
    the database is away, rows and settlements stay in memory and are retried after growing waits. Their number is
    bounded by the callers and the requests in flight.

    A row reserves its upper bound against the budgets that apply, a settlement books the cost instead, each in its own
    transaction. `unknown_price_usd_per_mtok` is assumed of a model without a price; None: no budget allows it.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        unknown_price_usd_per_mtok: Decimal | None = None,
        wait: Wait = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`wait` and `monotonic` are the clock, which a test can control."""
        self.owner = str(uuid4())
        """The value of `owner` in each row of this ledger."""
        self._process = this_process()
        self._writers = writers_on(engine)
        self._writing: dict[Writer, asyncio.Task[None]] = {}
        self._unknown_price = unknown_price_usd_per_mtok
        self._wait = wait
        self._monotonic = monotonic
        self._pending = Pending(owner=self.owner)
        self._open_rows = OpenRows()
        self._wake, self._tried = asyncio.Event(), asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self._beat_due = True
        self._asked_at: dict[Writer, float] = {}
        self._refusal: StorageError | None = None
        self._waits = growing_waits()
        self._pause: asyncio.Future[None] | None = None

    @property
    def refusal(self) -> StorageError | None:
        """Why nothing can be written now; None: the database accepts rows."""
        if self._refusal is None and self._asked_at:
            return no_answer_for(self._monotonic() - min(self._asked_at.values()))
        return self._refusal

    async def __aenter__(self) -> Self:
        """Start to write, and try once to close what dead processes left open."""
        self._task = asyncio.create_task(self._write_for_all(), name="ledger")
        try:
            await self._tried.wait()
        except asyncio.CancelledError:
            self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what waits; retry for a few seconds while the database is away.

        What is not written by then is logged. Its rows stay open until another ledger closes them as `lost`.
        """
        assert self._task is not None
        await self._open_rows.wait()
        self._close()
        await asyncio.shield(self._task)

    async def open(self, attempt: Attempt) -> None:
        """Write the row of a request about to be sent; durable on return. Waits while the database is away.

        When cancelled, the row may be written; it is then settled as `cancelled`, at no cost. `refusal_behind` of the
        error tells whether the caller's time ran out because of the database, here and in `flush`.

        Raises:
            Unaffordable: A budget does not allow it. Nothing is written or reserved.
            StorageError: The row cannot be written: send nothing.
        """
        self._running_task()
        await self._written(self._pending.open(attempt, self.charged_usd(attempt)))
        self._open_rows.opened(attempt)

    def settle(self, attempt: Attempt) -> None:
        """Pass on the outcome of an opened request, as it is now. Never waits, so a cancelled task can call it."""
        if self._task is None or self._task.done():
            _log.error("a settlement came after the ledger was closed, its row stays open: %s", attempt.request_id)
        self._pending.settle(attempt, self.charged_usd(attempt))
        self._open_rows.settled(attempt)
        self._wake.set()

    async def flush(self) -> None:
        """Wait until every settlement so far is durable. Set a deadline: the database may be away for long.

        Raises:
            StorageError: The ledger was closed before the settlements were written.
        """
        answer = self._pending.flush()
        if answer is not None:
            self._running_task()
            await self._written(answer)

    def charged_usd(self, attempt: Attempt) -> Decimal | None:
        """Return what budgets are charged for a request: its cost, or what is assumed of it; None: unknown."""
        if attempt.cost_usd is not None or self._unknown_price is None:
            return attempt.cost_usd
        return (attempt.input_tokens + attempt.output_tokens) * self._unknown_price / 1_000_000

    async def room(self, short: BudgetShort) -> None:
        """Wait until it is this task's turn to try again where there was no room; set a limit."""
        await self._pending.rooms.wait((short.scope, short.scope_id))

    async def _written(self, answer: Answer) -> None:
        self._wake.set()
        try:
            error = await answer
        except asyncio.CancelledError as cancelled:
            cancelled.__cause__ = self.refusal
            raise
        if isinstance(error, Unaffordable):
            raise error
        if error is not None:
            raise storage_error(error) from error

    def _running_task(self) -> asyncio.Task[None]:
        if self._task is None or self._task.done():
            raise DatabaseAway("the ledger is closed: call it inside its `async with` block")
        return self._task

    def _close(self) -> None:
        self._closing = True
        self._wake.set()
        if self._pause is not None:
            self._pause.cancel()

    async def _write_for_all(self) -> None:
        self._tick()
        try:
            while not self._closing:
                try:
                    await self._rest()
                except asyncio.CancelledError:
                    # the event loop ends and cancels all tasks: write what waits all the same
                    self._closing = True
                else:
                    self._begin()
            await asyncio.gather(*self._writing.values())
            await self._write_the_rest()
            if self._refusal is None:
                await self._writers[0].transact(self._leave)
                await self._write_the_rest()  # outcomes of requests that were cancelled meanwhile
            else:
                _left.add(self.owner)
        finally:
            self._timer.cancel()
            self._tried.set()
            await asyncio.gather(*(writer.close() for writer in self._writers))
            self._give_up(self._refusal or DatabaseAway("the ledger was closed"))

    async def _write_the_rest(self) -> None:
        waits, waited_s = growing_waits(), 0.0
        while self._pending:
            if self._refusal is not None:
                wait_s = next(waits)
                waited_s += wait_s
                # not for rows alone: a request whose row fails is simply not sent
                if waited_s > _CLOSING_S or not self._pending.settlements:
                    return
                await self._wait(wait_s)
            batch = self._pending.take()
            if not batch:
                self._pending.done(batch, None)
                return
            await self._write(self._writers[0], batch)

    def _leave(self, connection: Connection) -> None:
        close_lost(connection, [self.owner])
        forget(connection, [self.owner])

    def _tick(self) -> None:
        self._beat_due = True
        self._wake.set()
        self._timer = asyncio.get_running_loop().call_later(BEAT_S, self._tick)

    async def _rest(self) -> None:
        """Wait until there may be something to write; while the database is away, until the next retry."""
        if self._refusal is None or self._writing:
            await self._wake.wait()
            self._wake.clear()
        if self._refusal is None or self._writing or self._closing:
            return
        wait_s = next(self._waits)
        if wait_s < LONGEST_WAIT_S:
            _log.warning("%s wait for %.1f s: %s", self._pending, wait_s, self._refusal)
        self._pause = asyncio.ensure_future(self._wait(wait_s))
        try:
            await asyncio.wait({self._pause})
        finally:
            self._pause.cancel()

    def _begin(self) -> None:
        """Begin to write what waits, where a writer is free; while the database is away, only one tries."""
        for writer in self._writers:
            if not self._pending and not self._beat_due:
                return
            if self._refusal is not None and self._writing:
                return
            if writer not in self._writing:
                batch = Batch(beat=True) if self._beat_due else self._pending.take()
                if not batch:
                    self._pending.done(batch, None)
                    return
                self._beat_due = False
                self._writing[writer] = asyncio.create_task(self._write_and_go_on(writer, batch), name="ledger batch")

    async def _write_and_go_on(self, writer: Writer, batch: Batch) -> None:
        try:
            await self._write(writer, batch)
        except asyncio.CancelledError:
            pass  # the event loop ends: `_write_for_all` writes the batch again
        finally:
            del self._writing[writer]
            self._tried.set()
            self._wake.set()

    async def _write(self, writer: Writer, batch: Batch) -> None:
        """Write a batch in one transaction; one by one where an item is at fault and not the database."""
        left = deque([batch])
        while left:
            batch = left.popleft()
            try:
                failure = await self._transact(writer, batch)
            except asyncio.CancelledError:
                self._put_back([batch, *left], doubtful=True)
                raise
            if failure is None:
                self._accepted(batch, None)
            elif is_passing(failure.error):
                self._refusal = storage_error(failure.error)
                self._refusal.__cause__ = failure.error
                self._put_back([batch, *left], doubtful=failure.uncertain)
                return
            elif len(batch) > 1:
                left.extend(batch.parts())
            else:
                self._accepted(batch, failure.error)

    async def _transact(self, writer: Writer, batch: Batch) -> Failure | None:
        self._asked_at[writer] = self._monotonic()
        try:
            return await (writer.transact(self._beat) if batch.beat else post(writer, batch))
        finally:
            del self._asked_at[writer]

    def _beat(self, connection: Connection) -> None:
        beat(connection, self.owner, self._process, left=_left)

    def _accepted(self, batch: Batch, error: Exception | None) -> None:
        """Answer a batch that is written, or whose only item failed for good."""
        if self._refusal is not None:
            _log.warning("the database accepts rows again")
            self._refusal, self._waits = None, growing_waits()
        if error is not None and not batch.rows:
            _log.error("a write was refused and is not retried: %s", storage_error(error))
        self._pending.done(batch, error)

    def _put_back(self, batches: Sequence[Batch], *, doubtful: bool) -> None:
        """Let batches wait again; `doubtful`: the first of them may be written already."""
        for row in batches[0].rows:
            row.doubtful = row.doubtful or doubtful
        for batch in reversed(batches):
            self._pending.put_back(batch)
            self._beat_due = self._beat_due or batch.beat

    def _give_up(self, error: Exception) -> None:
        if rows := self._pending.unsettled:
            _log.error("%d rows stay open until another ledger closes them as lost: %s", rows, error)
        self._pending.give_up(error)
