"""One way to attempt: a request's row is opened, it is sent and settled, and one loop decides on another.

Text models reach it through `agents.asked_model`, image models through `agents.image`. Transport failures and answers
that were of no use are counted together.
"""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from pydantic_ai import ModelResponse
from pydantic_ai.exceptions import AgentRunError, ModelRequestTimeout, UnexpectedModelBehavior
from pydantic_ai.images import ImageGenerationResult

from agents.booking import note_failure, note_usage, opened_row
from agents.breaker import BreakerOpen
from agents.chain import Chain, ModelT, key_of
from agents.outcomes import (
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
from deps.call import Call
from models.attempt import Attempt, AttemptStatus

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
    model_key: str
    began_at: float
    """Seconds of the monotonic clock."""
    had_time: bool
    """Whether it was begun early enough: after a wait for the database little may be left for it."""


class Attempts(Generic[ModelT]):
    """The HTTP requests for one answer, at most `call.max_attempts`. Made anew for each question."""

    def __init__(self, call: Call, chain: Chain[ModelT], *, prompt_version: str) -> None:
        self.call = call
        self.chain = chain
        self.rows: list[Attempt] = []
        self._question = call.account.next_question()
        self._prompt_version = prompt_version
        self._sent: _Sent | None = None

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
        for one, UnexpectedModelBehavior where none is left.
        """
        if self.left <= 0:
            raise UnexpectedModelBehavior(f"all {self.call.max_attempts} attempts are used up")
        if not self.call.may_ask():
            raise DeadlineReached("the deadline leaves no time for a request")
        while True:
            model = self.chain.model_after(len(self.rows))
            try:
                return await self._attempt(model, request, request_bytes=request_bytes, inspect=inspect)
            except Exception as error:
                if not await self._waited_to_retry(error):
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
        model: ModelT,
        request: Callable[[ModelT], Awaitable[AnswerT]],
        *,
        request_bytes: int,
        inspect: Callable[[AnswerT], Inspection],
    ) -> AnswerT:
        await self._open(model, request_bytes)
        timeout_s = min(self.call.request_timeout_s, self.call.deadline.remaining_s())
        try:
            async with self.call.clock.timeout(timeout_s):
                answer = await request(model)
            raw_output, fault = inspect(answer)
            self._note(answer, raw_output)
            if fault is not None:
                raise fault
        except TimeoutError as error:
            raise self._failed(ModelRequestTimeout(model.model_name, timeout_s)) from error
        except UNREADABLE as error:
            unreadable = AnswerUnreadable(model.model_name, "the provider's success is no answer of its API")
            raise self._failed(unreadable) from error
        except BaseException as error:
            self._failed(error)
            raise
        return answer

    async def _open(self, model: ModelT, request_bytes: int) -> None:
        """Put the next request on the books. Raises BreakerOpen where the model is down."""
        call, key = self.call, key_of(model)
        self.chain.breakers.enter(key)
        row = opened_row(
            call,
            model,
            prices=self.chain.prices.current,
            place=(self._question, len(self.rows) + 1),
            prompt_version=self._prompt_version,
            request_bytes=request_bytes,
            max_output_tokens=self.max_output_tokens,
        )
        try:
            await call.ledger.open(row)
        except BaseException:
            self.chain.breakers.note(key, row)  # nothing was sent: another may go through
            raise
        self.rows.append(row)
        call.account.attempts.append(row)
        had_time = call.deadline.remaining_s() >= min(call.request_timeout_s, call.deadline.limit_s / 2)
        self._sent = _Sent(row, key, call.clock.monotonic(), had_time)

    def _note(self, answer: ModelResponse | ImageGenerationResult, raw_output: str) -> None:
        self._stop_clock()
        self.rows[-1].raw_output = raw_output
        note_usage(self.rows[-1], answer, self.chain.prices.current)

    def _failed(self, error: BaseException) -> BaseException:
        """Settle a request that raised. Return the error."""
        self._stop_clock()
        note_failure(self.rows[-1], error)
        status = status_of(error)
        if status == "cancelled" and self.call.deadline.remaining_s() <= 0:
            status = "timeout"  # it was the deadline that cancelled
        self._settle(status, error=describe(error))
        return error

    def _settle(self, status: AttemptStatus, *, error: str | None = None) -> None:
        sent, self._sent = self._sent, None
        assert sent is not None, "only a request that was sent is settled, and once"
        row = sent.row
        row.status = status
        row.error = redact(error) if error else None
        row.finished_at = self.call.now()
        self.chain.breakers.note(sent.model_key, row, had_time=sent.had_time)
        self.call.ledger.settle(row)

    def _stop_clock(self) -> None:
        if self._sent is not None and self._sent.row.latency_ms is None:
            self._sent.row.latency_ms = (self.call.clock.monotonic() - self._sent.began_at) * 1000

    async def _waited_to_retry(self, error: Exception) -> bool:
        """Return whether the question is asked again, after waiting as long as the provider or the backoff says.

        Another model may also serve where this one's account is refused. Full jitter over an exponential wait; a wait
        that the deadline would cut short is not begun. What no provider raised (the ledger refuses, a mistake in code)
        is not tried again.
        """
        has_other = self.chain.moves_on(len(self.rows))
        if isinstance(error, BreakerOpen | ParameterRefused) or (has_other and refuses_account(error)):
            return self.left > 0
        if not isinstance(error, AgentRunError) or status_of(error) not in RETRYABLE or self.left <= 0:
            return False
        wait_s = retry_after_s(error)
        if wait_s is None:
            wait_s = random.uniform(0, self.call.backoff_s * 2 ** (len(self.rows) - 1))
        if not self.call.may_ask(after_s=wait_s):
            return False
        await self.call.clock.sleep(wait_s)
        return True
