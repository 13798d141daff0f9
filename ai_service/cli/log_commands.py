"""The commands that read the ledger: attempts and costs."""

from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import JsonValue, TypeAdapter
from rich.console import Group
from rich.text import Text

from ai_service.cli.options import Business, Campaign, Database, Json
from ai_service.cli.periods import DAYS, period_of
from ai_service.cli.target import without_model
from ai_service.cli.terminal import Answer, run
from ai_service.cli.views import chart
from ai_service.cli.views.attempt_log import attempt_log
from ai_service.cli.views.cost_table import CostTable
from ai_service.errors import InvalidRequest, NotFound, Problem
from models.attempt import Attempt
from models.records import CostGroup, CostLine
from models.vocabulary import Feature

_ATTEMPTS = TypeAdapter(list[Attempt])
_LINES = TypeAdapter(list[CostLine])


def logs(
    request: Annotated[str | None, typer.Option(metavar="ID", help="Show all attempts of one call.")] = None,
    business: Business = None,
    feature: Annotated[Feature | None, typer.Option(help="Attempts of this feature.")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Attempts that failed.")] = False,
    status: Annotated[
        str | None, typer.Option(metavar="STATUS", help="Attempts with this status, e.g. timeout.")
    ] = None,
    since: Annotated[str | None, typer.Option(metavar="DAY", help=f"From this day on, in UTC: {DAYS}.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Up to and with this day, in UTC.")] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=1000, help="Number of attempts, newest first.")] = 20,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Show the newest attempts, or all attempts of one call."""
    if failed and status:
        raise typer.BadParameter("give --failed or a status, not both", param_hint="--status")
    period = period_of(None, since, until)
    narrowing: dict[str, Any] = {"business_id": business, "feature": feature, "status": "failed" if failed else status}

    async def work() -> Answer:
        async with without_model(database) as ai:
            attempts = await ai.attempts(request, **narrowing, since=period.since, until=period.until, limit=limit)
        if request and not attempts:
            raise NotFound(f"no request {request!r} is in the ledger: `ai-service logs` shows the newest")
        view = (
            attempt_log(attempts, in_full=request is not None)
            if attempts
            else Text("Nothing was tried yet, or nothing like that.")
        )
        return Answer(_ATTEMPTS.dump_python(attempts, mode="json"), view)

    run(work, database=database, as_json=as_json)


def costs(
    by: Annotated[CostGroup, typer.Option(case_sensitive=False, help="Group the costs by this.")] = "feature",
    business: Business = None,
    campaign: Campaign = None,
    month: Annotated[str | None, typer.Option(metavar="YYYY-MM", help="One calendar month, in UTC.")] = None,
    since: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="From this day on, in UTC.")] = None,
    until: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="Up to and with this day, in UTC.")] = None,
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a chart to this file.")] = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Show costs from the ledger. The cost of failed requests is listed as wasted."""
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
    """Write the lines as a chart. Raises InvalidRequest if the file cannot be written."""
    try:
        file.write_text(chart.svg(lines, title=title, total=chart.total_of(lines)), encoding="utf-8")
    except OSError as error:
        problem = Problem("--svg", f"{file} can't be written: {error.strerror or error}", "name another file")
        raise InvalidRequest([problem]) from error


def costs_document(lines: list[CostLine], *, by: CostGroup) -> dict[str, JsonValue]:
    """Return the lines and their total as JSON."""
    *dumped, total = _LINES.dump_python([*lines, chart.total_of(lines)], mode="json")
    return {"by": by, "lines": dumped, "total": total}
