"""What is read back from the tables: saved content, and lines of the books."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import JsonValue

from models.vocabulary import ContentState, ContentType, Feature


@dataclass(frozen=True, kw_only=True, slots=True)
class BriefIds:
    """The keys of a stored brief."""

    business_id: str
    campaign_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedContent:
    """Something generated, as saved."""

    content_id: str
    business_id: str
    campaign_id: str | None
    feature: Feature
    day: int | None
    """Day of the calendar; None for a calendar itself and for replies."""
    content_type: ContentType | None
    state: ContentState
    revision: int
    """Counts the changes, from 1; pass it back when changing the state."""
    output: dict[str, JsonValue]
    """The output as JSON, of the feature's result type."""
    request_id: str
    """Key of its rows in `ai_logs`."""
    model: str
    sandbox: bool
    """Whether the sandbox wrote it."""
    prompt_version: str
    created_at: datetime
    updated_at: datetime


CostGroup = Literal["business", "campaign", "feature", "model", "day", "user"]


@dataclass(frozen=True, kw_only=True, slots=True)
class CostLine:
    """One line of the books."""

    key: str
    """What the line is for: an id, a feature, `provider:model`, a date or a user; `-` where there is none."""
    requests: int
    failed_requests: int
    """Requests whose answer was not used."""
    input_tokens: int
    output_tokens: int
    cost_usd: Decimal
    """Sum of the known costs."""
    waste_usd: Decimal
    """The part of it that failed requests cost."""
    unpriced_requests: int
    """Requests without a known price; they are not in `cost_usd`."""
