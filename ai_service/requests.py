"""The arguments that all generating functions share, as Pydantic models: checked before anything is sent."""

from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import Field, StringConstraints, ValidationError

from ai_service.errors import InvalidRequest, problems_of
from ai_service.ids import HOSTS_IDS, Key, StoredId
from models.base import Given
from models.texts import every_text

_IDS = {"business_id", "campaign_id", "customer_id", "user_id", "idempotency_key"}


class CallRequest(Given):
    """The arguments that all generating functions share."""

    business_id: StoredId
    """The business."""
    user_id: Key | None = None
    """The user, in the host's terms; for the ledger."""
    idempotency_key: Key | None = None
    """The same key with the same arguments returns the stored answer. A key belongs to a business."""
    spend_at_most_usd: Decimal | None = Field(default=None, ge=0, le=1_000_000)
    """What all requests of the call may cost together, in USD; None: as much as the budgets allow."""

    @property
    def ids(self) -> dict[str, str]:
        """The given ids by name. They go into the ledger and are never sent to a model."""
        return self.model_dump(mode="json", include=_IDS, exclude_none=True)

    @property
    def texts(self) -> dict[str, str]:
        """The texts that are sent to a model, by path."""
        return dict(every_text(self.model_dump(mode="json", exclude={*_IDS, "spend_at_most_usd"})))


class CampaignRequest(CallRequest):
    """The arguments that all functions of a campaign share."""

    campaign_id: StoredId
    """One of its campaigns."""


class WishRequest(CallRequest):
    """The arguments of functions that a user of the host may tell what they wish."""

    instruction: Annotated[str, StringConstraints(min_length=1, max_length=500)] | None = None
    """A wish, e.g. `shorter, no emoji`: followed where the rules allow it. It grounds nothing."""


class DayRequest(CampaignRequest, WishRequest):
    """The arguments that all functions of a day share."""

    day: int = Field(ge=1)
    """Day of the calendar, from 1."""


RequestT = TypeVar("RequestT", bound=Given)


def checked(kind: type[RequestT], *, hosts_ids: bool, **arguments: object) -> RequestT:
    """Return the arguments as a `kind`. With `hosts_ids`, ids of a host's own source keep their spelling.

    Raises InvalidRequest with each field, its problem and the fix.
    """
    try:
        return kind.model_validate(arguments, context={HOSTS_IDS: hosts_ids})
    except ValidationError as error:
        raise InvalidRequest(problems_of(error)) from error
