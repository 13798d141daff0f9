"""One attempt: the ledger's record of one HTTP request. Its fields are the columns of `ai_logs`."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal, get_args

from models.vocabulary import Feature

AttemptStatus = Literal[
    "sent",
    "ok",
    "empty",
    "invalid_output",
    "truncated",
    "timeout",
    "rate_limited",
    "server_error",
    "connection",
    "rejected",
    "quota",
    "content_filter",
    "cancelled",
    "lost",
]
"""`sent` while the request is open; all others are final."""

StatusFilter = AttemptStatus | Literal["failed"]
"""What a reader of the ledger looks for; `failed` is each final status but `ok`."""

STATUSES: tuple[AttemptStatus, ...] = get_args(AttemptStatus)


@dataclass(kw_only=True, slots=True)
class Attempt:
    """One HTTP request to a provider, from before it is sent until it is settled."""

    request_id: str
    """UUID of the call; all attempts of a call share it."""
    question: int
    """0, 1, … within the call."""
    attempt: int
    """1, 2, … within the question."""
    feature: Feature
    provider: str
    model: str
    started_at: datetime
    """UTC, aware."""
    business_id: str
    campaign_id: str | None = None
    content_id: str | None = None
    user_id: str | None = None
    customer_id: str | None = None
    idempotency_key: str | None = None
    status: AttemptStatus = "sent"
    http_status: int | None = None
    input_tokens: int = 0
    """All input tokens, cached ones included."""
    cached_input_tokens: int = 0
    cache_write_tokens: int = 0
    output_tokens: int = 0
    """All output tokens, reasoning and image tokens included."""
    reasoning_tokens: int = 0
    image_tokens: int = 0
    cost_usd: Decimal | None = None
    """None if the price is unknown; never 0."""
    cost_estimated: bool = False
    """Whether the cost is an upper bound: the provider reported no usage, or a service tier without a known price."""
    latency_ms: float | None = None
    error: str | None = None
    """Why it failed, in short, without key, prompt or tenant data."""
    raw_output: str | None = None
    """The answer, redacted; an image as its hash."""
    repairs: list[str] = field(default_factory=list[str])
    """The changes that made the JSON valid."""
    input_warnings: list[str] = field(default_factory=list[str])
    """Suspected attacks in the input."""
    prompt_version: str | None = None
    price_version: str | None = None
    rule_pack_version: str | None = None
    trace_id: str | None = None
    span_id: str | None = None
    finished_at: datetime | None = None
