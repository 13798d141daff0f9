"""Prints answers to stdout, as views or as one JSON document, and errors and progress to stderr."""

import asyncio
import json
import logging
import os
import sys
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import NamedTuple

import typer
from pydantic import JsonValue
from rich.console import Console, RenderableType
from rich.progress import Progress, SpinnerColumn, TextColumn

from ai_service.cli.views.error_lines import error_lines
from ai_service.errors import AIServiceError


class Answer(NamedTuple):
    """What a command prints: as JSON, or as a view."""

    document: JsonValue
    view: RenderableType


def out() -> Console:
    """Return the console for answers."""
    return Console(highlight=False, markup=False, emoji=False)


def err() -> Console:
    """Return the console for errors and progress."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def run(work: Callable[[], Coroutine[object, object, Answer]], *, database: str | None, as_json: bool) -> None:
    """Run a command and print its answer. An AIServiceError is printed, and the exit code is 1."""
    with errors_shown(database=database, as_json=as_json):
        show(asyncio.run(work()), as_json=as_json)


def show(answer: Answer, *, as_json: bool) -> None:
    """Print an answer."""
    if as_json:
        print_json(answer.document)
    else:
        out().print(answer.view)


def print_json(document: JsonValue) -> None:
    """Print one JSON document."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


@contextmanager
def errors_shown(*, database: str | None, as_json: bool) -> Generator[None]:
    """Print an AIServiceError and exit with 1.

    `database` is named in the printed command; None for the default database.
    """
    try:
        yield
    except AIServiceError as error:
        if as_json:
            print_json(error.to_dict())
        else:
            err().print(error_lines(error, database=database), crop=False)
        raise typer.Exit(1) from error


@contextmanager
def working(what: str) -> Generator[None]:
    """Show what runs and for how many seconds, on a terminal only, and remove it at the end."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.elapsed:.0f} s", style="dim"))
    console = err()
    progress = Progress(
        *columns, console=console, transient=True, redirect_stdout=False, disable=not console.is_terminal
    )
    with progress:
        progress.add_task(what)
        yield


def own_the_terminal() -> None:
    """Silence libraries that print, and print the code of a character that the terminal lacks."""
    os.environ.setdefault("PYDANTIC_AI_NO_BANNER", "1")
    logging.getLogger("ai_service").addHandler(logging.NullHandler())  # the printed error says the same
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
