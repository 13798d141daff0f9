"""The commands that read the books: what was tried, and what it cost."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue, TypeAdapter
from rich.console import Group
from rich.text import Text

from ai_service.cli.options import Business, Campaign, Database, Json
from ai_service.cli.periods import period_of
from ai_service.cli.target import without_model
from ai_service.cli.terminal import Answer, run
from ai_service.cli.views import chart
from ai_service.cli.views.attempt_log import attempt_log
from ai_service.cli.views.cost_table import CostTable
from ai_service.errors import InvalidRequest, NotFound, Problem
from models.attempt import Attempt
from models.records import CostGroup, CostLine

_ATTEMPTS = TypeAdapter(list[Attempt])
_LINES = TypeAdapter(list[CostLine])


def logs(
    request: Annotated[str | None, typer.Option(metavar="ID", help="One call, attempt by attempt.")] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=1000, help="How many of the newest attempts.")] = 20,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Show what was tried: the newest attempts, or all of one call."""

    async def work() -> Answer:
        async with without_model(database) as ai:
            attempts = await ai.attempts(request_id=request, limit=limit)
        if request and not attempts:
            raise NotFound(f"no request {request!r} is on the books: `ai-service logs` shows the newest")
        view = attempt_log(attempts, in_full=request is not None) if attempts else Text("Nothing was tried yet.")
        return Answer(_ATTEMPTS.dump_python(attempts, mode="json"), view)

    run(work, database=database, as_json=as_json)


def costs(
    by: Annotated[CostGroup, typer.Option(help="What each line is for.")] = "feature",
    business: Business = None,
    campaign: Campaign = None,
    month: Annotated[str | None, typer.Option(metavar="YYYY-MM", help="One calendar month, in UTC.")] = None,
    since: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="From this day on, in UTC.")] = None,
    until: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="Up to this day, which counts too.")] = None,
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a chart of it to this file.")] = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Show what it cost, from the ledger: what failed requests cost of it is wasted."""
    period = period_of(month, since, until)

    async def work() -> Answer:
        async with without_model(database) as ai:
            lines = await ai.costs(
                by=by, business_id=business, campaign_id=campaign, since=period.since, until=period.until
            )
        if by == "day":
            lines.sort(key=lambda line: line.key)
        document: dict[str, JsonValue] = {"since": period.first, "until": period.last, **costs_document(lines, by=by)}
        view = CostTable(lines, by=by) if lines else Text("Nothing was spent yet.")
        if svg is None:
            return Answer(document, view)
        write_chart(svg, lines, title=f"Cost by {by}{period.said}")
        return Answer({**document, "path": str(svg)}, Group(view, Text(), Text(f"Chart written to {svg}")))

    run(work, database=database, as_json=as_json)


def write_chart(file: Path, lines: list[CostLine], *, title: str) -> None:
    """Write lines of the books as a chart. Raises InvalidRequest where the file can't be written."""
    try:
        file.write_text(chart.svg(lines, title=title, total=chart.total_of(lines)), encoding="utf-8")
    except OSError as error:
        problem = Problem("--svg", f"{file} can't be written: {error.strerror or error}", "name another file")
        raise InvalidRequest([problem]) from error


def costs_document(lines: list[CostLine], *, by: CostGroup) -> dict[str, JsonValue]:
    """Return lines of the books and their sum for machines."""
    *dumped, total = _LINES.dump_python([*lines, chart.total_of(lines)], mode="json")
    return {"by": by, "lines": dumped, "total": total}
