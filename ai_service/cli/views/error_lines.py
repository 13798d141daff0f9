"""An AIServiceError: the failure in red, and the fix."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ai_service.cli.views.text import plain
from ai_service.errors import AIGenerationError, AIServiceError, InvalidRequest


def error_lines(error: AIServiceError, *, database: str | None = None) -> RenderableType:
    """Return the failure and the fix; `database` is named in the command that shows the attempts."""
    if isinstance(error, InvalidRequest):
        return _lines([(f"{problem.field}: {problem.message}", problem.fix) for problem in error.problems])
    if isinstance(error, AIGenerationError):
        again = "try again later; " if error.retryable else ""
        command = f"  ai-service logs --request {error.request_id}" + (f" --database {database}" if database else "")
        # not wrapped, so that it can be copied
        return Group(
            _lines([(str(error), f"{again}see what was tried:")]), Text(command, no_wrap=True, overflow="ignore")
        )
    return _lines([(str(error), None)])


def _lines(found: Sequence[tuple[str, str | None]]) -> Table:
    grid = Table.grid(padding=(0, 1, 0, 0))
    for message, way_out in found:
        grid.add_row(Text("✗", style="bold red"), plain(message, "red"))
        if way_out:
            grid.add_row(Text("→"), plain(way_out))
    return grid
