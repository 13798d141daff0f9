"""The rows and settlements that wait to be written to `ai_logs`, and the tasks that wait for them."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from models.attempt import Attempt
from storage.log_rows import SETTLED_ROW, Values, opening, outcome, unsent

Answer = asyncio.Future[Exception | None]
"""The result for a waiting task: None when its rows are durable, else the error."""


@dataclass(eq=False, slots=True)
class Opening:
    """A row that a task waits for before it sends its request."""

    attempt: Attempt
    values: Values
    answer: Answer
    doubtful: bool = False
    """Whether it may be written already: the connection was lost during its commit."""


@dataclass(eq=False, slots=True)
class Flush:
    """A task that waits until the first `target` settlements are durable."""

    target: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class Batch:
    """The content of one transaction."""

    rows: Sequence[Opening] = ()
    outcomes: Sequence[Values] = ()
    beat: bool = False
    """Whether the owner reports that it is alive."""

    @property
    def is_one_statement(self) -> bool:
        """Whether it is written by one statement."""
        new = sum(not row.doubtful for row in self.rows)
        kinds = (new, len(self.rows) - new, len(self.outcomes))
        return not self.beat and sum(map(bool, kinds)) == 1

    def parts(self) -> "list[Batch]":
        """Return a batch for each item."""
        beats = [Batch(beat=True)] if self.beat else []
        return [*(Batch(rows=[row]) for row in self.rows), *(Batch(outcomes=[item]) for item in self.outcomes), *beats]


@dataclass(kw_only=True)
class Pending:
    """Rows and settlements in the order in which they came."""

    owner: str
    openings: deque[Opening] = field(default_factory=deque[Opening])
    settlements: deque[Values] = field(default_factory=deque[Values])
    _handed_over: int = 0
    _flushes: deque[Flush] = field(default_factory=deque[Flush])

    @property
    def unsettled(self) -> int:
        """The number of rows with a settlement that is not written."""
        return len({tuple(values[name] for name in SETTLED_ROW) for values in self.settlements})

    def open(self, attempt: Attempt) -> Answer:
        """Add a row and return its answer; a caller that gives up cancels the answer."""
        answer = _answer()
        self.openings.append(Opening(attempt, opening(attempt, owner=self.owner), answer))
        return answer

    def settle(self, attempt: Attempt) -> None:
        """Add the outcome of a request, as the attempt is now."""
        self.settlements.append(outcome(attempt))
        self._handed_over += 1

    def flush(self) -> Answer | None:
        """Return the answer that comes when all settlements so far are durable; None: they are."""
        if not self.settlements and not any(row.answer.cancelled() for row in self.openings):
            return None
        answer = _answer()
        self._flushes.append(Flush(self._handed_over, answer))
        return answer

    def batch(self, *, beat: bool) -> Batch:
        """Return all that waits. Rows without a waiting task are dropped, or settled where they may be written."""
        for row in self.openings:
            if row.answer.cancelled() and row.doubtful:
                self._settle_unsent(row)
        self.openings = deque(row for row in self.openings if not row.answer.cancelled())
        return Batch(list(self.openings), list(self.settlements), beat)

    def done(self, batch: Batch, error: Exception | None) -> None:
        """Remove the batch last returned, and answer its tasks: it is written, or failed for good."""
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
        """Answer all waiting tasks with an error."""
        for waiting in (*self.openings, *self._flushes):
            _tell(waiting.answer, error)
        self.openings.clear()
        self._flushes.clear()

    def __str__(self) -> str:
        return f"{len(self.openings)} rows and {len(self.settlements)} settlements"

    def _settle_unsent(self, row: Opening) -> None:
        self.settle(unsent(row.attempt))
        for flush in self._flushes:
            # a flush after a cancelled call includes the settlement of its row
            flush.target = self._handed_over


def _answer() -> Answer:
    return asyncio.get_running_loop().create_future()


def _tell(answer: Answer, error: Exception | None) -> None:
    if not answer.done():
        answer.set_result(error)
