"""Opens the service for a command, and finds its business and campaign."""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import typer

from ai_service.cli.brief_file import load_brief
from ai_service.cli.terminal import err, working
from ai_service.service import AIService
from ai_service.settings import DEFAULT_MODEL, SANDBOX, Settings
from models.records import BriefIds

REAL_MODEL_HINT = f"for a real model set OPENAI_API_KEY and pass --model {DEFAULT_MODEL}"


class Target(NamedTuple):
    """The business and campaign of a command: their ids, or a brief to load first."""

    business: str | None
    campaign: str | None
    brief: Path | None

    def check(self, *, campaign_needed: bool = True) -> None:
        """Raise a usage error if it is incomplete."""
        if self.brief is None and (self.business is None or (campaign_needed and self.campaign is None)):
            ids = "--business ID and --campaign ID" if campaign_needed else "--business ID"
            raise typer.BadParameter(f"give {ids}, or --brief FILE")
        if self.brief is not None and (self.business or self.campaign):
            raise typer.BadParameter("give ids or --brief FILE, not both")

    async def ids(self, ai: AIService, *, calendar_needed: bool) -> BriefIds:
        """Return the ids; a brief is stored first, with its calendar if one is needed."""
        if self.brief is None:
            return BriefIds(business_id=self.business or "", campaign_id=self.campaign or "")
        ids = await ai.add_brief(load_brief(self.brief))
        if calendar_needed:
            with working("Writing the calendar"):
                await ai.generate_strategy(ids.business_id, ids.campaign_id)
        return ids


@asynccontextmanager
async def opened(
    *,
    model: str | None = None,
    image_model: str | None = None,
    database: str | None = None,
    announce_sandbox: bool = True,
) -> AsyncGenerator[AIService]:
    """Open the service, on the sandbox if neither a model nor a key is configured; a line on stderr says so."""
    if model == SANDBOX:
        image_model = image_model or SANDBOX
    settings = Settings.from_env(model=model, image_model=image_model, database_url=database)
    if not _is_configured(settings):
        settings = settings.model_copy(update={"model": SANDBOX, "image_model": image_model or SANDBOX})
        if announce_sandbox:
            said = f"No model and no key are configured, so the sandbox writes; {REAL_MODEL_HINT}."
            err().print(said, style="yellow", soft_wrap=True)
    async with AIService(settings) as ai:
        yield ai


def without_model(database: str | None) -> AbstractAsyncContextManager[AIService]:
    """Open the service for a command that needs no model."""
    return opened(model=SANDBOX, database=database)


def _is_configured(settings: Settings) -> bool:
    return bool(settings.model or settings.models or settings.openai_api_key)
