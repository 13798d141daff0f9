"""The result file and the table: each benchmark's last run, with machine, versions, date and counts."""

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from pydantic import JsonValue, TypeAdapter

from evals.benchmarks.figures import Figure, Report, number

FILE = Path(__file__).with_name("results.json")
_PACKAGES = ("pydantic-ai", "openai", "pydantic", "sqlalchemy", "aiosqlite", "genai-prices", "logfire", "aiohttp")
_CONTENT = TypeAdapter(dict[str, dict[str, JsonValue]])


def keep(name: str, report: Report, *, short: bool, load: float) -> None:
    """Write a report into the result file in place of the last one of its name and form.

    `load` is the machine's load average over a minute when the benchmark began.
    """
    content = _CONTENT.validate_json(FILE.read_bytes()) if FILE.exists() else {}
    entry: JsonValue = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {**machine(), "load_before": round(load, 2)},
        "versions": {"python": platform.python_version(), **{package: version(package) for package in _PACKAGES}},
        "counts": dict(report.counts),
        "figures": [{**asdict(figure), "reached": figure.reached} for figure in report.figures],
    }
    content.setdefault("short" if short else "full", {})[name] = entry
    FILE.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def machine() -> dict[str, JsonValue]:
    """Return what the figures were measured on."""
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
