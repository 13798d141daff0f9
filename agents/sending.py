"""The only place that sends requests: it opens the ledger row, sends, settles, and decides whether to retry.

Text models reach it through `agents.asked_model`, image models through `agents.image`. Transport failures and answers
that were of no use are counted together.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from pydantic_ai import ModelResponse
from pydantic_ai.exceptions import AgentRunError, ModelRequestTimeout, UnexpectedModelBehavior
from pydantic_ai.images import ImageGenerationResult

from agents.booking import note_failure, note_usage, opened_row
from agents.chain import Chain, ModelT
from agents.evidence import verdict_of
from agents.outcomes import (
    OUTAGES,
    RETRYABLE,
    UNREADABLE,
    AnswerUnreadable,
    DeadlineReached,
    ParameterRefused,
    describe,
    reason_of,
    refuses_account,
    retry_after_s,
    status_of,
)
from agents.redact import redact
from agents.spending import put_on_the_books, wait_for_room
from agents.visitors import Turn, Visitor
from agents.waits import Waits
from deps.call import Call
from models.attempt import Attempt, AttemptStatus
from models.unaffordable import BudgetShort

AnswerT = TypeVar("AnswerT", ModelResponse, ImageGenerationResult)


class Inspection(NamedTuple):
    """What an answer is before anybody reads it."""

    raw_output: str
    """What the ledger keeps of it."""
    fault: Exception | None = None
    """Why it must not be read, although the provider sent it as a success."""


@dataclass(frozen=True)
class _Sent:
    """A request that is not settled."""

    row: Attempt
    began_at: float
    """Seconds of the monotonic clock."""


class Attempts(Generic[ModelT]):
    """The HTTP requests for one answer, at most `call.max_attempts`. Made anew for each question."""

    def __init__(self, call: Call, chain: Chain[ModelT], *, prompt_version: str) -> None:
        self.call = call
        self.chain = chain
        self.rows: list[Attempt] = []
        self._question = call.account.next_question()
        self._prompt_version = prompt_version
        self._sent: _Sent | None = None
        self._visitor = _visitor(call)
        self._waits = Waits(call.backoff_s)
        self._refused: set[str] = set()
        """The models that refuse the account, by key."""

    @property
    def left(self) -> int:
        """How many requests may still be sent."""
        return self.call.max_attempts - len(self.rows)

    @property
    def max_output_tokens(self) -> int:
        """The token limit of the next answer: doubled for each one that was cut off."""
        cut_off = sum(row.status == "truncated" for row in self.rows)
        return self.call.max_output_tokens * 2**cut_off

    async def send(
        self,
        request: Callable[[ModelT], Awaitable[AnswerT]],
        *,
        request_bytes: int,
        inspect: Callable[[AnswerT], Inspection],
    ) -> AnswerT:
        """Send requests until one is answered, or asking again can't help; the answer awaits its verdict.

        `request_bytes` bounds a request. Raises what the last one failed of, DeadlineReached where there is no time
        for one, GateClosed where there is none before the next probe of a model that is out, Unaffordable where a
        budget has no room for one, ConcurrencyLimitExceeded where too many calls wait, UnexpectedModelBehavior where no
        attempt is left.
        """
        if self.left <= 0:
            raise UnexpectedModelBehavior(f"all {self.call.max_attempts} attempts are used up")
        if not self.call.may_ask():
            raise DeadlineReached("the deadline leaves no time for a request")
        while True:
            sent = len(self.rows)
            try:
                return await self._attempt(request, request_bytes=request_bytes, inspect=inspect)
            except BudgetShort as short:
                await wait_for_room(self.call, short)
            except Exception as error:
                # what fails before a request is sent (the ledger refuses, a gate stays closed) is not tried again
                if len(self.rows) == sent or not await self._waited_to_retry(error):
                    self.call.account.retry_after_s = self.chain.comes_back_after_s()
                    raise

    def accept(self) -> None:
        """Settle the last answer: it is the one."""
        self._settle("ok")

    def refuse(self, reason: str) -> None:
        """Settle the last answer, where it awaits its verdict: it is asked for again."""
        if self._sent is not None:
            self._settle("invalid_output", error=reason)

    def give_up(self, error: BaseException) -> None:
        """Settle the last answer, where it awaits its verdict: nothing is asked any more."""
        if self._sent is None:
            return
        if isinstance(error, Exception):
            self._settle(status_of(error), error=reason_of(error))
        else:
            self._settle("cancelled")

    async def _attempt(
        self,
        request: Callable[[ModelT], Awaitable[AnswerT]],
        *,
        request_bytes: int,
        inspect: Callable[[AnswerT], Inspection],
    ) -> AnswerT:
        """Pass a gate, take a place, write its row and send it; gate and place are held no longer."""
        models = self.chain.in_order(len(self.rows), refused=self._refused)
        self._visitor.attempts_left = self.left
        refusable = not self.call.account.attempts
        async with self.chain.gates.turn(self._visitor, list(models), refusable=refusable) as turn:
            model = models[turn.gate.key]
            await self._open(model, request_bytes)
            turn.gate.begin(turn)
            return await self._answer(turn, model, request, inspect)

    async def _answer(
        self,
        turn: Turn,
        model: ModelT,
        request: Callable[[ModelT], Awaitable[AnswerT]],
        inspect: Callable[[AnswerT], Inspection],
    ) -> AnswerT:
        timeout_s = min(self.call.request_timeout_s, self.call.deadline.remaining_s())
        try:
            async with self.call.clock.timeout(timeout_s):
                answer = await request(model)
            raw_output, fault = inspect(answer)
            self._note(answer, raw_output)
            if fault is not None:
                raise fault
        except TimeoutError as error:
            raise self._failed(turn, ModelRequestTimeout(model.model_name, timeout_s)) from error
        except UNREADABLE as error:
            unreadable = AnswerUnreadable(model.model_name, "the provider's success is no answer of its API")
            raise self._failed(turn, unreadable) from error
        except BaseException as error:
            self._failed(turn, error)
            raise
        turn.verdict = "up"
        return answer

    async def _open(self, model: ModelT, request_bytes: int) -> None:
        """Write the row of the next request."""
        call = self.call
        if not call.may_ask():
            raise DeadlineReached("the wait for a place left no time for a request")
        row = opened_row(
            call,
            model,
            prices=self.chain.prices.current,
            place=(self._question, len(self.rows) + 1),
            prompt_version=self._prompt_version,
            request_bytes=request_bytes,
            max_output_tokens=self.max_output_tokens,
        )
        await put_on_the_books(call, row)
        self.rows.append(row)
        self._sent = _Sent(row, call.clock.monotonic())

    def _note(self, answer: ModelResponse | ImageGenerationResult, raw_output: str) -> None:
        self._stop_clock()
        self.rows[-1].raw_output = raw_output
        note_usage(self.rows[-1], answer, self.chain.prices.current)

    def _failed(self, turn: Turn, error: BaseException) -> BaseException:
        """Settle a request that raised, and say what it tells of its model. Return the error."""
        self._stop_clock()
        note_failure(self.rows[-1], error)
        status = status_of(error)
        if status == "cancelled" and self.call.deadline.remaining_s() <= 0:
            status = "timeout"  # it was the deadline that cancelled
        had_time = turn.began_at + self.call.request_timeout_s <= self.call.deadline.ends_at
        turn.verdict, turn.hold_s = verdict_of(error, had_time=had_time), retry_after_s(error)
        if refuses_account(error):
            self._refused.add(turn.gate.key)
        self._settle(status, error=describe(error))
        return error

    def _settle(self, status: AttemptStatus, *, error: str | None = None) -> None:
        sent, self._sent = self._sent, None
        assert sent is not None, "only a request that was sent is settled, and once"
        row = sent.row
        row.status = status
        row.error = redact(error) if error else None
        row.finished_at = self.call.now()
        self.call.ledger.settle(row)

    def _stop_clock(self) -> None:
        if self._sent is not None and self._sent.row.latency_ms is None:
            self._sent.row.latency_ms = (self.call.clock.monotonic() - self._sent.began_at) * 1000

    async def _waited_to_retry(self, error: Exception) -> bool:
        """Return whether the question is asked again. A lone failure is waited out here, an outage at the gate.

        Another model may also serve where this one's account is refused, and is not waited for. A wait that the
        deadline would cut short is not begun. What no provider raised (a mistake in code) is not tried again.
        """
        models = self.chain.in_order(len(self.rows), refused=self._refused)
        if self.left <= 0 or not models:
            return False
        if isinstance(error, ParameterRefused) or refuses_account(error):
            return True
        status = status_of(error)
        if not isinstance(error, AgentRunError) or status not in RETRYABLE:
            return False
        wait_s = 0.0
        if status in OUTAGES and len(models) == 1 and not self.chain.gates.gate(*models).is_closed:
            wait_s = self._waits.next_s()
        if not self.call.may_ask(after_s=wait_s):
            return False
        await self.call.clock.sleep(wait_s)
        return True


def _visitor(call: Call) -> Visitor:
    """Return a question as it comes to the gates."""
    deadline = call.deadline
    return Visitor(
        business_id=call.business_id,
        attempts_left=call.max_attempts,
        last_chance_at=deadline.ends_at - min(call.request_timeout_s, deadline.limit_s / 2),
        ends_at=deadline.ends_at - call.least_request_s,
    )
