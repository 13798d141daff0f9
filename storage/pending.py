"""What waits to be written to `ai_logs`, and who waits for it."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from models.attempt import Attempt
from storage.log_rows import SETTLED_ROW, Values, opening, outcome, unsent

Answer = asyncio.Future[Exception | None]
"""What a waiting task is told: None when its rows are durable, else why they are not."""


@dataclass(eq=False, slots=True)
class Opening:
    """A row that a task waits for before it sends its request."""

    attempt: Attempt
    values: Values
    answer: Answer
    doubtful: bool = False
    """Whether it may stand already: the connection was lost over its commit."""


@dataclass(eq=False, slots=True)
class Flush:
    """A task that waits until so many settlements, counted from the first, are durable."""

    target: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class Batch:
    """What goes into one transaction."""

    rows: Sequence[Opening] = ()
    outcomes: Sequence[Values] = ()
    beat: bool = False
    """Whether the owner is to say that it lives."""

    def parts(self) -> "list[Batch]":
        """Return the same one by one."""
        beats = [Batch(beat=True)] if self.beat else []
        return [*(Batch(rows=[row]) for row in self.rows), *(Batch(outcomes=[item]) for item in self.outcomes), *beats]


@dataclass(kw_only=True)
class Pending:
    """Rows and settlements in the order they were handed over."""

    owner: str
    openings: deque[Opening] = field(default_factory=deque[Opening])
    settlements: deque[Values] = field(default_factory=deque[Values])
    _handed_over: int = 0
    _flushes: deque[Flush] = field(default_factory=deque[Flush])

    @property
    def unsettled(self) -> int:
        """How many rows have a settlement that is not written."""
        return len({tuple(values[name] for name in SETTLED_ROW) for values in self.settlements})

    def open(self, attempt: Attempt) -> Answer:
        """Add a row. Return its answer; to cancel that is to want the row no more."""
        answer = _answer()
        self.openings.append(Opening(attempt, opening(attempt, owner=self.owner), answer))
        return answer

    def settle(self, attempt: Attempt) -> None:
        """Add the outcome of a request, as it is now."""
        self.settlements.append(outcome(attempt))
        self._handed_over += 1

    def flush(self) -> Answer | None:
        """Return the answer that comes when all that was handed over is durable; None: it is."""
        if not self.settlements and not any(row.answer.cancelled() for row in self.openings):
            return None
        answer = _answer()
        self._flushes.append(Flush(self._handed_over, answer))
        return answer

    def batch(self, *, beat: bool) -> Batch:
        """Return all that waits. Rows that nobody waits for any more are dropped, or settled if they may stand."""
        for row in self.openings:
            if row.answer.cancelled() and row.doubtful:
                self._settle_unsent(row)
        self.openings = deque(row for row in self.openings if not row.answer.cancelled())
        return Batch(list(self.openings), list(self.settlements), beat)

    def done(self, batch: Batch, error: Exception | None) -> None:
        """Forget a batch, the first of what waits, and tell those who wait for it: it is written, or never will be."""
        for row in batch.rows:
            self.openings.popleft()
            if not row.answer.cancelled():
                row.answer.set_result(error)
            elif error is None:
                self._settle_unsent(row)
        for _ in batch.outcomes:
            self.settlements.popleft()
        durable = self._handed_over - len(self.settlements)
        while self._flushes and self._flushes[0].target <= durable:
            _tell(self._flushes.popleft().answer, None)

    def give_up(self, error: Exception) -> None:
        """Tell everybody that nothing more is written."""
        for waiting in (*self.openings, *self._flushes):
            _tell(waiting.answer, error)
        self.openings.clear()
        self._flushes.clear()

    def __str__(self) -> str:
        return f"{len(self.openings)} rows and {len(self.settlements)} settlements"

    def _settle_unsent(self, row: Opening) -> None:
        self.settle(unsent(row.attempt))
        for flush in self._flushes:
            # who flushes after a cancelled call wants its row settled too
            flush.target = self._handed_over


def _answer() -> Answer:
    return asyncio.get_running_loop().create_future()


def _tell(answer: Answer, error: Exception | None) -> None:
    if not answer.done():
        answer.set_result(error)
