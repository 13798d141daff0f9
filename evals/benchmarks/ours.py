"""This layer as a contender in the fault benchmark: the same calls through `AIService`, with the ledger on SQLite."""

import logging
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from ai_service import AIGenerationError
from evals.benchmarks.caller import service, settings, write_post
from evals.benchmarks.modes import Mode
from evals.benchmarks.peers.calls import Finished, Outcome, Work, make_calls, run


async def contend(work: Work) -> Finished:
    """Make the calls; the recorded usage is that of the ledger's rows."""
    logging.disable()
    with TemporaryDirectory() as folder:
        database_url = f"sqlite:///{Path(folder, 'bench.db')}"
        calendar_url = re.sub(r"/[^/]+/v1$", f"/{Mode.GOOD}/v1", work.base_url)
        limits = settings(work.base_url, database_url, request_timeout_s=work.timeout_s)
        async with service(limits, calendar_url=calendar_url) as ai:

            async def ask(outcome: Outcome, prompt: str) -> None:  # the layer builds its own prompt
                try:
                    result = await write_post(ai, outcome.call)
                    outcome.caption, request_id = result.output.caption, result.request_id
                except AIGenerationError as error:
                    outcome.error, request_id = error.reason, error.request_id
                rows = await ai.attempts(request_id)
                outcome.booked_tokens = sum(row.input_tokens + row.output_tokens for row in rows)

            return await make_calls(ask, work)


if __name__ == "__main__":
    run(contend)
