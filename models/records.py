"""Records read from the database: saved content, cost lines, budgets."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import JsonValue

from models.brief import BusinessContext, CampaignContext
from models.vocabulary import ContentState, ContentType, Feature, Violation


@dataclass(frozen=True, kw_only=True, slots=True)
class BriefIds:
    """The ids of a stored brief."""

    business_id: str
    campaign_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedBusiness:
    """A business, as stored."""

    business_id: str
    business: BusinessContext
    revision: int
    """Number of changes, from 1; pass it back to change it."""
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedCampaign:
    """A campaign of a business, as stored."""

    business_id: str
    campaign_id: str
    campaign: CampaignContext
    revision: int
    """Number of changes, from 1; pass it back to change it."""
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedContent:
    """Generated content, as saved."""

    content_id: str
    business_id: str
    campaign_id: str | None
    feature: Feature
    day: int | None
    """Day of the calendar; None for calendars and replies."""
    content_type: ContentType | None
    state: ContentState
    revision: int
    """Number of changes, from 1; pass it back to change the state."""
    output: dict[str, JsonValue]
    """The output as JSON, in the feature's result type; where a person edited it, with the person's text."""
    generated: dict[str, JsonValue] | None = None
    """The output as it was generated, where a person edited it; None: nobody did."""
    request_id: str
    """Key of its rows in `ai_logs`."""
    model: str
    sandbox: bool
    """Whether the sandbox wrote it."""
    prompt_version: str
    notes: list[str]
    """The notes that the caller received with it."""
    customer_id: str | None = None
    """The customer of a reply."""
    user_id: str | None = None
    """Who changed it last, or asked for it."""
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedEdit:
    """A person's text, as saved."""

    content: SavedContent
    flags: list[Violation]
    """All rules that the text breaks, hard ones too: it is saved all the same, and a person decides."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ContentChange:
    """One change of saved content: of its state, or by an edit."""

    revision: int
    """The revision that it led to."""
    was: ContentState
    """The state before."""
    state: ContentState
    """The state after."""
    edited: bool
    """Whether a person changed the text."""
    user_id: str | None
    """Who changed it."""
    changed_at: datetime


CostGroup = Literal["business", "campaign", "feature", "model", "day", "user"]


@dataclass(frozen=True, kw_only=True, slots=True)
class CostLine:
    """One line of a cost report."""

    key: str
    """The group: an id, a feature, `provider:model`, a date or a user; `-` if there is none."""
    business_id: str | None = None
    """The business of a line of one business or one campaign; None where a line may be of several."""
    requests: int
    failed_requests: int
    """Requests whose answer was not used."""
    input_tokens: int
    output_tokens: int
    cost_usd: Decimal
    """Sum of the known costs."""
    waste_usd: Decimal
    """The part of `cost_usd` spent on failed requests."""
    unpriced_requests: int
    """Requests without a known price, not included in `cost_usd`."""


BudgetScope = Literal["business", "campaign"]
BudgetPeriod = Literal["month", "total"]
"""A month is a calendar month in UTC."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BudgetState:
    """A budget and its use."""

    business_id: str
    """The business, also of a campaign's budget."""
    scope: BudgetScope
    scope_id: str
    """Id of the business or the campaign."""
    period: BudgetPeriod
    limit_usd: Decimal
    spent_usd: Decimal
    """Cost of the settled requests of the period."""
    reserved_usd: Decimal
    """Upper bound of the open requests."""

    @property
    def left_usd(self) -> Decimal:
        """The amount that can still be reserved, at least 0."""
        return max(Decimal(0), self.limit_usd - self.spent_usd - self.reserved_usd)


@dataclass(frozen=True, kw_only=True, slots=True)
class Removal:
    """The number of rows of each kind that were deleted or anonymised."""

    attempts: int
    """Rows of `ai_logs`."""
    content: int
