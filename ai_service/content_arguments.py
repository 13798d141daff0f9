"""The arguments of the functions that read, list and change saved content, as Pydantic models."""

from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field, JsonValue

from ai_service.ids import Key, StoredId
from models.base import Given, Output
from models.vocabulary import ContentState, Feature

_MAX_INTEGER = 2**31 - 1
"""The largest number that an INTEGER column of PostgreSQL holds."""


class StrategyReading(Given):
    """Arguments of `get_strategy`."""

    business_id: StoredId
    campaign_id: StoredId


class NewestReading(Given):
    """Arguments of `newest_content`."""

    business_id: StoredId
    campaign_id: StoredId
    day: int = Field(ge=1, le=_MAX_INTEGER)
    feature: Feature
    state: ContentState | None = None


class ContentListing(Given):
    """Arguments of `list_content`."""

    business_id: StoredId
    campaign_id: StoredId | None = None
    feature: Feature | None = None
    day: int | None = Field(default=None, ge=1, le=_MAX_INTEGER)
    state: ContentState | None = None
    after: str | None = Field(default=None, min_length=1, max_length=200)
    limit: int = Field(ge=1, le=200)


class ContentReading(Given):
    """Arguments of `get_content`."""

    business_id: StoredId
    content_id: UUID


class StateEdit(ContentReading):
    """Arguments of `set_state`."""

    state: ContentState
    revision: int = Field(ge=1, le=_MAX_INTEGER)
    user_id: Key | None = None


def _as_json(value: object) -> object:
    """Accept an output as it was returned."""
    return value.model_dump(mode="json") if isinstance(value, Output) else value


class TextEdit(ContentReading):
    """Arguments of `save_edit`."""

    output: Annotated[dict[str, JsonValue], BeforeValidator(_as_json), Field(min_length=1, max_length=50)]
    revision: int = Field(ge=1, le=_MAX_INTEGER)
    user_id: Key
