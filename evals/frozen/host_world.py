"""What the host cases happen in: two businesses in one service with the sandbox, each with a calendar and a post."""

import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ai_service
from ai_service import AIResult, AIService, Brief, Settings
from evals.frozen.opened import WORDS


@dataclass(frozen=True)
class World:
    """An open service, and ids in it."""

    # Any: some of its functions are not there yet
    ai: Any
    brief: Brief
    business_id: str
    campaign_id: str
    content_id: str
    other_id: str
    """Business B."""
    other_campaign_id: str

    # Any: the arguments of a case
    def post(self, business_id: Any = None, campaign_id: Any = None, **changes: Any) -> Awaitable[AIResult[Any]]:
        """Ask for a post, with what a case changes."""
        usual: dict[str, Any] = {"day": 1, "content_type": "Reel"}
        ids = (self.business_id if business_id is None else business_id, campaign_id or self.campaign_id)
        return self.ai.generate_content(*ids, **{**usual, **changes})

    def reply(self, message: Any = WORDS, **changes: Any) -> Awaitable[AIResult[Any]]:
        """Ask for a reply, with what a case changes."""
        return self.ai.suggest_reply(self.business_id, message, campaign_id=self.campaign_id, **changes)


@dataclass(frozen=True)
class Play:
    """How a case is played."""

    do: Callable[[World], Awaitable[Any]]
    needs: tuple[str, ...] = ()
    """Functions of a service, and their arguments, that the case cannot do without: `list_content`,
    `generate_content.instruction`."""
    right: Callable[[World, Any], bool | Awaitable[bool]] | None = None
    """Whether what is returned is as meant; None: whatever is returned."""
    in_time: bool = False
    """Whether it measures by itself how long it takes."""
    names: tuple[str, ...] | None = None
    """Words that the error's message must hold; None: those after `naming` in the expectation."""


def lacking(needs: tuple[str, ...]) -> str | None:
    """Return the first function or argument that does not exist."""
    for need in needs:
        function, _, argument = need.partition(".")
        found = getattr(AIService, function, None) or getattr(ai_service, function, None)
        if found is None or (argument and argument not in inspect.signature(found).parameters):
            return need
    return None


def sandbox(folder: str, **changes: Any) -> Settings:
    """Return settings of the sandbox with a database in the folder."""
    usual = {"model": "sandbox", "image_model": "sandbox", "database_url": f"sqlite:///{Path(folder, 'host.db')}"}
    return Settings.model_validate({**usual, **changes})


@asynccontextmanager
async def world(brief: Brief, **changes: Any) -> AsyncGenerator[World]:
    """Yield an open service with two businesses."""
    with TemporaryDirectory() as folder:
        async with AIService(sandbox(folder, **changes)) as ai:
            ids, others = await ai.add_brief(brief), await ai.add_brief(brief)
            for each in (ids, others):
                await ai.generate_strategy(each.business_id, each.campaign_id)
            post = await ai.generate_content(ids.business_id, ids.campaign_id, 1)
            yield World(
                ai=ai,
                brief=brief,
                business_id=ids.business_id,
                campaign_id=ids.campaign_id,
                content_id=post.content_id,
                other_id=others.business_id,
                other_campaign_id=others.campaign_id,
            )
