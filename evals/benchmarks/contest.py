"""Contests: all contenders make the same calls against one provider, each in its own environment and process."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from agents.content import INSTRUCTIONS
from evals.benchmarks.caller import deps_of
from evals.benchmarks.modes import Mode
from evals.benchmarks.peers.calls import Finished, Outcome, Work
from evals.benchmarks.provider_process import ProviderProcess, Seen

OURS = "ai_service"
AT_ONCE = 20
_ROOT = Path(__file__).parents[2]
_PEERS = Path(__file__).with_name("peers")
_PEER_MODULES = {"openai": "openai_client", "pydantic-ai": "pydantic_ai_run", "instructor": "instructor_client"}
"""The peers' environments, which are groups of their `pyproject.toml`, and the modules that run in them."""


def contenders() -> dict[str, list[str]]:
    """Return the command of each contender; the peers' environments are created from their lock file."""
    commands = {OURS: [sys.executable, "-m", "evals.benchmarks.ours"]}
    for group, module in _PEER_MODULES.items():
        environment = _PEERS / ".venv" / group
        subprocess.run(
            [sys.executable, "-m", "uv", "sync", "--project", _PEERS, "--frozen", "--quiet", "--group", group],
            env={**os.environ, "UV_PROJECT_ENVIRONMENT": str(environment)},
            check=True,
        )
        commands[group] = [str(environment / "bin" / "python"), "-m", f"evals.benchmarks.peers.{module}"]
    return commands


def contend(
    command: list[str], provider: ProviderProcess, mode: Mode, *, calls: int, timeout_s: float
) -> tuple[Finished, list[Seen]]:
    """Let one contender make the calls, 20 at once; return what it says and what the provider saw."""
    work = Work(
        base_url=provider.base_url(mode),
        concurrency=AT_ONCE,
        timeout_s=timeout_s,
        instructions=INSTRUCTIONS,
        prompts={call: deps_of(call).prompt for call in range(calls)},
    )
    provider.forget()
    done = subprocess.run(
        command, input=work.model_dump_json(), stdout=subprocess.PIPE, text=True, cwd=_ROOT, check=True
    )
    return Finished.model_validate_json(done.stdout), provider.seen()


def errors_of(outcomes: Iterable[Outcome]) -> str:
    """Return how often each error ended a call."""
    errors = Counter(outcome.error for outcome in outcomes if outcome.error)
    return ", ".join(f"{count}x {error}" for error, count in sorted(errors.items())) or "none"
