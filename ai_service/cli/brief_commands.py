"""The commands that check and load a brief."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group
from rich.text import Text

from ai_service.cli.brief_file import load_brief
from ai_service.cli.options import Database, Json
from ai_service.cli.target import without_model
from ai_service.cli.terminal import Answer, out, print_json, run, show
from ai_service.cli.views.brief_summary import problem_list, summary
from ai_service.cli.views.text import DIM, label_grid, plain
from ai_service.errors import InvalidRequest

app = typer.Typer(help="Check or load a brief.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(metavar="FILE", help="A brief in YAML or JSON.", show_default=False)]


@app.command()
def check(file: File, as_json: Json = False) -> None:
    """List the problems of a brief: the field, the problem, and the fix."""
    try:
        brief = load_brief(file)
    except InvalidRequest as error:
        if as_json:
            print_json({"ok": False, **error.to_dict()})
        else:
            out().print(problem_list(error.problems))
        raise typer.Exit(1) from error
    ok = Group(
        summary(brief),
        Text(),
        Text("ok", "bold green") + plain(f", load it with: ai-service brief load {file}"),
    )
    show(Answer({"ok": True, "problems": []}, ok), as_json=as_json)


@app.command()
def load(file: File, database: Database = None, as_json: Json = False) -> None:
    """Store a business and its campaign, and print their ids."""

    async def work() -> Answer:
        brief = load_brief(file)
        async with without_model(database) as ai:
            ids = await ai.add_brief(brief)
        stored = label_grid({"Business": brief.business.name, "Campaign": brief.campaign.name})
        go_on = f"ai-service strategy --business {ids.business_id} \\\n  --campaign {ids.campaign_id}"
        view = Group(stored, Text(), Text("Go on with", style=DIM), Text(go_on))
        return Answer({**asdict(ids)}, view)

    run(work, database=database, as_json=as_json)
