"""The host of the benchmarks: its brief, its service, and calls that send their number to the provider."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import date

from pydantic import SecretStr

from ai_service import AIResult, AIService, Brief, BusinessContext, CampaignContext, CampaignStrategy, Post, Settings
from deps.bundle import AgentDeps
from deps.content import PostTask
from deps.tasks import DayTask
from evals.benchmarks.plan import MARK
from models.vocabulary import ContentType, Network, Role

MODEL = "openai:gpt-5.2"
"""A model with known prices, so that costs are computed as in production."""
BUSINESS_ID = "b0000000-0000-4000-8000-000000000001"
CAMPAIGN_ID = "c0000000-0000-4000-8000-000000000001"
DAYS = 30

BUSINESS = BusinessContext(
    name="Levain & Sons",
    industry="bakery",
    tone="warm, cheeky",
    audience="families in the quarter",
    languages=["en"],
    country="GB",
    networks=[Network.INSTAGRAM, Network.FACEBOOK],
    facts=["Open from Tuesday to Sunday", "Flour from the mill next door", "A long table for breakfast"],
    links=["https://levain.example"],
    banned_phrases=["organic"],
)
CAMPAIGN = CampaignContext(name="Autumn", goal="more visits on weekday mornings", start_date=date(2026, 12, 1))

_call: ContextVar[int | None] = ContextVar("bench_call", default=None)


class NumberedContexts:
    """A host's own contexts: one business, and one campaign whose notes contain the number of the call."""

    async def get_business(self, business_id: str) -> BusinessContext | None:
        """Return the business."""
        return BUSINESS

    async def get_campaign(self, business_id: str, campaign_id: str) -> CampaignContext | None:
        """Return the campaign."""
        return _numbered(_call.get())


def settings(base_url: str, database_url: str, **limits: float) -> Settings:
    """Return the default settings with the benchmarks' provider and database; `limits` are fields of `Settings`."""
    return Settings.model_validate(
        {
            "model": MODEL,
            "database_url": database_url,
            "openai_api_key": SecretStr("bench"),
            "openai_base_url": base_url,
            **limits,
        }
    )


@asynccontextmanager
async def service(limits: Settings, *, calendar_url: str | None = None) -> AsyncGenerator[AIService]:
    """Yield an open service; with `calendar_url`, an address of the provider, a calendar is generated first."""
    if calendar_url:
        planning = settings(calendar_url, limits.database_url)
        async with AIService(planning, context_source=NumberedContexts()) as planner:
            await planner.generate_strategy(BUSINESS_ID, CAMPAIGN_ID)
    async with AIService(limits, context_source=NumberedContexts()) as ai:
        yield ai


async def write_post(ai: AIService, call: int, *, idempotency_key: str | None = None) -> AIResult[Post]:
    """Make one call; the provider reads its number in the message, the ledger stores it as the user."""
    _call.set(call)
    day = 1 + call % DAYS
    return await ai.generate_content(
        BUSINESS_ID, CAMPAIGN_ID, day, user_id=user_of(call), idempotency_key=idempotency_key
    )


async def write_calendar(ai: AIService, call: int) -> AIResult[CampaignStrategy]:
    """Make one call for a calendar; only the ledger has its number, as the user."""
    return await ai.generate_strategy(BUSINESS_ID, CAMPAIGN_ID, user_id=user_of(call))


def user_of(call: int) -> str:
    """Return the user that a call's rows carry."""
    return f"{MARK}{call}"


def deps_of(call: int | None) -> AgentDeps[PostTask]:
    """Return the content agent's dependencies in a call."""
    day = DayTask(
        day=1,
        date=date(2026, 12, 1),
        theme="aurora yadnus mornings",
        content_type=ContentType.REEL,
        network=Network.INSTAGRAM,
        role=Role.TEASER,
        pillar="Subject 0",
        offer=None,
        key_date=None,
        call_to_action=None,
    )
    return AgentDeps(brief=Brief(business=BUSINESS, campaign=_numbered(call)), task=PostTask(language="en", day=day))


def _numbered(call: int | None) -> CampaignContext:
    return CAMPAIGN if call is None else CAMPAIGN.model_copy(update={"notes": f"{MARK}{call}"})
