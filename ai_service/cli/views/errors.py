"""An error of the layer: one red line, and the way out."""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from ai_service.cli.views.text import plain
from ai_service.errors import AIGenerationError, AIServiceError, InvalidRequest, Problem


def error_lines(error: AIServiceError) -> RenderableType:
    """Return what failed, and what to do about it where the message doesn't say."""
    if isinstance(error, InvalidRequest):
        return Group(*(_problem(problem) for problem in error.problems))
    return _line(str(error), _way_out(error) if isinstance(error, AIGenerationError) else None)


def _problem(problem: Problem) -> RenderableType:
    return _line(f"{problem.field}: {problem.message}", problem.fix)


def _way_out(error: AIGenerationError) -> str:
    again = "try again later; " if error.retryable else ""
    return f"{again}ai-service logs --request {error.request_id} shows what was tried"


def _line(message: str, way_out: str | None) -> RenderableType:
    parts = [Text.assemble(("✗ ", "bold red"), plain(message, "red"))]
    if way_out:
        parts.append(Text.assemble("  → ", plain(way_out)))
    return Group(*(Padding(part, 0) for part in parts))
