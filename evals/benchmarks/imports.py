"""CPU of `import ai_service` over that of the libraries it stands on, and of what starts with it."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.benchmarks.figures import Figure, Report, middle, ratios, spread

_ROUNDS, _SHORT_ROUNDS = 15, 3
_AT_MOST = 1.15

_LIBRARIES = "import pydantic_ai, openai, sqlmodel"
_PACKAGE = "import ai_service"
_OPENED = "import ai_service, and the first service opened"
_HELP = "ai-service --help"
_PROGRAMS = {
    _LIBRARIES: _LIBRARIES,
    _PACKAGE: _PACKAGE,
    _OPENED: (
        "import asyncio\n"
        "from ai_service import AIService\n"
        "async def opened():\n"
        "    async with AIService.from_env(model='sandbox', database_url='sqlite:///opened.db'): pass\n"
        "asyncio.run(opened())"
    ),
    _HELP: (
        "import os, sys\n"
        "sys.stdout = open(os.devnull, 'w')\n"
        "from ai_service.cli.app import app\n"
        "app(['--help'], standalone_mode=False)\n"
        "sys.stdout = sys.__stdout__"
    ),
}
_TIMED = "import time\nbegan = time.process_time()\n{program}\nprint((time.process_time() - began) * 1000)"
"""A fresh process measures itself, without the interpreter's own start."""


def measure(*, short: bool) -> Report:
    """Run each program in a process of its own, in turn; the figures are medians of the ratios within a round."""
    rounds = _SHORT_ROUNDS if short else _ROUNDS
    measured: dict[str, list[float]] = {name: [] for name in _PROGRAMS}
    for program in _PROGRAMS.values():
        _cpu_ms(program)  # compiles what has no bytecode yet
    for _ in range(rounds):
        for name, program in _PROGRAMS.items():
            measured[name].append(_cpu_ms(program))
    figures = [Figure(name=f"CPU of `{_LIBRARIES}`", value=middle(measured[_LIBRARIES]), unit="ms")]
    for name in (_PACKAGE, _OPENED, _HELP):
        over = ratios(measured[name], measured[_LIBRARIES])
        goal = _AT_MOST if name == _PACKAGE else None
        note = f"{middle(measured[name]):.0f} ms; {spread(over)}"
        figures.append(Figure(name=f"CPU of `{name}` over it", value=middle(over), at_most=goal, note=note))
    return Report(counts={"rounds": rounds}, figures=figures)


def _cpu_ms(program: str) -> float:
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-c", _TIMED.format(program=program)]
        done = subprocess.run(command, cwd=Path(folder), capture_output=True, text=True, check=True)
    return float(done.stdout)
