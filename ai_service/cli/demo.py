"""The demo: runs one brief through the features and shows each result."""

import asyncio
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from shutil import which
from typing import Annotated

import typer
from pydantic import JsonValue
from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.text import Text

from ai_service.cli.brief_file import load_brief
from ai_service.cli.features import content, image, messaging, strategy, video
from ai_service.cli.log_commands import costs_document
from ai_service.cli.options import Json, Model
from ai_service.cli.picture_file import make_folder, save_picture
from ai_service.cli.result_document import document
from ai_service.cli.target import opened
from ai_service.cli.terminal import errors_shown, out, print_json, working
from ai_service.cli.views.brief_summary import summary
from ai_service.cli.views.cost_table import CostTable
from ai_service.cli.views.text import DIM
from ai_service.errors import ConfigurationError
from ai_service.service import AIService
from ai_service.settings import DEFAULT_MODEL, SANDBOX, Settings
from examples import LEVAIN
from models.brief import Brief
from models.records import BriefIds
from models.strategy import CalendarDay
from models.vocabulary import ContentType, Feature, Role

_QUESTION = "Hello! Are you open on Sunday morning? We would come by with the children."
_QUESTIONS = {"fr": "Bonjour ! Êtes-vous ouverts le dimanche matin ? Nous passerions avec les enfants."}
_TELLING_ROLES = (Role.LAUNCH, Role.OFFER, Role.COMMUNITY, Role.PROOF, Role.EDUCATION)
_POSTS = 3
_VIDEO_SECONDS = 30

Show = Callable[[str, RenderableType], None]


def demo(
    brief: Annotated[
        Path, typer.Option("--brief", metavar="FILE", help="The brief to use.", show_default="a bakery's")
    ] = LEVAIN,
    folder: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", help="Folder for the database and the picture.")
    ] = Path("demo-output"),
    model: Model = None,
    as_json: Json = False,
) -> None:
    """Run a brief through calendar, posts, video, reply and picture, and show results and cost."""

    def show(heading: str, view: RenderableType) -> None:
        if not as_json:
            rule = Rule(Text(heading, style="bold"), align="left", style=DIM)
            out().print(Group(rule, Text(), view, Text()))

    database = f"sqlite:///{folder / 'marketing.db'}"
    with errors_shown(database=database, as_json=as_json):
        make_folder(folder)
        found = asyncio.run(_demo(load_brief(brief), folder, database=database, model=model, show=show))
    if as_json:
        print_json(found)


async def _demo(brief: Brief, folder: Path, *, database: str, model: str | None, show: Show) -> dict[str, JsonValue]:
    async with opened(model=model, image_model=_image_model(), database=database, announce_sandbox=False) as ai:
        ids = await ai.add_brief(brief)
        show("The brief", summary(brief))
        with working("Planning 30 days and writing their themes"):
            planned = await ai.generate_strategy(ids.business_id, ids.campaign_id)
        show("The month", strategy.calendar(planned.output, width=out().width))
        days = planned.output.calendar
        made: dict[str, JsonValue] = {
            "strategy": document(planned, ids),
            "posts": await _posts(ai, ids, days, show),
            "video": await _video(ai, ids, days, show),
            "reply": await _reply(ai, ids, brief, show),
            "image": await _image(ai, ids, days, folder, show),
        }
        lines = await ai.costs(by="feature", business_id=ids.business_id)
    show("What it cost", CostTable(lines, by="feature"))
    show("And now", _next_steps(ids, database, sandbox=planned.sandbox))
    return {**asdict(ids), "database": database, **made, "costs": costs_document(lines, by="feature")}


async def _posts(ai: AIService, ids: BriefIds, days: list[CalendarDay], show: Show) -> list[JsonValue]:
    found: list[JsonValue] = []
    cards: list[content.DayPost] = []
    for day in _telling_days(days):
        with working(f"Writing the post of day {day.day}"):
            result = await ai.generate_content(ids.business_id, ids.campaign_id, day.day)
        found.append(document(result, ids))
        cards.append(content.DayPost(result.output, day))
    show("Posts", content.cards(cards, width=out().width))
    return found


async def _video(ai: AIService, ids: BriefIds, days: list[CalendarDay], show: Show) -> JsonValue:
    day = _first(days, ContentType.REEL, ContentType.VIDEO)
    with working(f"Writing the video script of day {day.day}"):
        result = await ai.generate_video_script(ids.business_id, ids.campaign_id, day.day, _VIDEO_SECONDS)
    heading = f"A video of {_VIDEO_SECONDS} seconds for day {day.day}"
    show(heading, video.script(result.output, width=out().width))
    return document(result, ids)


async def _reply(ai: AIService, ids: BriefIds, brief: Brief, show: Show) -> JsonValue:
    question = _QUESTIONS.get(brief.business.language.partition("-")[0], _QUESTION)
    with working("Writing the reply"):
        result = await ai.suggest_reply(ids.business_id, question, campaign_id=ids.campaign_id)
    show("A reply", messaging.chat(question, result.output, width=out().width))
    return document(result, ids)


async def _image(ai: AIService, ids: BriefIds, days: list[CalendarDay], folder: Path, show: Show) -> JsonValue:
    day = _first(days, ContentType.IMAGE, ContentType.CAROUSEL)
    with working(f"Drawing the picture of day {day.day}"):
        result = await ai.generate_image(ids.business_id, ids.campaign_id, day.day)
    path = save_picture(result.output, folder / f"day-{day.day}-{result.content_id[:8]}")
    show(f"A picture for day {day.day}", image.picture(result.output, path=path))
    return document(result, ids, path=path)


def _telling_days(days: list[CalendarDay]) -> list[CalendarDay]:
    """Return the first day of each of the most telling roles, in the order of the calendar."""
    firsts = [next((day for day in days if day.role is role), None) for role in _TELLING_ROLES]
    return sorted([day for day in firsts if day][:_POSTS], key=lambda day: day.day)


def _first(days: list[CalendarDay], *formats: ContentType) -> CalendarDay:
    """Return the first day with one of the formats, the first format that the calendar has."""
    by_format = {day.content_type: day for day in reversed(days)}
    return next((by_format[found] for found in formats if found in by_format), days[0])


def _image_model() -> str | None:
    """Return the sandbox if no image model is configured: the demo needs only a text model."""
    try:
        Settings.from_env().chain(Feature.IMAGE)
    except ConfigurationError:
        return SANDBOX
    return None


def _next_steps(ids: BriefIds, database: str, *, sandbox: bool) -> Text:
    """Return the next commands, and how to use a real model if the sandbox wrote."""
    name = program()
    said = f"The sandbox wrote this; for a real model, with OPENAI_API_KEY set: {name} demo --model {DEFAULT_MODEL}\n\n"
    commands = f"""\
export AI_SERVICE_DATABASE_URL={database}
{name} content --day 2 \\
  --business {ids.business_id} \\
  --campaign {ids.campaign_id}
{name} logs
{name} costs --by model"""
    return Text.assemble((said if sandbox else "", "yellow"), commands)


def program() -> str:
    """Return the command to run this program: its name, or its path if it is not on the PATH."""
    script = Path(sys.executable).with_name("ai-service")
    if which("ai-service") or not script.exists():
        return "ai-service"
    return os.path.relpath(script)
