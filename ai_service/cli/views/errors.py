"""An error of the layer: what failed in red, and the way out."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from ai_service.cli.views.text import plain
from ai_service.errors import AIGenerationError, AIServiceError, InvalidRequest, Problem


def error_lines(error: AIServiceError) -> RenderableType:
    """Return what failed, and what to do about it where the message doesn't say."""
    if isinstance(error, InvalidRequest):
        return problem_lines(error.problems)
    return _lines([(str(error), _way_out(error) if isinstance(error, AIGenerationError) else None)])


def problem_lines(problems: Sequence[Problem]) -> RenderableType:
    """Return for each problem the field, what is wrong with its value, and the way out."""
    return _lines([(f"{problem.field}: {problem.message}", problem.fix) for problem in problems])


def _way_out(error: AIGenerationError) -> str:
    again = "try again later; " if error.retryable else ""
    return f"{again}see what was tried: ai-service logs --request {error.request_id}"


def _lines(found: Sequence[tuple[str, str | None]]) -> Table:
    grid = Table.grid(padding=(0, 1, 0, 0))
    for message, way_out in found:
        grid.add_row(Text("✗", style="bold red"), plain(message, "red"))
        if way_out:
            grid.add_row(Text("→"), plain(way_out))
    return grid
