"""The command `python -m evals`."""

import asyncio
from time import perf_counter
from typing import Annotated

import typer

from ai_service.cli.terminal import errors_shown, out, own_the_terminal, print_json, working
from ai_service.settings import SANDBOX
from evals.results import FeatureResult
from evals.runner import run
from evals.thresholds import below
from evals.view import as_json, feature_view, summary_view
from models.vocabulary import Feature

app = typer.Typer(add_completion=False)


@app.command()
def evals(
    features: Annotated[list[Feature] | None, typer.Argument(help="What to evaluate; nothing: all.")] = None,
    model: Annotated[str, typer.Option(help="The model to evaluate, e.g. openai:gpt-5.2.")] = SANDBOX,
    database: Annotated[str | None, typer.Option(help="Database URL; nothing: a temporary database.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Evaluate the features on five fixture businesses; exit with 1 if a result is below its threshold."""

    def finished(result: FeatureResult) -> None:
        if not json:
            out().print(feature_view(result))

    begin = perf_counter()
    with errors_shown(database=database, as_json=json), working("Evaluating"):
        results = asyncio.run(run(features or list(Feature), model=model, database_url=database, finished=finished))
    if json:
        print_json(as_json(results, model=model))
    else:
        out().print(summary_view(results, model=model, seconds=perf_counter() - begin))
    if any(line for result in results for line in below(result)):
        raise typer.Exit(1)


def main() -> None:
    """Run the command."""
    own_the_terminal()
    app()
