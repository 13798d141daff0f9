"""A service as a host opens it, with the models of a loopback server, and what a call of it comes to."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ai_service import AIResult, AIService, AIServiceError, Brief, BusinessContext, CampaignContext, Settings
from evals.frozen.loopback import Loopback
from tests.clocks import SkippingClock

KEY = "sk-frozen-0123456789abcdef"
WORDS = "Thank you, I loved my visit!"
"""What the customer wrote."""


class Ticking(SkippingClock):
    """Begins now, and goes on by what is slept on it alone."""

    def __init__(self) -> None:
        super().__init__()
        self._began = datetime.now(UTC)

    def now(self) -> datetime:
        """Return the moment that it has come to."""
        return self._began + timedelta(seconds=self.monotonic())


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
    }
    return Settings.model_validate({**usual, **changes})


@asynccontextmanager
async def opened(server: Loopback, briefs: Mapping[str, Brief], **changes: Any) -> AsyncGenerator[AIService]:
    """Yield an open service on a clock that skips waits."""
    with TemporaryDirectory() as folder:
        settings = settings_for(server, folder, **changes)
        async with AIService(settings, context_source=Briefs(briefs), clock=Ticking()) as ai:
            yield ai
