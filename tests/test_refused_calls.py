"""A call while the database refuses: it fails with the refusal, and sends nothing."""

import pytest

from ai_service import Feature, StorageUnavailable
from tests import serving
from tests.provider.reactions import Sampled
from tests.serving import Shop
from tests.storage_homes import SqliteHome

server, stored, no_environment, shop = serving.server, serving.stored, serving.no_environment, serving.shop


@pytest.mark.parametrize("feature", list(Feature))
async def test_a_call_that_waits_for_a_locked_database_fails_with_its_refusal_and_sends_nothing(
    shop: Shop, feature: Feature
) -> None:
    shop.server.script(lambda request: serving.planned(request) if feature is Feature.STRATEGY else Sampled())
    async with shop.open() as ai:
        await shop.ask(ai, feature)  # word lists and models are loaded once: that may take longer than the deadline
    sent = len(shop.server.requests)

    async with shop.open(deadline_s=0.6) as ai, SqliteHome(shop.database).locked():
        with pytest.raises(StorageUnavailable, match="no answer of the database"):
            await shop.ask(ai, feature)

    assert len(shop.server.requests) == sent
