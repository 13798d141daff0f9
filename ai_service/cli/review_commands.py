"""The commands of a review: what is saved is listed and shown, and its state changed."""

from typing import Annotated

import typer
from pydantic import JsonValue, TypeAdapter
from rich.console import Group
from rich.text import Text

from ai_service.cli.options import Campaign, Database, Json, User
from ai_service.cli.target import without_model
from ai_service.cli.terminal import Answer, run
from ai_service.cli.views.text import DIM, label_grid, plain
from models.records import ContentChange, SavedContent
from models.texts import every_text
from models.vocabulary import ContentState, Feature

app = typer.Typer(help="List, show, approve or reject what is saved.", no_args_is_help=True)

_CONTENT, _CHANGES = TypeAdapter(SavedContent), TypeAdapter(list[ContentChange])
_SHOWN = 60

OfBusiness = Annotated[str, typer.Option("--business", metavar="ID", help="The business.")]
Content = Annotated[str, typer.Argument(metavar="CONTENT", help="The content, as `review list` shows it.")]


@app.command("list")
def list_(
    business: OfBusiness,
    campaign: Campaign = None,
    feature: Annotated[Feature | None, typer.Option(help="What a feature made.")] = None,
    day: Annotated[int | None, typer.Option(metavar="N", min=1, help="The versions of a day.")] = None,
    state: Annotated[ContentState | None, typer.Option(help="What is in this state.")] = None,
    after: Annotated[str | None, typer.Option(metavar="CURSOR", help="The next page.")] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=200, help="Entries of a page.")] = 20,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """List what is saved of a business, newest first."""

    async def work() -> Answer:
        async with without_model(database) as ai:
            page = await ai.list_content(
                business, campaign_id=campaign, feature=feature, day=day, state=state, after=after, limit=limit
            )
        items: list[JsonValue] = [_document(content) for content in page.items]
        rows = [_line(content) for content in page.items] or [Text("Nothing is saved there.")]
        follow = [Text(f"next page: --after {page.after}", style=DIM)] if page.after else []
        return Answer({"items": items, "after": page.after}, Group(*rows, *follow))

    run(work, database=database, as_json=as_json)


@app.command()
def show(content: Content, business: OfBusiness, database: Database = None, as_json: Json = False) -> None:
    """Show saved content: its texts, and who changed what when."""

    async def work() -> Answer:
        async with without_model(database) as ai:
            saved = await ai.get_content(business, content)
            changes = await ai.content_history(business, content)
        view = Group(_line(saved), label_grid(_texts(saved)), *map(_change, changes))
        return Answer({**_document(saved), "changes": _CHANGES.dump_python(changes, mode="json")}, view)

    run(work, database=database, as_json=as_json)


@app.command("set")
def set_(
    content: Content,
    state: Annotated[ContentState, typer.Argument(help="The new state.")],
    business: OfBusiness,
    revision: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="The revision that was read. Default: the present one.")
    ] = None,
    user: User = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Change the state of saved content."""

    async def work() -> Answer:
        async with without_model(database) as ai:
            read = revision or (await ai.get_content(business, content)).revision
            saved = await ai.set_state(business, content, state, read, user_id=user)
        return Answer(_document(saved), _line(saved))

    run(work, database=database, as_json=as_json)


def _document(content: SavedContent) -> dict[str, JsonValue]:
    return _CONTENT.dump_python(content, mode="json")


def _texts(content: SavedContent) -> dict[str, str]:
    return {path: text for path, text in every_text(content.output) if path != "base64"}


def _line(content: SavedContent) -> Text:
    texts = _texts(content)
    said = next((texts[name] for name in ("caption", "hook", "reply", "alt_text") if name in texts), "")
    return Text.assemble(
        (content.content_id, "bold"),
        f"  {content.feature}{f' day {content.day}' if content.day else ''}"
        f"  {content.state}, revision {content.revision}  ",
        plain(said.partition("\n")[0][:_SHOWN]),
    )


def _change(change: ContentChange) -> Text:
    what = "edited" if change.edited else f"{change.was} to {change.state}"
    by = f" by {change.user_id}" if change.user_id else ""
    return plain(f"{change.changed_at:%Y-%m-%d %H:%M} UTC  revision {change.revision}: {what}{by}")
