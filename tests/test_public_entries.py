"""Whatever a host passes to a public function, it gets an answer or one of the package's errors."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from pydantic import BaseModel

from ai_service import (
    AIService,
    AIServiceError,
    BusinessContext,
    CampaignContext,
    InvalidRequest,
    Network,
    Offer,
    Settings,
    check,
)
from tests import serving
from tests.serving import BRIEF, Shop

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop = serving.shop


class Unreadable:
    """An iterable that can't be iterated over."""

    def __iter__(self) -> Iterator[object]:
        raise OSError("not read")


def breaking() -> Iterator[str]:
    """Yield once, then fail."""
    yield "instagram"
    raise LookupError("gone")


FAR = timezone(timedelta(hours=14))
EDGES: list[Any] = [
    *(date.min, date.max, datetime.min, datetime.max, datetime.max.replace(tzinfo=UTC), datetime(2026, 12, 1)),
    *(datetime.min.replace(tzinfo=FAR), datetime.max.replace(tzinfo=timezone(timedelta(hours=-14)))),
    *("", " ", "\0", "a\0b", "\ud83e", "\u200b", "9999-12-31", "0001-01-01", "x" * 5000, "1e999999", "NaN"),
    *(None, True, False, 0, -1, 2**31, 2**70, float("nan"), float("inf"), -0.0, Decimal("NaN"), Decimal("1e-400")),
    *(b"bytes", [], [[]], {}, {"": None}, {1: 2}, object(), Unreadable(), UUID(int=0), int, BRIEF),
]
# Any: hosts pass values of every type
ANYTHING: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(EDGES),
    st.builds(breaking),
    st.text(st.characters(), max_size=8),
    st.integers(),
    st.lists(st.sampled_from(EDGES), max_size=3),
    st.dictionaries(st.text(max_size=3), st.sampled_from(EDGES), max_size=2),
)


def examples(count: int) -> settings:
    """Return so many examples, the same in each run."""
    return settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )


async def outcome(call: Callable[[], Awaitable[object]]) -> None:
    """Await a call; what it raises must be one of the package's errors, and say what to do."""
    try:
        await call()
    except AIServiceError as error:
        assert str(error).encode()
        problems = error.problems if isinstance(error, InvalidRequest) else []
        assert [problem for problem in problems if not (problem.field and problem.message and problem.fix)] == []


async def run(body: Callable[[], None]) -> None:
    """Run what Hypothesis drives beside the event loop."""
    await asyncio.to_thread(body)


def public_methods() -> dict[str, Any]:
    methods = inspect.getmembers(AIService, inspect.iscoroutinefunction)
    public = {name: method for name, method in methods if not name.startswith("_")}
    return {name: method for name, method in public.items() if len(inspect.signature(method).parameters) > 1}


@pytest.fixture
async def sandbox(shop: Shop) -> AsyncIterator[AIService]:
    async with shop.open(model="sandbox", image_model="sandbox") as ai:
        yield ai


@pytest.mark.parametrize("name", public_methods())
async def test_every_method_takes_anything(sandbox: AIService, shop: Shop, name: str) -> None:
    loop, method = asyncio.get_running_loop(), getattr(sandbox, name)
    fitting: dict[str, Any] = {
        "business_id": shop.business_id,
        "campaign_id": shop.campaign_id,
        "day": 3,
        "customer_message": "Bonjour",
        "before": datetime(2020, 1, 1, tzinfo=UTC),
        "dry_run": True,
        "channel": "whatsapp",
    }
    taken = sorted(inspect.signature(method).parameters)
    usual = {key: fitting[key] for key in taken if key in fitting}

    @examples(15)
    @given(st.dictionaries(st.sampled_from(taken), ANYTHING, min_size=1, max_size=2), ANYTHING)
    def call(changes: dict[str, Any], other: Any) -> None:
        required = [key for key in taken if key not in usual and is_required(method, key)]
        arguments = {**usual, **dict.fromkeys(required, other), **changes}
        asyncio.run_coroutine_threadsafe(outcome(lambda: method(**arguments)), loop).result()

    await run(call)


# Any: a bound method of any signature
def is_required(method: Any, name: str) -> bool:
    return inspect.signature(method).parameters[name].default is inspect.Parameter.empty


def fields(of: type[BaseModel]) -> st.SearchStrategy[tuple[str, Any]]:
    """Return a field, and anything for it."""
    return st.tuples(st.sampled_from(sorted(of.model_fields)), ANYTHING)


async def test_a_brief_takes_anything_and_what_is_stored_can_be_worked_from(sandbox: AIService) -> None:
    loop = asyncio.get_running_loop()

    async def worked_from(brief: Any) -> None:
        ids = await sandbox.add_brief(brief)
        await sandbox.suggest_reply(ids.business_id, "Combien ?", campaign_id=ids.campaign_id)
        await sandbox.generate_strategy(ids.business_id, ids.campaign_id)

    @examples(15)
    @given(fields(BusinessContext), fields(CampaignContext), fields(Offer), ANYTHING)
    def call(business: tuple[str, Any], campaign: tuple[str, Any], offer: tuple[str, Any], edge: Any) -> None:
        of_business, of_campaign = BRIEF.business.model_dump(), BRIEF.campaign.model_dump()
        of_offer = {"text": "Brioche", "price": "4", "currency": "EUR"}
        for changed in (
            {"business": {**of_business, business[0]: business[1]}},
            {"campaign": {**of_campaign, campaign[0]: campaign[1]}},
            {"business": {**of_business, "offers": [{**of_offer, offer[0]: offer[1]}]}},
            {"campaign": {**of_campaign, "key_dates": [{"day": edge, "name": "x"}]}},
        ):
            brief = {"business": of_business, "campaign": of_campaign, **changed}
            asyncio.run_coroutine_threadsafe(outcome(partial(worked_from, brief)), loop).result()

    await run(call)


@examples(30)
@given(ANYTHING, st.one_of(st.sampled_from([*Network]), ANYTHING), ANYTHING)
def test_check_takes_anything(content: Any, network: Any, brief: Any) -> None:
    async def checked() -> None:
        check(content, network, brief)

    asyncio.run(outcome(checked))


@examples(30)
@given(st.sampled_from(sorted(Settings.model_fields)), ANYTHING)
def test_settings_take_anything(name: str, value: Any) -> None:
    async def opened() -> None:
        AIService(Settings(**{name: value}))

    asyncio.run(outcome(opened))


async def test_a_host_may_return_anything(shop: Shop) -> None:
    loop = asyncio.get_running_loop()

    class Host:
        answer: Any = None

        async def get_business(self, business_id: str) -> Any:
            return self.answer

        async def get_campaign(self, business_id: str, campaign_id: str) -> Any:
            return self.answer

    host = Host()
    async with AIService(shop.settings(model="sandbox"), context_source=host) as ai:

        @examples(25)
        @given(fields(BusinessContext), st.booleans())
        def call(changed: tuple[str, Any], whole: bool) -> None:
            host.answer = changed[1] if whole else {**BRIEF.business.model_dump(), changed[0]: changed[1]}
            asyncio.run_coroutine_threadsafe(outcome(lambda: ai.suggest_reply("b", "Bonjour")), loop).result()

        await run(call)
