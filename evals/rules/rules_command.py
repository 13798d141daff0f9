"""The command `python -m evals.rules`."""

import asyncio
import logging
import sys
from time import perf_counter
from typing import Annotated

import typer
from pydantic import JsonValue
from rich.console import Console

from evals.rules import bench, businesses, report
from evals.rules.bench import Line
from evals.rules.samples import Defect, Sample
from evals.rules.valid_outputs import valid_outputs

app = typer.Typer(add_completion=False)


@app.command()
def rules(
    only: Annotated[
        list[str] | None, typer.Argument(help="Ids of rules; nothing: all. Only a whole run is kept.")
    ] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the tables of docs/measurements.md.")] = False,
    briefs: Annotated[
        bool, typer.Option("--businesses", help="Also check what is made for three briefs of each fixture business.")
    ] = False,
) -> None:
    """Measure recall and false alarms of each rule; exit with 1 if a goal is missed."""
    console = Console(width=None if sys.stdout.isatty() else 150, quiet=markdown)
    lines = _rules(console, tuple(only or ()))
    if markdown:
        sys.stdout.write(f"{report.markdown(lines)}\n")
    clean = _businesses(console, markdown=markdown) if briefs else True
    if not clean or not all(line.is_met for line in lines):
        raise typer.Exit(1)


def _rules(console: Console, only: tuple[str, ...]) -> list[Line]:
    begin = perf_counter()
    seeded = [defect for defect in bench.defects() if not only or defect.rule in only]
    edges = [(rule, sample) for rule, sample in bench.at_limit() if not only or rule in only]
    valid = valid_outputs()
    lines = bench.measure(seeded, valid, edges, rules=only)
    languages = {defect.sample.language for defect in seeded}
    if not only:
        _keep(lines, seeded, edges)
    console.print(report.table(lines))
    for problem in report.problems(lines):
        console.print(problem)
    missed = ", ".join(line.rule for line in lines if not line.is_met)
    console.print(
        f"{len(seeded)} defects in {len(languages)} languages, {len(valid)} valid outputs and {len(edges)} at a limit,"
        f" {perf_counter() - begin:.1f} s: " + (f"[bold red]missed by {missed}[/]" if missed else "[bold green]met[/]")
    )
    return lines


def _keep(lines: list[Line], seeded: list[Defect], edges: list[tuple[str, Sample]]) -> None:
    valid = valid_outputs()
    held = bench.measure(bench.held_out_of(seeded), bench.every_fourth(valid), bench.every_fourth(edges))
    counts: dict[str, JsonValue] = {
        "rules": len(lines),
        "defects": len(seeded),
        "valid_outputs": len(valid),
        "at_limit": len(edges),
        "languages_of_defects": len({defect.sample.language for defect in seeded}),
        "languages_of_valid_outputs": len({sample.language for sample in valid}),
    }
    report.keep(lines, held, counts)


def _businesses(console: Console, *, markdown: bool) -> bool:
    """Return whether no output breaks a hard rule."""
    logging.disable(logging.CRITICAL)  # Errors are listed below; their log lines would come in between
    begin = perf_counter()
    outcomes = asyncio.run(businesses.measure())
    report.keep_businesses(outcomes)
    if markdown:
        sys.stdout.write(f"\n{report.markdown_of_businesses(outcomes)}\n")
    console.print(report.table_of_businesses(outcomes))
    for problem in businesses.problems(outcomes):
        console.print(problem, markup=False, highlight=False)
    clean = not any(outcome.violations for outcome in outcomes)
    console.print(f"{perf_counter() - begin:.1f} s: " + ("[bold green]met[/]" if clean else "[bold red]missed[/]"))
    return clean


def main() -> None:
    """Run the command."""
    app()
