"""No function gives, changes or counts what belongs to another business, also where two share a campaign's id."""

import sqlite3
from contextlib import closing
from decimal import Decimal
from inspect import Parameter

import pytest

from ai_service import AIService, BudgetExceeded, BusinessContext, CampaignContext, Feature, NotFound
from tests import serving
from tests.provider.received import value_at
from tests.serving import BRIEF, Shop
from tests.tenant_calls import FUNCTIONS, OPERATORS, OTHERS, TAKING_IDS, arguments_with

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop, ai = serving.shop, serving.ai

HARMLESS = {"user_id", "business_id"}
"""Ids that belong to nobody's rows, and the tenant itself."""


def test_every_id_that_a_function_takes_is_known_here() -> None:
    ids = {argument for taken in FUNCTIONS.values() for argument in taken if argument.endswith("_id")}

    assert ids == OTHERS | HARMLESS
    assert len(TAKING_IDS) >= 10


@pytest.mark.parametrize("name", sorted({*TAKING_IDS} - OPERATORS))
def test_what_takes_an_id_takes_the_business_first(name: str) -> None:
    first = next(iter(FUNCTIONS[name].values()))

    assert (first.name, first.default) == ("business_id", Parameter.empty)


@pytest.mark.parametrize("name", sorted(OPERATORS))
def test_an_operators_function_says_what_it_is_about_without_a_business(name: str) -> None:
    assert FUNCTIONS[name]["business_id"].default is None


@pytest.mark.parametrize("name", TAKING_IDS)
async def test_another_business_finds_changes_and_counts_nothing(shop: Shop, ai: AIService, name: str) -> None:
    message = "Vous ouvrez quand ?"
    reply = await ai.suggest_reply(shop.business_id, message, campaign_id=shop.campaign_id, customer_id="c_7")
    stranger = await ai.add_brief(BRIEF)
    theirs = {
        "business_id": stranger.business_id,
        "campaign_id": shop.campaign_id,
        "content_id": reply.content_id,
        "request_id": reply.request_id,
        "customer_id": "c_7",
    }
    arguments = arguments_with(name, theirs)
    before, sent = contents(shop), len(shop.server.requests)

    if name in OPERATORS - {"set_budget"}:
        assert await getattr(ai, name)(**arguments) == []
    else:
        with pytest.raises(NotFound):
            await getattr(ai, name)(**arguments)

    assert contents(shop) == before
    assert len(shop.server.requests) == sent


def contents(shop: Shop) -> dict[str, list[object]]:
    """Return all rows of all tables but that of the open services, whose reports change."""
    with closing(sqlite3.connect(shop.database)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in {*names} - {"ai_owners"}}


class Franchise:
    """A host whose businesses share one campaign."""

    async def get_business(self, business_id: str) -> BusinessContext | None:
        named = {**BRIEF.business.model_dump(), "name": f"Shop {business_id}"}
        return BusinessContext.model_validate(named)

    async def get_campaign(self, business_id: str, campaign_id: str) -> CampaignContext | None:
        return BRIEF.campaign


async def test_two_businesses_that_share_a_campaign_see_their_own_alone(shop: Shop) -> None:
    shop.server.script(serving.planned)
    async with AIService(shop.settings(), context_source=Franchise()) as ai:
        calendars = {north: await ai.generate_strategy(north, "spring") for north in ("north", "south")}
        shop.server.script(lambda request: serving.answered(request, caption="Au nord, du pain."))
        north = await ai.generate_content("north", "spring", 3, idempotency_key="k")
        shop.server.script(lambda request: serving.answered(request, caption="Au sud, des tartes."))
        south = await ai.generate_content("south", "spring", 4, idempotency_key="k")

        asked = shop.server.requests[-1].document
        assert value_at(asked, "business", "name") == "Shop south"
        assert value_at(asked, "task", "openings_nearby") is None
        assert (await ai.newest_content("north", "spring", 3)).content_id == north.content_id
        with pytest.raises(NotFound):
            await ai.newest_content("south", "spring", 3)
        assert await ai.get_strategy("north", "spring") == calendars["north"].output
        lines = await ai.costs("campaign")
        assert {(line.business_id, line.key) for line in lines} >= {("north", "spring"), ("south", "spring")}
        assert {row.business_id for row in await ai.attempts(business_id="south")} == {"south"}

        await ai.set_budget(Decimal(0), business_id="north", campaign_id="spring")
        with pytest.raises(BudgetExceeded):
            await ai.generate_content("north", "spring", 3)
        await ai.generate_content("south", "spring", 3)
        assert [state.business_id for state in await ai.budgets()] == ["north"]
        assert await ai.budgets("south", "spring") == []

        await ai.delete_business("north")
        assert (await ai.newest_content("south", "spring", 4)).content_id == south.content_id
        assert {row.feature for row in await ai.attempts(limit=100)} >= {Feature.STRATEGY, Feature.CONTENT}
        assert await ai.budgets() == []
