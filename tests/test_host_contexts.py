"""A host's `ContextSource` that returns or raises what it should not."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from ai_service import (
    AIService,
    AIServiceError,
    BusinessContext,
    ConfigurationError,
    InvalidRequest,
    NotFound,
    StorageUnavailable,
)
from tests import serving
from tests.serving import BRIEF, Shop

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop = serving.shop


@dataclass
class Host:
    """A source whose business is what a function returns."""

    # Any: a host returns what it likes
    business: Callable[[], Any]

    async def get_business(self, business_id: str) -> Any:
        return self.business()

    async def get_campaign(self, business_id: str, campaign_id: str) -> Any:
        return {"name": "Automne", "goal": "", "start_date": "2026-12-01"}


class Synchronous:
    def get_business(self, business_id: str) -> BusinessContext:
        return BRIEF.business


def raising(error: Exception) -> Callable[[], Any]:
    def business() -> Any:
        raise error

    return business


async def test_the_fields_as_a_dict_are_taken_as_well(shop: Shop) -> None:
    fields = {"name": "Levain", "industry": "bakery", "tone": "warm", "languages": ["FR"], "audience": ""}

    async with AIService(shop.settings(model="sandbox"), context_source=Host(lambda: fields)) as ai:
        result = await ai.generate_content(shop.business_id, shop.campaign_id, 3)

    assert result.output.caption


WRONG: list[tuple[Callable[[], Any], type[AIServiceError], str]] = [
    (lambda: {"name": "Levain"}, ConfigurationError, r"should return a BusinessContext or None: industry: is missing"),
    (lambda: ("Levain", "bakery"), ConfigurationError, r"should return a BusinessContext or None: \(whole\): "),
    (lambda: BRIEF, ConfigurationError, r"should return a BusinessContext or None: \(whole\): .*pass its fields"),
    (lambda: BusinessContext(name="", industry="x", tone="x", languages=["fr"]), ConfigurationError, "name: is empty"),
    (raising(KeyError("row")), ConfigurationError, "raised KeyError: correct it, or return None"),
    (raising(ConnectionResetError("gone")), StorageUnavailable, "raised ConnectionResetError: try again when"),
    (raising(OperationalError("SELECT", {}, Exception())), StorageUnavailable, "raised OperationalError: try again"),
    (raising(NotFound("no such shop")), NotFound, "no such shop"),
]


async def test_what_a_source_should_not_return_or_raise_is_an_error_that_names_the_method(shop: Shop) -> None:
    for business, kind, message in WRONG:
        async with AIService(shop.settings(), context_source=Host(business)) as ai:
            with pytest.raises(AIServiceError, match=message) as caught:
                await ai.suggest_reply("b", "Bonjour")

        assert type(caught.value) is kind
        assert kind is NotFound or str(caught.value).startswith("get_business of your ContextSource ")
    assert shop.server.requests == []


# Any: what type checkers refuse
@pytest.mark.parametrize(
    ("source", "message"),
    [(Synchronous(), "can't be awaited: write it with `async def`"), (object(), "raised AttributeError: correct it")],
)
async def test_a_source_of_another_shape_is_refused(shop: Shop, source: Any, message: str) -> None:
    async with AIService(shop.settings(), context_source=source) as ai:
        with pytest.raises(ConfigurationError, match=f"get_business of your ContextSource {message}"):
            await ai.suggest_reply("b", "Bonjour")


async def test_a_brief_stored_by_a_version_that_took_more_is_an_error_that_names_the_field(shop: Shop) -> None:
    with closing(sqlite3.connect(shop.database)) as books:
        books.execute("""UPDATE ai_businesses SET context = replace(context, '"FR"', '"QQ"')""")
        books.commit()

    async with shop.open() as ai:
        with pytest.raises(InvalidRequest, match=r"business\.country: 'QQ' is no country's code"):
            await ai.suggest_reply(shop.business_id, "Bonjour")
