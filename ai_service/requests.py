"""The arguments of each generating function, as Pydantic models: checked before anything is loaded or sent."""

from typing import Annotated, TypeVar

from pydantic import (
    AwareDatetime,
    BeforeValidator,
    Field,
    ValidationError,
    field_validator,
)

from ai_service.errors import InvalidRequest, problems_of
from ai_service.ids import HOSTS_IDS, Key, StoredId
from models.base import Given
from models.image import AspectRatio
from models.messaging import Channel, Turn
from models.vocabulary import ContentType, Network


def _any_case(value: object) -> object:
    """Accept `reel` for `Reel`."""
    return value.capitalize() if isinstance(value, str) and not isinstance(value, ContentType) else value


class CampaignRequest(Given):
    """What every function of a campaign takes."""

    business_id: StoredId
    """The business."""
    campaign_id: StoredId
    """One of its campaigns."""
    user_id: Key | None = None
    """Who asked, in the host's terms; for the books."""
    idempotency_key: Key | None = None
    """The same key and arguments give the stored answer without a request; keys belong to a business."""


class StrategyRequest(CampaignRequest):
    """Arguments of `generate_strategy`."""


class DayRequest(CampaignRequest):
    """What every function of a day takes."""

    day: int = Field(ge=1)
    """Day of the calendar, from 1."""


class ContentRequest(DayRequest):
    """Arguments of `generate_content`."""

    content_type: Annotated[ContentType | None, BeforeValidator(_any_case)] = None
    """The format; None: as planned."""
    networks: list[Network] = Field(default_factory=list[Network], max_length=len(Network))
    """Where it goes: the post is written for the first, a variant for each other one; empty: where it is planned."""
    tag_links: bool = False
    """Whether the links that are put in carry UTM parameters."""

    @field_validator("networks")
    @classmethod
    def _check_networks(cls, networks: list[Network]) -> list[Network]:
        if len(set(networks)) < len(networks):
            raise ValueError("a network stands there twice: name each once")
        return networks


class VideoRequest(DayRequest):
    """Arguments of `generate_video_script`."""

    duration_s: int = Field(default=30, ge=6, le=180)
    """Seconds the script takes to speak."""


class ImageRequest(DayRequest):
    """Arguments of `generate_image`."""

    aspect_ratio: AspectRatio | None = None
    """Width before height; None: what suits the day's format."""


class ReplyRequest(Given):
    """Arguments of `suggest_reply`."""

    business_id: StoredId
    """The business."""
    customer_message: str = Field(min_length=1, max_length=4000)
    """What the customer wrote."""
    campaign_id: StoredId | None = None
    """The campaign running now, where its facts may be used."""
    user_id: Key | None = None
    """Who asked, in the host's terms; for the books."""
    idempotency_key: Key | None = None
    """The same key and arguments give the stored answer without a request; keys belong to a business."""
    customer_id: Key | None = None
    """Who wrote, in the host's terms; for the books, never sent."""
    channel: Channel | None = None
    """Where the customer wrote."""
    last_customer_message_at: AwareDatetime | None = None
    """When the customer last wrote: some channels close 24 hours later."""
    thread: list[Turn] = Field(default_factory=list[Turn], max_length=50)
    """Earlier messages, oldest first."""


AnyRequest = StrategyRequest | ContentRequest | VideoRequest | ReplyRequest | ImageRequest


RequestT = TypeVar("RequestT", bound=Given)


def checked(kind: type[RequestT], *, hosts_ids: bool, **arguments: object) -> RequestT:
    """Return the arguments as a `kind`; with `hosts_ids` the ids of a host's own source keep their spelling.

    Raises InvalidRequest naming each field, its problem and the way out.
    """
    try:
        return kind.model_validate(arguments, context={HOSTS_IDS: hosts_ids})
    except ValidationError as error:
        raise InvalidRequest(problems_of(error)) from error
