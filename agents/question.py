"""One question to a provider: its attempts, their rows in the ledger, and whether there is another one.

The one owner of retries. Text models reach it through the framework's `FallbackModel` (`agents.attempts`), image
models directly (`agents.image`).
"""

import asyncio
import random
from decimal import Decimal
from time import perf_counter

from opentelemetry import trace
from pydantic_ai.exceptions import AgentRunError
from pydantic_ai.images import ImageGenerationModel
from pydantic_ai.models import Model
from pydantic_ai.usage import RequestUsage

from agents.breaker import BreakerOpen, Breakers
from agents.chain import key_of
from agents.outcomes import (
    RETRYABLE,
    describe,
    http_status_of,
    is_unbilled,
    refuses_account,
    retry_after_s,
    status_of,
)
from agents.price_list import price_version
from agents.prices import Cost, cost_of_tokens
from agents.redact import redact
from deps.call import Call
from models.attempt import Attempt, AttemptStatus
from models.rules.pack import RULE_PACK_VERSION


class Question:
    """At most `call.max_attempts` HTTP requests for one answer."""

    def __init__(self, call: Call, *, prompt_version: str, breakers: Breakers) -> None:
        self.call = call
        self._breakers = breakers
        self._keys: dict[int, str] = {}
        self.number = call.next_question()
        self.attempts: list[Attempt] = []
        self._prompt_version = prompt_version
        self._started: dict[int, float] = {}
        self._had_time: dict[int, bool] = {}
        """Whether an attempt was begun early enough: after a wait for the database little may be left for it."""

    @property
    def attempts_left(self) -> int:
        """How many requests may still be sent."""
        return self.call.max_attempts - len(self.attempts)

    @property
    def max_output_tokens(self) -> int:
        """The token limit of the next answer: doubled for each one that was cut off."""
        cut_off = sum(row.status == "truncated" for row in self.attempts)
        return self.call.max_output_tokens * 2**cut_off

    @property
    def request_timeout_s(self) -> float:
        """Seconds the next request may take: its own limit, or what the deadline leaves."""
        return min(self.call.request_timeout_s, self.call.deadline.remaining_s())

    async def open(self, model: Model | ImageGenerationModel, *, request_bytes: int) -> Attempt:
        """Put the next request on the books, at its upper bound, before it is sent.

        A token is at least one byte, so the bytes bound the input; the token limit bounds the output. Raises
        BreakerOpen where the model is known to be down.
        """
        call = self.call
        self._breakers.enter(key_of(model))
        started_at = call.now()
        max_output_tokens = self.max_output_tokens
        bound = cost_of_tokens(
            provider=model.system,
            provider_url=model.base_url or "",
            model=model.model_name,
            input_tokens=request_bytes,
            output_tokens=max_output_tokens,
            at=started_at,
        )
        span = trace.get_current_span().get_span_context()
        attempt = Attempt(
            request_id=call.request_id,
            question=self.number,
            attempt=len(self.attempts) + 1,
            feature=call.feature,
            provider=model.system,
            model=model.model_name,
            started_at=started_at,
            business_id=call.business_id,
            campaign_id=call.campaign_id,
            content_id=call.content_id,
            user_id=call.user_id,
            customer_id=call.customer_id,
            idempotency_key=call.idempotency_key,
            input_tokens=request_bytes,
            output_tokens=max_output_tokens,
            cost_usd=bound,
            cost_estimated=True,
            input_warnings=list(call.input_warnings),
            prompt_version=self._prompt_version,
            price_version=price_version(),
            rule_pack_version=RULE_PACK_VERSION,
            trace_id=f"{span.trace_id:032x}" if span.is_valid else None,
            span_id=f"{span.span_id:016x}" if span.is_valid else None,
        )
        try:
            await call.ledger.open(attempt)
        except BaseException:
            self._breakers.note(key_of(model), attempt)  # nothing was sent: another may go through
            raise
        self.attempts.append(attempt)
        call.attempts.append(attempt)
        self._keys[attempt.attempt] = key_of(model)
        self._started[attempt.attempt] = perf_counter()
        fair_s = min(call.request_timeout_s, call.limit_s / 2)
        self._had_time[attempt.attempt] = self.request_timeout_s >= fair_s
        return attempt

    def answered(self, attempt: Attempt, usage: RequestUsage, *, cost: Cost, raw_output: str) -> None:
        """Note what an answer used. Without usage in it the upper bound stays, as an estimate."""
        self._stop_clock(attempt)
        attempt.http_status = 200
        attempt.raw_output = raw_output
        if not (usage.input_tokens or usage.output_tokens):
            return
        attempt.input_tokens = usage.input_tokens
        attempt.cached_input_tokens = usage.cache_read_tokens
        attempt.cache_write_tokens = usage.cache_write_tokens
        attempt.output_tokens = usage.output_tokens
        attempt.reasoning_tokens = usage.output_reasoning_tokens
        attempt.image_tokens = getattr(usage, "output_image_tokens", 0)
        attempt.cost_usd, attempt.cost_estimated = cost
        attempt.price_version = price_version()  # they may have been updated since it was sent

    def failed(self, attempt: Attempt, error: BaseException) -> None:
        """Settle a request that raised: refused ones cost nothing, lost ones their upper bound."""
        self._stop_clock(attempt)
        attempt.http_status = http_status_of(error) or attempt.http_status
        if is_unbilled(error):
            attempt.input_tokens = attempt.output_tokens = 0
            attempt.cost_usd, attempt.cost_estimated = Decimal(0), False
        status = status_of(error)
        if status == "cancelled" and self.call.deadline.remaining_s() <= 0:
            status = "timeout"  # it was the deadline that cancelled
        self.settle(attempt, status, error=describe(error))

    def settle(self, attempt: Attempt, status: AttemptStatus, *, error: str | None = None) -> None:
        """Close a row with its final status."""
        attempt.status = status
        attempt.error = redact(error) if error else None
        attempt.finished_at = self.call.now()
        self._breakers.note(self._keys[attempt.attempt], attempt, had_time=self._had_time[attempt.attempt])
        self.call.ledger.settle(attempt)

    def settle_open(self) -> None:
        """Close what an exception outside a request left open."""
        for attempt in self.attempts:
            if attempt.status == "sent":
                self._stop_clock(attempt)
                self.settle(attempt, "cancelled")

    async def wait_to_retry(self, error: Exception, *, has_other: bool) -> bool:
        """Return whether the question is asked again, after waiting as long as the provider or the backoff says.

        `has_other`: the next attempt is another model's, which may also serve where this one's account is refused.
        Full jitter over an exponential wait; a wait that the deadline would cut short is not begun. What no provider
        raised (the ledger refuses, a mistake in code) is not tried again.
        """
        if isinstance(error, BreakerOpen) or (has_other and refuses_account(error)):
            return self.attempts_left > 0
        if not isinstance(error, AgentRunError) or status_of(error) not in RETRYABLE or self.attempts_left <= 0:
            return False
        wait_s = retry_after_s(error)
        if wait_s is None:
            wait_s = random.uniform(0, self.call.backoff_s * 2 ** (len(self.attempts) - 1))
        if not self.call.may_ask(after_s=wait_s):
            return False
        await asyncio.sleep(wait_s)
        return True

    def _stop_clock(self, attempt: Attempt) -> None:
        if attempt.latency_ms is None:
            attempt.latency_ms = (perf_counter() - self._started[attempt.attempt]) * 1000
