"""Fills the ledger row of a request: its upper bound before sending, its usage and outcome afterwards."""

from decimal import Decimal

from opentelemetry import trace
from pydantic_ai import ModelResponse
from pydantic_ai.images import ImageGenerationModel, ImageGenerationResult
from pydantic_ai.models import Model
from pydantic_ai.usage import RequestUsage

from agents.outcomes import http_status_of, is_unbilled
from agents.prices import Cost, PriceList, stated_cost
from deps.call import Call
from models.attempt import Attempt
from models.rules.pack import RULE_PACK_VERSION

_MOST_TOKENS = 10_000_000
"""No model reads or writes as many in one request."""


def opened_row(
    call: Call,
    model: Model | ImageGenerationModel,
    *,
    prices: PriceList,
    place: tuple[int, int],
    prompt_version: str,
    request_bytes: int,
    max_output_tokens: int,
) -> Attempt:
    """Return the row of a request that is about to be sent, at its upper bound.

    A token is at least one byte, so the bytes bound the input; the token limit bounds the output. `place` is the
    number of the question and that of the attempt.
    """
    started_at = call.now()
    span = trace.get_current_span().get_span_context()
    return Attempt(
        request_id=call.request_id,
        question=place[0],
        attempt=place[1],
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
        cost_usd=prices.cost_of_tokens(
            provider=model.system,
            provider_url=model.base_url or "",
            model=model.model_name,
            input_tokens=request_bytes,
            output_tokens=max_output_tokens,
            at=started_at,
        ),
        cost_estimated=True,
        input_warnings=list(call.account.input_warnings),
        prompt_version=prompt_version,
        price_version=prices.version,
        rule_pack_version=RULE_PACK_VERSION,
        trace_id=f"{span.trace_id:032x}" if span.is_valid else None,
        span_id=f"{span.span_id:016x}" if span.is_valid else None,
    )


def note_usage(row: Attempt, answer: ModelResponse | ImageGenerationResult, prices: PriceList) -> None:
    """Note what an answer used. What it does not say, or what cannot be, stays at the upper bound, as an estimate."""
    row.http_status = 200
    usage, stated_usd = answer.usage, stated_cost(answer)
    is_counted = _is_plausible(usage) and (usage.input_tokens > 0 or usage.output_tokens > 0)
    if is_counted:
        _note_tokens(row, usage)
    cost = Cost(None, estimated=True)
    if stated_usd is not None:
        cost = Cost(stated_usd, estimated=False)
    elif is_counted and usage.input_tokens and usage.output_tokens:
        cost = prices.cost_of_answer(answer, asked=row.model)
    elif is_counted:
        cost = Cost(_bound_usd(row, answer, prices), estimated=True)
    if cost.usd is not None:
        row.cost_usd, row.cost_estimated = cost
        row.price_version = prices.version  # they may have been updated since it was sent
    usage.cost = row.cost_usd  # set, or the framework would work it out once more


def note_failure(row: Attempt, error: BaseException) -> None:
    """Note what a failed request cost: a refused one nothing, a lost one its upper bound."""
    row.http_status = http_status_of(error) or row.http_status
    if is_unbilled(error):
        row.input_tokens = row.output_tokens = 0
        row.cost_usd, row.cost_estimated = Decimal(0), False


def _is_plausible(usage: RequestUsage) -> bool:
    """Return whether an answer's counts can be: none is negative or beyond all models, and no part exceeds its whole.

    A provider that counts cached tokens beside the others says less than it bills.
    """
    cached, pictures = usage.cache_read_tokens + usage.cache_write_tokens, getattr(usage, "output_image_tokens", 0)
    counts = (
        *(usage.input_tokens, usage.cache_read_tokens, usage.cache_write_tokens),
        *(usage.output_tokens, usage.output_reasoning_tokens, pictures),
    )
    in_range = all(0 <= count <= _MOST_TOKENS for count in counts)
    return in_range and cached <= usage.input_tokens and pictures <= usage.output_tokens


def _note_tokens(row: Attempt, usage: RequestUsage) -> None:
    row.input_tokens = usage.input_tokens or row.input_tokens
    row.cached_input_tokens = usage.cache_read_tokens
    row.cache_write_tokens = usage.cache_write_tokens
    row.output_tokens = usage.output_tokens or row.output_tokens
    row.reasoning_tokens = usage.output_reasoning_tokens
    row.image_tokens = getattr(usage, "output_image_tokens", 0)


def _bound_usd(row: Attempt, answer: ModelResponse | ImageGenerationResult, prices: PriceList) -> Decimal | None:
    """Return the most that the row's tokens cost at the model asked for."""
    return prices.cost_of_tokens(
        provider=row.provider,
        provider_url=answer.provider_url or "",
        model=row.model,
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens,
        at=row.started_at,
    )
