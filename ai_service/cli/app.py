"""The commands of `ai-service`."""

from typing import Annotated

import typer
from pydantic import JsonValue

from ai_service import __version__
from ai_service.cli import books, briefs, checks, generate, retention, upkeep
from ai_service.cli.demo import demo
from ai_service.cli.options import Json
from ai_service.cli.output import out, own_the_terminal, print_json
from ai_service.schemas import schemas


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"ai-service {__version__}")
        raise typer.Exit


app = typer.Typer(
    name="ai-service",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """A brief goes in, a month of marketing comes out."""


app.add_typer(briefs.app, name="brief")
app.add_typer(retention.app, name="retention")
for command in (generate.strategy, generate.content, generate.video, generate.reply, generate.image):
    app.command()(command)
for command in (books.logs, books.costs, books.prices, upkeep.budget, upkeep.migrate):
    app.command()(command)
app.command()(checks.check)
app.command()(demo)


@app.command()
def schema(
    name: Annotated[str | None, typer.Argument(help="One of them, e.g. Brief or Post. Default: all.")] = None,
    as_json: Json = False,
) -> None:
    """Print the JSON schemas of what goes in and what comes out."""
    found = schemas()
    by_name = {key: item for side in found.values() for key, item in side.items()}
    if name is not None and name not in by_name:
        raise typer.BadParameter(f"no schema {name!r}: choose from {', '.join(by_name)}", param_hint="NAME")
    document: JsonValue = {**found} if name is None else by_name[name]
    if as_json or not out().is_terminal:
        print_json(document)
    else:
        out().print_json(data=document)


def main() -> None:
    """Run the command line."""
    own_the_terminal()
    app(prog_name="ai-service")
