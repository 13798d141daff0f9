"""Shared parts of the sandbox's tests: briefs, and questions to the model through a bare agent."""

from datetime import date
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel
from pydantic_ai import Agent, NativeOutput
from pydantic_ai.models import Model

from agents.sandbox.model import SandboxModel
from deps.messaging import ReplyTask
from deps.strategy import DayBrief, PillarTask, ThemeTask
from deps.tasks import DayTask, Task
from deps.untrusted import as_document
from models.angles import HINTS
from models.brief import Brief, BusinessContext, Weekday
from models.messaging import Channel, ReplyCopy, Turn
from models.skeleton import plan_days
from models.strategy import PillarSet, ThemeSlice
from models.vocabulary import ContentType, Network, Role

TODAY = date(2026, 12, 1)
SLICE = 6
FIXTURES = sorted((Path(__file__).parent.parent / "evals" / "businesses").glob("*.yaml"))

BAKERY = Brief.model_validate(
    {
        "business": {
            "name": "Levain & Fils",
            "industry": "boulangerie",
            "tone": "chaleureux, espiègle",
            "audience": "familles du quartier",
            "languages": ["fr"],
            "country": "FR",
            "networks": ["instagram", "facebook"],
            "offers": [{"text": "Brioche au potiron", "percent_off": 10, "valid_until": "2026-12-31"}],
            "facts": ["Ouvert du mardi au dimanche", "Farine du moulin voisin"],
            "links": ["https://levain.example"],
            "competitors": ["Le Fournil"],
            "banned_phrases": ["miche"],
        },
        "campaign": {"name": "Automne", "start_date": "2026-12-01", "call_to_action": "Passez nous voir"},
    }
)
DENTIST = Brief.model_validate(
    {
        "business": {
            "name": "Bluebonnet Dental",
            "industry": "dental practice",
            "tone": "calm, reassuring",
            "audience": "adults in Austin",
            "languages": ["en"],
            "country": "US",
            "offers": [{"text": "Whitening for $199", "code": "SMILE15"}],
            "facts": ["Open Monday to Friday from 8 to 5", "Parking behind the building"],
            "links": ["https://bluebonnet.example/book"],
            "required_phrases": ["Results vary from person to person."],
        },
        "campaign": {"start_date": "2026-12-01", "call_to_action": "Book your visit online"},
    }
)

OutputT = TypeVar("OutputT", bound=BaseModel)


def load_fixture(path: Path) -> Brief:
    """Return a fixture brief."""
    return Brief.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def minimal(brief: Brief) -> Brief:
    """Return a brief with the required fields only."""
    business = brief.business
    return Brief(
        business=BusinessContext(
            name=business.name, industry=business.industry, tone=business.tone, languages=business.languages
        )
    )


def changed(brief: Brief, **fields: object) -> Brief:
    """Return a brief with some fields of its business changed."""
    business = BusinessContext.model_validate(brief.business.model_dump() | fields)
    return Brief(business=business, campaign=brief.campaign)


def document(brief: Brief, task: Task) -> str:
    """Return the user message of a question."""
    return as_document(task, brief)


async def ask(brief: Brief, task: Task, output: type[OutputT], *, model: Model | None = None) -> OutputT:
    """Return the answer to a question, through an agent without any knowledge of the sandbox."""
    agent = Agent(model or SandboxModel(), output_type=NativeOutput(output))
    return (await agent.run(document(brief, task))).output


def planned(brief: Brief) -> list[DayBrief]:
    """Return the 30 days whose themes are requested."""
    offers = brief.business.offers
    return [
        DayBrief(
            day=day.day,
            date=day.date,
            content_type=day.content_type,
            network=day.network,
            role=day.role,
            angle=day.angle,
            angle_hint=HINTS[day.angle],
            pillar="Any",
            offer=None if day.offer_index is None else offers[day.offer_index],
            key_date=day.key_date,
        )
        for day in plan_days(brief, today=TODAY)
    ]


_CALENDARS: dict[str, list[str]] = {}


async def calendar(brief: Brief) -> list[str]:
    """Return 30 themes, requested in independent slices; cached for each brief."""
    key = brief.model_dump_json()
    if key not in _CALENDARS:
        _CALENDARS[key] = await fresh_calendar(brief)
    return _CALENDARS[key]


async def fresh_calendar(brief: Brief) -> list[str]:
    """Return 30 themes, requested now."""
    days, themes = planned(brief), list[str]()
    for start in range(0, len(days), SLICE):
        part = days[start : start + SLICE]
        answer = await ask(brief, theme_task(brief, part), ThemeSlice)
        assert [day.day for day in answer.days] == [day.day for day in part]
        themes += [day.theme for day in answer.days]
    return themes


def theme_task(brief: Brief, days: list[DayBrief], avoid: list[str] | None = None) -> ThemeTask:
    """Return the question for the themes of some days."""
    return ThemeTask(language=brief.business.language, days=days, avoid=avoid or [])


def day_task(
    theme: str,
    *,
    brief: Brief = BAKERY,
    role: Role = Role.EDUCATION,
    content_type: ContentType = ContentType.REEL,
    network: Network | None = Network.INSTAGRAM,
    day: int = 8,
    call_to_action: str | None = None,
    sells: bool = False,
) -> DayTask:
    """Return a day of a calendar as a task contains it."""
    return DayTask(
        day=day,
        date=date(2026, 12, day),
        theme=theme,
        content_type=content_type,
        network=network,
        role=role,
        pillar="Any",
        offer=brief.business.offers[0] if sells else None,
        key_date=None,
        call_to_action=call_to_action,
    )


async def pillars(brief: Brief) -> PillarSet:
    """Return the pillars of a brief."""
    return await ask(brief, PillarTask(language=brief.business.language), PillarSet)


async def reply(
    brief: Brief, message: str, *, channel: Channel | None = None, thread: list[Turn] | None = None
) -> ReplyCopy:
    """Return the reply to a customer's message."""
    task = ReplyTask(
        language=brief.business.language,
        customer_message=message,
        channel=channel,
        thread=thread or [],
        today=date(2026, 11, 28),
        weekday=Weekday.SATURDAY,
        time=None,
    )
    return await ask(brief, task, ReplyCopy)
