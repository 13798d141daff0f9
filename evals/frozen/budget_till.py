"""The till of a budget case: a service with a budget, a provider whose usage is known, and what was charged."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import web
from pydantic import JsonValue

from ai_service import AIResult, AIService, Attempt, Brief, BudgetState, InvalidRequest
from evals.frozen.loopback import Asked, Loopback, completion, good_reply
from evals.frozen.opened import WORDS, Briefs, Came, Ticking, came_of, price_of, settings_for
from evals.frozen.schema_shapes import good_themes

Usage = dict[str, JsonValue]
_PILLARS = {
    "pillars": [{"name": name, "description": f"{name} of the press"} for name in ("Type", "Ink", "Paper", "Folk")]
}
_POST = {"caption": "New year cards are on the press.", "hashtags": ["#letterpress"], "script": "A card is lifted."}


def usage_of(input_tokens: int, output_tokens: int) -> Usage:
    """Return a usage as the provider reports it."""
    return {
        "prompt_tokens": input_tokens,
        "completion_tokens": output_tokens,
        "total_tokens": input_tokens + output_tokens,
    }


def usage_for(cost: Decimal) -> Usage:
    """Return a usage that costs so much, or a little less, at the price of writer-1."""
    output = int((cost - price_of("writer-1", 50, 0)) / price_of("writer-1", 0, 1))
    return usage_of(50, output)


@dataclass
class Till:
    """An open service, and its provider's account."""

    # Any: some of its arguments are not there yet
    ai: Any
    server: Loopback
    clock: Ticking | None
    """None: the real one."""
    bound: Decimal
    """Upper bound of one such request in USD: `U` of the cases."""
    folder: str
    source: Briefs
    usage: Usage | None = field(default_factory=lambda: usage_of(900, 120))
    model: str = "writer-1"
    """The name in the answers."""
    charged: Decimal = Decimal(0)
    """What the provider charges for usage that it reported."""
    highest: Decimal = Decimal(0)
    """The most that was spent and reserved at once, as far as it was looked at."""
    came: list[Came] = field(default_factory=list[Came])
    complaints: list[str] = field(default_factory=list[str])
    """What a case found out by itself."""

    @property
    def cost(self) -> Decimal:
        """What one answer costs by its usage: `c` of the cases."""
        return _cost(self.usage)

    async def limit(self, usd: Decimal, **ids: str) -> None:
        """Set a budget; a campaign's is given its business where that is needed."""
        named = ids or {"business_id": "b"}
        try:
            await self.ai.set_budget(usd, **named)
        except InvalidRequest:
            await self.ai.set_budget(usd, **{"business_id": "b", **named})

    async def reply(self, **changes: Any) -> Came:
        """Ask for one reply."""
        self.came.append(
            await came_of(self.ai.suggest_reply("b", WORDS, **{"campaign_id": "b", **changes}), self.server)
        )
        await self.look()
        return self.came[-1]

    async def replies(self, count: int, *, until_refused: bool = False) -> None:
        """Ask one after the other."""
        for _ in range(count):
            came = await self.reply()
            if until_refused and came.error is not None:
                return

    async def at_once(self, count: int) -> None:
        """Ask for so many replies side by side."""
        await asyncio.gather(*(self.reply() for _ in range(count)))

    async def look(self) -> None:
        """Note what is spent and reserved now."""
        states = await self.states()
        if states:
            self.highest = max(self.highest, *(state.spent_usd + state.reserved_usd for state in states))

    async def states(self) -> list[BudgetState]:
        """Return the budgets of the business and its campaign."""
        return await self.ai.budgets("b", "b")

    async def rows(self) -> list[Attempt]:
        """Return all rows, oldest first."""
        return [*reversed(await self.ai.attempts(limit=5000))]

    async def good(self, asked: Asked) -> web.StreamResponse:
        """Answer well, and charge for it."""
        self.charged += _cost(self.usage)
        return completion(_content(asked), model=self.model, usage=self.usage)


@dataclass
class Ended:
    """What is judged after a scenario."""

    till: Till
    limit: Decimal | None = None
    right: list[tuple[bool, str]] = field(default_factory=list[tuple[bool, str]])
    """What must hold beside the figures, and in which words it is said if not."""
    lines: list[str] = field(default_factory=list[str])
    """What other processes said of their calls."""


@dataclass(frozen=True)
class Scene:
    """How a case is played."""

    play: Callable[[Till], Awaitable[Ended]]
    # Any: fields of the settings
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    real_time: bool = False
    """Whether what is waited for is real: other calls, other processes."""
    needs: tuple[str, ...] = ()


def refused(came: Came) -> bool:
    """Return whether a call ended for want of a budget."""
    return getattr(came.error, "code", "") == "BUDGET_EXCEEDED"


def _cost(usage: Usage | None) -> Decimal:
    tokens = [(usage or {}).get(name, 0) for name in ("prompt_tokens", "completion_tokens")]
    read, written = (token if isinstance(token, int) else 0 for token in tokens)
    return price_of("writer-1", max(0, read), max(0, written)) if written < 10**9 else Decimal(0)


def _content(asked: Asked) -> str:
    """Return a good answer to what was asked."""
    task = asked.document["task"]
    if task.get("kind") == "pillars":
        return json.dumps(_PILLARS)
    if asked.days:
        return good_themes(asked.days).text
    return json.dumps(_POST) if "customer_message" not in task else str(_REPLY)


_REPLY = json.loads(good_reply().text or "{}")["choices"][0]["message"]["content"]


@asynccontextmanager
async def till(brief: Brief, bound: Decimal, *, real_time: bool = False, **changes: Any) -> AsyncGenerator[Till]:
    """Yield a till; `real_time` where what is waited for is real."""
    clock, source = None if real_time else Ticking(), Briefs({"b": brief, "b2": brief})
    with TemporaryDirectory() as folder:
        async with Loopback() as server:
            settings = settings_for(server, folder, **{"model": "openai-chat:writer-1", **changes})
            clocked = AIService(settings, context_source=source, clock=clock) if clock else None
            async with clocked or AIService(settings, context_source=source) as ai:
                opened = Till(ai, server, clock, bound, folder, source)
                server.set(opened.good)
                yield opened
                await opened.look()


async def bound_of(brief: Brief, call: Callable[[Till], Awaitable[AIResult[Any]]], **changes: Any) -> list[Attempt]:
    """Return the rows of a call whose answers report no usage: they are booked at their upper bounds."""
    async with till(brief, Decimal(0), **changes) as measured:
        measured.usage = None
        await call(measured)
        return await measured.rows()


async def child(till_of: Till, count: int) -> asyncio.subprocess.Process:
    """Ask for replies side by side in a process of its own, which says on stdout what became of each."""
    settings = settings_for(till_of.server, till_of.folder, model="openai-chat:writer-1")
    given = {
        "settings": {
            **settings.model_dump(mode="json", include={"model", "openai_base_url", "database_url", "prices"}),
            "openai_api_key": "sk-frozen-child",
        },
        "brief": till_of.source.by_id["b"].model_dump(mode="json"),
        "count": count,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "evals.frozen.budget_child", stdin=-1, stdout=-1, cwd=Path(__file__).parents[2]
    )
    if process.stdin is not None:
        process.stdin.write(json.dumps(given).encode() + b"\n")
        await process.stdin.drain()
    return process
