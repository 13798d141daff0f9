"""Ids of a host's own `ContextSource` go everywhere as they are written; bad ones are refused by name."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from ai_service import AIService, Brief, BusinessContext, CampaignContext, InvalidRequest, NotFound
from tests import serving
from tests.serving import BRIEF, Shop

server, stored, no_environment, shop = serving.server, serving.stored, serving.no_environment, serving.shop
ai = serving.ai


@dataclass(frozen=True)
class HostContexts:
    """A host with one business and one campaign, whose keys are compared as text."""

    business_id: str
    campaign_id: str

    async def get_business(self, business_id: str) -> BusinessContext | None:
        return BRIEF.business if business_id == self.business_id else None

    async def get_campaign(self, business_id: str, campaign_id: str) -> CampaignContext | None:
        return BRIEF.campaign if (business_id, campaign_id) == (self.business_id, self.campaign_id) else None


HOSTS = {
    "integers": HostContexts("42", "7"),
    "slugs": HostContexts("levain-et-fils", "automne_2026"),
    "ulids": HostContexts("01JDS2VXK5N5S7M6QWERTYAAAA", "01JDS2VXK5N5S7M6QWERTYBBBB"),
    "upper case": HostContexts("7C9E6679-7425-40DE-944B-E07FC1F90AE7", "7C9E6679-7425-40DE-944B-E07FC1F90AE8"),
    "hexadecimal": HostContexts("7c9e6679742540de944be07fc1f90ae7", "7c9e6679742540de944be07fc1f90ae8"),
    "one": HostContexts("b", "c"),
    "longest": HostContexts("é" * 64, "ü" * 64),
}


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
async def test_ids_of_a_host_are_taken_everywhere_as_they_are_written(shop: Shop, host: HostContexts) -> None:
    business_id, campaign_id = host.business_id, host.campaign_id
    async with AIService(shop.settings(model="sandbox"), context_source=host) as ai:
        await ai.set_budget(Decimal(5), business_id=business_id)
        await ai.set_budget(Decimal(5), business_id=business_id, campaign_id=campaign_id)
        strategy = await ai.generate_strategy(business_id, campaign_id)
        post = await ai.generate_content(business_id, campaign_id, 3)
        await ai.suggest_reply(business_id, "Bonjour", campaign_id=campaign_id)

        assert strategy.output.campaign_id == campaign_id
        assert (await ai.get_strategy(business_id, campaign_id)) == strategy.output
        saved = await ai.newest_content(business_id, campaign_id, 3)
        assert (saved.content_id, saved.business_id, saved.campaign_id) == (post.content_id, business_id, campaign_id)
        assert {row.business_id for row in await ai.attempts()} >= {business_id}
        assert [state.scope_id for state in await ai.budgets(business_id, campaign_id)] == [business_id, campaign_id]
        assert [line.key for line in await ai.costs("business", business_id=business_id)] == [business_id]
        assert [line.key for line in await ai.costs("campaign", campaign_id=campaign_id)] == [campaign_id]
        assert (await ai.delete_business(business_id)).content == 3


@pytest.mark.parametrize("business_id", ["", "   ", "a b", "a\0b", "a\nb", "a\u200bb", "x" * 65, "\ud800"])
async def test_an_id_that_is_none_is_refused_by_name(shop: Shop, ai: AIService, business_id: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        await ai.generate_content(business_id, shop.campaign_id, 3)
    if business_id.strip():  # blank is absence where an id is optional
        with pytest.raises(InvalidRequest):
            await ai.costs(business_id=business_id)

    assert [problem.field for problem in caught.value.problems] == ["business_id"]


async def test_an_id_that_nobody_has_is_not_found(shop: Shop, ai: AIService) -> None:
    with pytest.raises(NotFound, match="no business 'levain'"):
        await ai.generate_content("levain", shop.campaign_id, 3)


@pytest.mark.parametrize("key", ["user_id", "idempotency_key"])
async def test_a_key_that_no_database_takes_is_refused_by_name(shop: Shop, ai: AIService, key: str) -> None:
    ids: dict[str, Any] = {key: "u\0"}
    with pytest.raises(InvalidRequest) as caught:
        await ai.generate_strategy(shop.business_id, shop.campaign_id, **ids)

    assert [problem.field for problem in caught.value.problems] == [key]


async def test_a_name_that_no_database_takes_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"business\.name"):
        Brief.model_validate({**BRIEF.model_dump(), "business": {**BRIEF.business.model_dump(), "name": "Le\0vain"}})
