"""The commands of `ai-service`."""

from importlib import import_module
from typing import Annotated

import typer

from ai_service import __version__
from ai_service.cli import brief_commands, check_command, log_commands, removal, review_commands, schemas, upkeep
from ai_service.cli.demo import demo
from ai_service.cli.price_report import prices
from ai_service.cli.terminal import own_the_terminal
from models.vocabulary import Feature

app = typer.Typer(
    name="ai-service",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"ai-service {__version__}")
        raise typer.Exit()


@app.callback()
def options(
    asked: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Plan a month of marketing for a business and write it: calendar, posts, video scripts, replies, pictures."""


app.add_typer(brief_commands.app, name="brief")
app.add_typer(removal.app, name="retention")
app.add_typer(review_commands.app, name="review")
for feature in Feature:
    app.command()(import_module(f".features.{feature}", __package__).command)
for command in (log_commands.logs, log_commands.costs, prices, upkeep.budget, upkeep.migrate, upkeep.ready):
    app.command()(command)
for command in (check_command.check, schemas.schema, demo):
    app.command()(command)


def main() -> None:
    """Run the command line."""
    own_the_terminal()
    app(prog_name="ai-service")
