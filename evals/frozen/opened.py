"""A service as a host opens it, with the models of a loopback server, and what a call of it comes to."""

import json
from collections.abc import AsyncGenerator, Awaitable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import JsonValue

from ai_service import AIResult, AIService, AIServiceError, Brief, BusinessContext, CampaignContext, Settings
from evals.frozen.loopback import Loopback
from tests.clocks import SkippingClock

KEY = "sk-frozen-0123456789abcdef"
PRICES = {"writer-1": (2, 10), "writer-2": (1, 5), "gpt-5.2": (2, 10)}
"""USD for a million tokens in and out; cached input costs a tenth."""
WORDS = "Thank you, I loved my visit!"
"""What the customer wrote."""


class Ticking(SkippingClock):
    """The time of this machine, ahead by what was slept; only that counts for limits and deadlines."""

    def now(self) -> datetime:
        """Return the moment that it has come to."""
        return datetime.now(UTC) + timedelta(seconds=self.monotonic())


@dataclass(frozen=True)
class Briefs:
    """A host's own businesses, each with the one campaign of the same id."""

    by_id: Mapping[str, Brief]

    async def get_business(self, business_id: str) -> BusinessContext | None:
        """Return a business."""
        brief = self.by_id.get(business_id)
        return brief and brief.business

    async def get_campaign(self, business_id: str, campaign_id: str) -> CampaignContext | None:
        """Return a campaign."""
        brief = self.by_id.get(campaign_id)
        return brief and brief.campaign


@dataclass(frozen=True)
class Came:
    """What a call came to."""

    # Any: the output of any feature
    result: AIResult[Any] | None
    error: BaseException | None
    requests: int

    def __str__(self) -> str:
        after = f"after {self.requests} request(s)"
        if self.error is None:
            return f"returned {after}"
        if isinstance(self.error, AIServiceError):
            return f"{self.error.code} {getattr(self.error, 'reason', '')} {after}: {str(self.error)[:160]!r}"
        return f"raw {type(self.error).__name__} {after}: {str(self.error)[:160]!r}"

    @property
    def raw(self) -> bool:
        """Whether what was raised is no error of the layer."""
        return self.error is not None and not isinstance(self.error, AIServiceError)


# Any: fields of the settings, each of its own type
def settings_for(server: Loopback, folder: str, **changes: Any) -> Settings:
    """Return settings that use the server and a database in the folder."""
    usual: dict[str, Any] = {
        "model": "openai-chat:gpt-5.2",
        "image_model": "openai:gpt-image-2",
        "openai_api_key": KEY,
        "openai_base_url": server.base_url,
        "database_url": f"sqlite:///{Path(folder, 'frozen.db')}",
        "backoff_s": 0.05,
        "prices": write_prices(folder),
    }
    return Settings.model_validate({**usual, **changes})


@asynccontextmanager
async def opened(
    server: Loopback, briefs: Mapping[str, Brief], *, clock: Ticking | None = None, **changes: Any
) -> AsyncGenerator[AIService]:
    """Yield an open service on a clock that skips waits."""
    with TemporaryDirectory() as folder:
        settings = settings_for(server, folder, **changes)
        async with AIService(settings, context_source=Briefs(briefs), clock=clock or Ticking()) as ai:
            yield ai


async def came_of(call: Awaitable[AIResult[Any]], server: Loopback) -> Came:
    """Return what a call comes to, and how many requests the server got meanwhile."""
    before = len(server.asked)
    try:
        result, error = await call, None
    except Exception as raised:  # whatever comes is judged
        result, error = None, raised
    return Came(result, error, len(server.asked) - before)


def write_prices(folder: str) -> str:
    """Write a price list and return its file: what the models of the cases cost, in USD for a million tokens."""
    models: JsonValue = [
        {
            "id": name,
            "match": {"equals": name},
            "prices": {"input_mtok": i, "cache_read_mtok": i / 10, "output_mtok": o},
        }
        for name, (i, o) in PRICES.items()
    ]
    file = Path(folder, "prices.json")
    listed = {"id": "openai", "name": "OpenAI", "api_pattern": r"https://api\.openai\.com", "models": models}
    file.write_text(json.dumps([listed]), encoding="utf-8")
    return str(file)


def price_of(model: str, input_tokens: int, output_tokens: int, *, cached: int = 0) -> Decimal:
    """Return what an answer of this usage costs in USD."""
    read, written = map(Decimal, PRICES[model])
    return ((input_tokens - cached) * read + cached * read / 10 + output_tokens * written) / 1_000_000
