"""A process of its own that asks for replies under a budget: reads what it needs from stdin, says a code for each."""

import asyncio
import json
import logging
import sys
from typing import Any

from ai_service import AIService, AIServiceError, Brief, Settings
from evals.frozen.opened import WORDS, Briefs


async def main() -> None:
    """Ask for as many replies as said, side by side."""
    logging.getLogger("ai_service").setLevel(logging.CRITICAL)
    # Any: JSON of the other process
    given: dict[str, Any] = json.loads(sys.stdin.readline())
    brief = Brief.model_validate(given["brief"])
    async with AIService(Settings.model_validate(given["settings"]), context_source=Briefs({"b": brief})) as ai:

        async def ask() -> str:
            try:
                await ai.suggest_reply("b", WORDS, campaign_id="b")
            except AIServiceError as error:
                return error.code
            return "answer"

        for code in await asyncio.gather(*(ask() for _ in range(given["count"]))):
            sys.stdout.write(f"{code}\n")


if __name__ == "__main__":
    asyncio.run(main())
