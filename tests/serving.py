"""Shared parts of the service's tests: a service on the scripted provider, and a stored brief with its calendar."""

import asyncio
import inspect
import json
import shutil
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue
from pydantic_ai.models import override_allow_model_requests

import ai_service
from ai_service import AIResult, AIService, Attempt, Brief, BusinessContext, CampaignContext, Feature, Settings
from deps.clock import CLOCK, Clock
from models.base import Output
from models.usage import cost_of, usage_of
from tests.provider.reactions import Answer
from tests.provider.received import Api, JsonObject, ReceivedRequest, value_at
from tests.provider.sample import sample_answer
from tests.provider_server import ProviderServer

MODELS: dict[Api, str] = {"responses": "openai:gpt-5.2", "chat": "openai-chat:gpt-5.2"}
TEXT_APIS: list[Api] = ["responses", "chat"]
TEXT_FEATURES = [Feature.STRATEGY, Feature.CONTENT, Feature.VIDEO, Feature.MESSAGING]
PATIENCE_S = 5.0
KEY = "sk-test-0123456789abcdef"

BRIEF = Brief.model_validate(
    {
        "business": {
            "name": "Levain & Fils",
            "industry": "bakery",
            "tone": "warm, cheeky",
            "audience": "families in the quarter",
            "languages": ["fr"],
            "country": "FR",
            "networks": ["instagram", "facebook"],
            "offers": [
                {"text": "Brioche au potiron", "percent_off": 10, "valid_until": "2026-12-31"},
                {"text": "Galette", "price": "12.50", "currency": "EUR", "code": "NOEL5"},
            ],
            "facts": ["Ouvert du mardi au dimanche", "Farine du moulin voisin", "Commandes au 04 72 00 11 22"],
            "links": ["https://levain.example/commander"],
            "banned_phrases": ["bio"],
            "competitors": ["Le Fournil des Terreaux"],
        },
        "campaign": {"name": "Automne", "start_date": "2026-12-01", "call_to_action": "Passez nous voir"},
    }
)

WHOLE: JsonObject = {"caption": "Bonjour", "hashtags": ["#pain"], "script": "Une brioche."}
"""A post that can be published."""
POST = json.dumps(WHOLE)
AMBIGUOUS = '{"caption": "Il dit "bonjour" à tous", "hashtags": ["#pain"], "script": "x"}'
WRONG = json.dumps({**WHOLE, "hashtags": ["#"]})
FORBIDDEN = json.dumps({**WHOLE, "caption": "Notre pain bio"})

WORDS = (
    "aurore brioche cannelle dorure épeautre farine galette houblon infusion jardin kaki levain moulin noisette olive "
    "pétrin quatre raisin seigle tartine ustensile vanille wagon xérès yaourt zeste abricot beurre croûte datte"
).split()
THEMES = {day: f"{word} {word[::-1]}" for day, word in enumerate(WORDS, 1)}
"""A theme for each day, all different."""


def planned(request: ReceivedRequest) -> Answer:
    """Answer a calendar's question: four pillars, or the themes of the requested days."""
    if value_at(request.document, "task", "kind") == "pillars":
        return as_answer({"pillars": [{"name": f"Pilier {name}", "description": name} for name in WORDS[:4]]})
    return themes(request)


def themes(request: ReceivedRequest, **changed: str) -> Answer:
    """Answer with the themes of the requested days; `day_9="…"` changes one."""
    days = [(day, changed.get(f"day_{day}", THEMES[day])) for day in asked_days(request)]
    return as_answer({"days": [{"day": day, "theme": theme} for day, theme in days]})


def asked_days(request: ReceivedRequest) -> list[int]:
    """Return the numbers of the days whose themes are requested; none for another task."""
    days = value_at(request.document, "task", "days")
    numbers = [value_at(day, "day") for day in days] if isinstance(days, list) else []
    return [number for number in numbers if isinstance(number, int)]


def answered(request: ReceivedRequest, **changed: JsonValue) -> Answer:
    """Answer with the smallest valid object, with some fields changed."""
    return as_answer({**sample_answer(request), **changed})


def as_answer(value: JsonObject) -> Answer:
    return Answer(json.dumps(value, ensure_ascii=False))


@dataclass
class Told:
    """The contexts of one business, with a test's changes; the stored calendar is unchanged."""

    business: BusinessContext = BRIEF.business
    campaign: CampaignContext = BRIEF.campaign

    async def get_business(self, business_id: str) -> BusinessContext | None:
        return self.business

    async def get_campaign(self, business_id: str, campaign_id: str) -> CampaignContext | None:
        return self.campaign


def told(business: JsonObject | None = None, campaign: JsonObject | None = None) -> Told:
    """Return the contexts of the stored brief with some fields changed."""
    return Told(
        BusinessContext.model_validate({**BRIEF.business.model_dump(), **(business or {})}),
        CampaignContext.model_validate({**BRIEF.campaign.model_dump(), **(campaign or {})}),
    )


@dataclass(frozen=True)
class Shop:
    """One business with a campaign and its calendar in a database, and the provider of its service."""

    server: ProviderServer
    database: Path
    business_id: str
    campaign_id: str

    # Any: the keywords are fields of the settings, each of its own type
    def settings(self, **changes: Any) -> Settings:
        """Return settings with short limits, on this database and this provider."""
        values: dict[str, Any] = {
            "model": MODELS["responses"],
            "image_model": "openai:gpt-image-2",
            "database_url": f"sqlite:///{self.database}",
            "openai_api_key": KEY,
            "openai_base_url": self.server.base_url,
            "request_timeout_s": PATIENCE_S,
            "image_timeout_s": PATIENCE_S,
            "deadline_s": 4 * PATIENCE_S,
            "backoff_s": 0.001,
        }
        return Settings(**{**values, **changes})

    @asynccontextmanager
    async def open(self, *, clock: Clock = CLOCK, **changes: Any) -> AsyncGenerator[AIService]:
        """Yield the open service."""
        async with AIService(self.settings(**changes), clock=clock) as ai:
            yield ai

    def ask(self, ai: AIService, feature: Feature = Feature.CONTENT, **given: object) -> Awaitable[AIResult[Any]]:
        """Ask for what a feature gives, with all ids and what else is given."""
        values = {
            "business_id": self.business_id,
            "campaign_id": self.campaign_id,
            "user_id": "u_42",
            "day": 3,
            "customer_message": "Vous ouvrez quand ?",
        }
        method = getattr(ai, method_of(feature))
        taken = inspect.signature(method).parameters
        return method(**{name: value for name, value in values.items() if name in taken}, **given)


def method_of(feature: Feature) -> str:
    """Return the name of a feature's method: the one public function of the class in its module."""
    module = import_module(f"{ai_service.__name__}.features.{feature}")
    own = [kind for kind in vars(module).values() if inspect.isclass(kind) and kind.__module__ == module.__name__]
    names = [name for kind in own for name, value in vars(kind).items() if inspect.iscoroutinefunction(value)]
    (name,) = [name for name in names if not name.startswith("_")]
    return name


def sums_agree(result: AIResult[Output], rows: list[Attempt]) -> bool:
    """Return whether the usage, cost and attempts of a result equal those of the rows."""
    return (result.usage, result.cost_usd, result.attempts) == (usage_of(rows), cost_of(rows), rows)


async def settled_rows(ai: AIService, feature: Feature) -> list[Attempt]:
    """Return the rows of a feature, oldest first, after everything is written."""
    return [row for row in reversed(await ai.attempts(limit=1000)) if row.feature is feature]


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Store the brief and generate its calendar, once for all tests; each test uses a copy."""
    database = tmp_path_factory.mktemp("stored") / "books.db"
    return asyncio.run(_stored(database))


async def _stored(database: Path) -> Shop:
    async with ProviderServer() as server:
        server.script(planned)
        empty = Shop(server, database, "", "")
        with override_allow_model_requests(True):
            async with empty.open() as ai:
                ids = await ai.add_brief(BRIEF)
                await ai.generate_strategy(ids.business_id, ids.campaign_id)
    return Shop(server, database, ids.business_id, ids.campaign_id)


@pytest.fixture
async def server() -> AsyncIterator[ProviderServer]:
    async with ProviderServer() as server:
        yield server


@pytest.fixture
def no_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the developer's settings and `.env`."""
    monkeypatch.chdir(tmp_path)
    for name in [*Settings.model_fields, "openai_api_key", "openai_base_url"]:
        monkeypatch.delenv(f"AI_SERVICE_{name.upper()}", raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def shop(
    stored: Shop, server: ProviderServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_environment: None
) -> Iterator[Shop]:
    database = Path(shutil.copy(stored.database, tmp_path / "books.db"))
    # plain HTTP: loading certificates would take 20 ms a test
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    with override_allow_model_requests(True):
        yield Shop(server, database, stored.business_id, stored.campaign_id)


@pytest.fixture
async def ai(shop: Shop) -> AsyncIterator[AIService]:
    async with shop.open() as ai:
        yield ai
