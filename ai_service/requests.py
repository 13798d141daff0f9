"""The arguments of public methods, as Pydantic models: checked before anything is loaded or sent."""

from decimal import Decimal
from typing import Annotated, Self, TypeVar
from uuid import UUID

from pydantic import Field, StringConstraints, ValidationError, model_validator

from ai_service.errors import InvalidRequest, problems_of
from models.base import Given
from models.records import BudgetPeriod
from models.strategy import CALENDAR_DAYS
from models.texts import every_text
from models.vocabulary import ContentState, Feature

Id = UUID | str
Key = Annotated[str, StringConstraints(min_length=1, max_length=200)]


_IDS = {"business_id", "campaign_id", "customer_id", "user_id", "idempotency_key"}


class CallRequest(Given):
    """What every generating function takes."""

    business_id: UUID
    """The business."""
    user_id: Key | None = None
    """Who asked, in the host's terms; for the books."""
    idempotency_key: Key | None = None
    """The same key and arguments give the stored answer without a request; keys belong to a business."""

    @property
    def ids(self) -> dict[str, str]:
        """The ids that are given, by name: they go on the books and are never sent."""
        return self.model_dump(mode="json", include=_IDS, exclude_none=True)

    @property
    def texts(self) -> dict[str, str]:
        """The texts that are sent, by path."""
        return dict(every_text(self.model_dump(mode="json", exclude=_IDS)))


class CampaignRequest(CallRequest):
    """What every function of a campaign takes."""

    campaign_id: UUID
    """One of its campaigns."""


class DayRequest(CampaignRequest):
    """What every function of a day takes."""

    day: int = Field(ge=1, le=CALENDAR_DAYS)
    """Day of the calendar, from 1."""


class BudgetRequest(Given):
    """Arguments of `set_budget`."""

    business_id: UUID | None = None
    """The business; either it or a campaign."""
    campaign_id: UUID | None = None
    """The campaign."""
    limit_usd: Decimal | None = Field(default=None, ge=0, le=1_000_000)
    """USD; None removes the budget."""
    period: BudgetPeriod = "month"
    """A calendar month in UTC, or all time."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.business_id is None) == (self.campaign_id is None):
            raise ValueError("a budget is of a business or of a campaign: pass one of the two ids")
        return self


class ContentReading(Given):
    """Arguments of `get_content`."""

    campaign_id: UUID
    day: int = Field(ge=1, le=CALENDAR_DAYS)
    feature: Feature


class StateRequest(Given):
    """Arguments of `set_state`."""

    content_id: UUID
    state: ContentState
    revision: int = Field(ge=1)


RequestT = TypeVar("RequestT", bound=Given)


def checked(kind: type[RequestT], **arguments: object) -> RequestT:
    """Return the arguments as a `kind`. Raises InvalidRequest naming each field, its problem and the way out."""
    try:
        return kind.model_validate(arguments)
    except ValidationError as error:
        raise InvalidRequest(problems_of(error)) from error
