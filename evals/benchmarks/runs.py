"""The result file and the table: the runs of each benchmark with commit, load, machine, versions, date and counts."""

import os
import platform
import subprocess
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, JsonValue, TypeAdapter

from evals.benchmarks.figures import Figure, Report, number

FILE = Path(__file__).with_name("results.json")
_PACKAGES = ("pydantic-ai", "openai", "pydantic", "sqlalchemy", "aiosqlite", "asyncpg", "genai-prices", "aiohttp")

_FIGURES = TypeAdapter(list[Figure])
Entry = dict[str, JsonValue]
"""One run."""


class Results(BaseModel):
    """The content of the file, by the benchmarks' names."""

    full: dict[str, list[Entry]] = {}
    """All full runs, newest first."""
    short: dict[str, Entry] = {}
    """The last short run only, which shows that the benchmark works."""


class Conditions(NamedTuple):
    """The conditions of a run at one moment."""

    commit: str | None
    """The commit; None if the code is not in a git checkout."""
    changed: bool
    """Whether the code differs from the commit's."""
    load: float
    """The machine's load average over the last minute."""


def conditions() -> Conditions:
    """Return the current conditions. The result file does not count as a change, since every run writes it."""
    changes = _git("status", "--porcelain", "--", ":/", f":!{FILE.name}")
    return Conditions(_git("rev-parse", "HEAD"), bool(changes), os.getloadavg()[0])


def keep(name: str, report: Report, *, short: bool, before: Conditions, after: Conditions) -> None:
    """Write a report to the result file: a full one before the earlier ones, a short one in place of the last."""
    results = Results.model_validate_json(FILE.read_bytes()) if FILE.exists() else Results()
    entry: Entry = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": before.commit,
        "changed_since_commit": before.changed or after.changed or before.commit != after.commit,
        "load_before": round(before.load, 2),
        "load_after": round(after.load, 2),
        "figures": [_figure(figure) for figure in report.figures],
        "counts": dict(report.counts),
        "machine": machine(),
        "versions": {"python": platform.python_version(), **{package: version(package) for package in _PACKAGES}},
    }
    if short:
        results.short[name] = entry
    else:
        results.full.setdefault(name, []).insert(0, entry)
    FILE.write_text(results.model_dump_json(indent=2) + "\n", encoding="utf-8")


def newest_table(names: Iterable[str]) -> str:
    """Return the figures and conditions of the newest full run of each benchmark."""
    results = Results.model_validate_json(FILE.read_bytes())
    newest = {name: results.full[name][0] for name in names if results.full.get(name)}
    figures = [figure for entry in newest.values() for figure in _FIGURES.validate_python(entry["figures"])]
    return "\n".join([table(figures), "", *(f"- {name}: {_run_of(entry)}" for name, entry in newest.items())])


def _run_of(entry: Entry) -> str:
    changed = " and changes" if entry.get("changed_since_commit") else ""
    load = f"load {entry.get('load_before')} to {entry.get('load_after')}"
    return f"{entry['date']}, commit {str(entry.get('commit'))[:10]}{changed}, {load}"


def machine() -> dict[str, JsonValue]:
    """Return the machine and versions of a measurement."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": models[0] if models else platform.processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory / 2**30),
    }


def table(figures: Iterable[Figure]) -> str:
    """Return figures as a Markdown table."""
    rows = ["| figure | measured | goal | |", "|---|---|---|---|"]
    marks = {True: "reached", False: "missed", None: ""}
    for figure in figures:
        name = f"{figure.name} ({figure.note})" if figure.note else figure.name
        measured = f"{number(figure.value)} {figure.unit}".strip()
        rows.append(f"| {name} | {measured} | {figure.goal} | {marks[figure.reached]} |")
    return "\n".join(rows)


def _figure(figure: Figure) -> dict[str, JsonValue]:
    """Return a figure without its empty fields."""
    whole = {**asdict(figure), "reached": figure.reached}
    return {name: value for name, value in whole.items() if value not in (None, "")}


def _git(*arguments: str) -> str | None:
    """Return git's output; None if it is not installed, or this is not a checkout."""
    try:
        done = subprocess.run(["git", *arguments], cwd=FILE.parent, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
