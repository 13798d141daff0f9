"""What is read back from the tables: saved content, lines of the books, budgets."""

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
    notes: list[str]
    """What the caller was told with it, in plain words."""
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


BudgetScope = Literal["business", "campaign"]
BudgetPeriod = Literal["month", "total"]
"""A month is one of the calendar, in UTC."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BudgetState:
    """A budget, and how much of it is taken."""

    scope: BudgetScope
    scope_id: str
    """Id of the business or the campaign."""
    period: BudgetPeriod
    limit_usd: Decimal
    spent_usd: Decimal
    """What settled calls cost in the period."""
    reserved_usd: Decimal
    """The worst case of the calls under way."""

    @property
    def left_usd(self) -> Decimal:
        """What another call can reserve, at least 0."""
        return max(Decimal(0), self.limit_usd - self.spent_usd - self.reserved_usd)


@dataclass(frozen=True, kw_only=True, slots=True)
class Removal:
    """How many rows of each kind were deleted or made anonymous."""

    attempts: int
    """Rows of `ai_logs`."""
    content: int
