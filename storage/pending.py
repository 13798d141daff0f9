"""The rows and settlements that wait to be written to `ai_logs`, and the tasks that wait for them."""

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from models.attempt import Attempt
from models.unaffordable import Unaffordable
from storage.log_rows import SETTLED_ROW, Values, opening, outcome, unsent
from storage.reservations import RequestKey, Reservation, Spender, spenders_of
from storage.rooms import Rooms

Answer = asyncio.Future[Exception | None]
"""The result for a waiting task: None when its rows are durable, else the error."""


@dataclass(eq=False, slots=True)
class Opening:
    """A row that a task waits for before it sends its request."""

    attempt: Attempt
    values: Values
    reservation: Reservation
    """What is reserved with it."""
    answer: Answer
    doubtful: bool = False
    """Whether it may be written already: the connection was lost during its commit."""
    holds: bool = False
    """Whether a budget applies to it: it holds a reservation once it is written."""
    refused: Unaffordable | None = None
    """Why it is not written: a budget has no room for it."""


@dataclass(eq=False, slots=True)
class Settlement:
    """The outcome of a request."""

    number: int
    """Counts the settlements, from 1."""
    values: Values
    spenders: tuple[Spender, ...]
    charged_usd: Decimal | None
    """What is booked; None: what was reserved."""
    holds: bool = False
    """Whether its row holds a reservation."""

    @property
    def row(self) -> RequestKey:
        """The key of its row."""
        return tuple(self.values[name] for name in SETTLED_ROW)


@dataclass(eq=False, slots=True)
class Flush:
    """A task that waits until the settlements up to the number `target` are durable."""

    target: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class Batch:
    """The content of one transaction: rows and settlements, or the owner's report that it is alive."""

    rows: Sequence[Opening] = ()
    settlements: Sequence[Settlement] = ()
    beat: bool = False

    def __len__(self) -> int:
        return len(self.rows) + len(self.settlements) + self.beat

    @property
    def is_one_statement(self) -> bool:
        """Whether one statement writes it, unless a budget applies to a row."""
        new = sum(not row.doubtful for row in self.rows)
        kinds = (new, len(self.rows) - new, len(self.settlements))
        holds = any(settlement.holds for settlement in self.settlements)
        return not self.beat and not holds and sum(map(bool, kinds)) == 1

    def parts(self) -> "Iterator[Batch]":
        """Yield a batch for each item."""
        yield from (Batch(rows=[row]) for row in self.rows)
        yield from (Batch(settlements=[settlement]) for settlement in self.settlements)


@dataclass(kw_only=True)
class Pending:
    """Rows and settlements in the order in which they came; several batches of them may be written at once."""

    owner: str
    rooms: Rooms = field(default_factory=Rooms)
    openings: deque[Opening] = field(default_factory=deque[Opening])
    settlements: deque[Settlement] = field(default_factory=deque[Settlement])
    _taken: set[Opening] = field(default_factory=set[Opening])
    _holding: set[RequestKey] = field(default_factory=set[RequestKey])
    """The rows that may hold a reservation: only their settlements look for one."""
    _rows_taken: set[RequestKey] = field(default_factory=set[RequestKey])
    """The rows whose settlements are being written: a later one of the same row waits for them."""
    _last: int = 0
    _unwritten: dict[int, None] = field(default_factory=dict[int, None])
    """The numbers of the settlements that are not durable, in order."""
    _flushes: deque[Flush] = field(default_factory=deque[Flush])

    @property
    def unsettled(self) -> int:
        """The number of rows with a settlement that is not written."""
        return len({settlement.row for settlement in self.settlements})

    def open(self, attempt: Attempt, bound_usd: Decimal | None) -> Answer:
        """Add a row that reserves its upper bound. Return its answer; a caller that gives up cancels the answer."""
        reservation = Reservation(
            request=(attempt.request_id, attempt.question, attempt.attempt),
            owner=self.owner,
            spenders=spenders_of(attempt.business_id, attempt.campaign_id),
            amount_usd=bound_usd,
            at=attempt.started_at,
        )
        answer = _answer()
        self.openings.append(Opening(attempt, opening(attempt, owner=self.owner), reservation, answer))
        return answer

    def settle(self, attempt: Attempt, charged_usd: Decimal | None) -> None:
        """Add the outcome of a request, as the attempt is now."""
        self._last += 1
        spenders = spenders_of(attempt.business_id, attempt.campaign_id)
        self.settlements.append(Settlement(self._last, outcome(attempt), spenders, charged_usd))
        self._unwritten[self._last] = None
        self.rooms.wake(("call", attempt.request_id))

    def flush(self) -> Answer | None:
        """Return the answer that comes when all settlements so far are durable; None: they are."""
        if not self._unwritten and not self._has_cancelled():
            return None
        answer = _answer()
        self._flushes.append(Flush(self._last, answer))
        return answer

    def take(self) -> Batch:
        """Return what waits. Rows without a waiting task are dropped, or settled where they may be written."""
        for row in self.openings:
            if row.answer.cancelled() and row.doubtful:
                self._settle_unsent(row)
        rows = [row for row in self.openings if not row.answer.cancelled()]
        settlements = [item for item in self.settlements if item.row not in self._rows_taken]
        self.settlements = deque(item for item in self.settlements if item.row in self._rows_taken)
        self.openings.clear()
        self._taken.update(rows)
        self._rows_taken.update(item.row for item in settlements)
        for item in settlements:
            item.holds = item.row in self._holding
        return Batch(rows, settlements)

    def put_back(self, batch: Batch) -> None:
        """Let a batch wait again: the database is away."""
        self._release(batch)
        self.openings.extendleft(reversed(batch.rows))
        self.settlements.extendleft(reversed(batch.settlements))

    def done(self, batch: Batch, error: Exception | None) -> None:
        """Answer the tasks of a batch: it is written, but for the refused rows, or it failed for good."""
        self._release(batch)
        for row in batch.rows:
            failure = error or row.refused
            if failure is None and row.holds:
                self._holding.add(row.reservation.request)
                self._wake(row.reservation.spenders)  # there may be room for one more
            if not row.answer.cancelled():
                row.answer.set_result(failure)
            elif failure is None:
                self._settle_unsent(row)
        for settlement in batch.settlements:
            del self._unwritten[settlement.number]
            self._holding.discard(settlement.row)
            if settlement.holds:
                self._wake(settlement.spenders)
        oldest = next(iter(self._unwritten), self._last + 1)
        while self._flushes and self._flushes[0].target < oldest and not self._has_cancelled():
            _tell(self._flushes.popleft().answer, None)

    def give_up(self, error: Exception) -> None:
        """Answer all waiting tasks with an error."""
        for waiting in (*self.openings, *self._flushes):
            _tell(waiting.answer, error)
        self.openings.clear()
        self._flushes.clear()

    def __len__(self) -> int:
        return len(self.openings) + len(self.settlements)

    def __str__(self) -> str:
        return f"{len(self.openings)} rows and {len(self.settlements)} settlements"

    def _release(self, batch: Batch) -> None:
        self._taken.difference_update(batch.rows)
        self._rows_taken.difference_update(item.row for item in batch.settlements)

    def _has_cancelled(self) -> bool:
        """Whether a row that nobody waits for may still be written, and then be settled."""
        return any(row.answer.cancelled() for row in (*self.openings, *self._taken))

    def _wake(self, spenders: tuple[Spender, ...]) -> None:
        for spender in spenders:
            self.rooms.wake(spender)

    def _settle_unsent(self, row: Opening) -> None:
        if row.doubtful:
            self._holding.add(row.reservation.request)
        self.settle(unsent(row.attempt), Decimal(0))
        for flush in self._flushes:
            # a flush after a cancelled call includes the settlement of its row
            flush.target = self._last


def _answer() -> Answer:
    return asyncio.get_running_loop().create_future()


def _tell(answer: Answer, error: Exception | None) -> None:
    if not answer.done():
        answer.set_result(error)
