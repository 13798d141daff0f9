"""What a call can cost at the most: all attempts of all its questions, at the dearest of its models."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from pydantic_ai.images import ImageGenerationModel
from pydantic_ai.models import Model

from agents.chain import Chain
from agents.prices import PriceList
from deps.call import Call

_FEEDBACK_BYTES = 4_000
"""What a second request adds besides the answer it complains of."""
_BYTES_PER_TOKEN = 6
"""An answer that is sent back grows by its escapes; a token is rarely more than four bytes of text."""


def worst_case_usd(
    call: Call, chain: Chain[Model] | Chain[ImageGenerationModel], *, prompts: Iterable[int], ceiling: Decimal | None
) -> Decimal | None:
    """Return the bound in USD of questions whose first requests have so many bytes each.

    A token is at least one byte, so bytes bound the input; the token limit, doubled for each attempt that it cut off,
    bounds the output; every earlier answer is sent back with the reasons against it. `ceiling` is the price in USD of
    a million tokens to assume of a model without a known one. None: a price is unknown, and there is no ceiling.
    """
    total = Decimal(0)
    for prompt_bytes in prompts:
        costs = [_question(call, model, prompt_bytes, chain.prices.current, ceiling) for model in chain.models]
        if any(cost is None for cost in costs):
            return None
        total += max(cost for cost in costs if cost is not None)
    return total


def _question(
    call: Call,
    model: Model | ImageGenerationModel,
    prompt_bytes: int,
    prices: PriceList,
    ceiling: Decimal | None,
) -> Decimal | None:
    total = Decimal(0)
    input_tokens = prompt_bytes
    for attempt in range(call.max_attempts):
        output_tokens = call.max_output_tokens * 2**attempt
        cost = _tokens(model, input_tokens, output_tokens, call.now(), prices, ceiling)
        if cost is None:
            return None
        total += cost
        input_tokens += output_tokens * _BYTES_PER_TOKEN + _FEEDBACK_BYTES
    return total


def _tokens(
    model: Model | ImageGenerationModel,
    input_tokens: int,
    output_tokens: int,
    at: datetime,
    prices: PriceList,
    ceiling: Decimal | None,
) -> Decimal | None:
    cost = prices.cost_of_tokens(
        provider=model.system,
        provider_url=model.base_url or "",
        model=model.model_name,
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        at=at,
    )
    if cost is None and ceiling is not None:
        return (input_tokens + output_tokens) * ceiling / 1_000_000
    return cost
