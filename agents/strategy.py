"""Asks for a campaign's calendar: code has planned the days, the model names the pillars and writes the themes."""

from collections.abc import Sequence

from pydantic_ai.models import Model

from agents.ask import ask
from agents.chain import Chain
from agents.question import DATA_RULES, Question
from agents.themes import REPEAT, repeating, write_themes
from deps.bundle import AgentDeps
from deps.call import Call
from deps.strategy import DayBrief, PillarTask, ThemeTask
from models.angles import HINTS
from models.brief import Brief, BusinessContext
from models.calendar_quality import measure
from models.publishing import flagging, violations
from models.strategy import CalendarDay, CampaignStrategy, Pillar, PillarSet, PlannedDay
from models.texts import texts_of
from models.vocabulary import Role, Violation

PILLAR_INSTRUCTIONS = f"""\
You name the four subjects that a small business's campaign comes back to.

{DATA_RULES}
- Each could belong to this business only: its product, place, people, customers or craft.
- They don't overlap, and none of them is about selling.
"""

PILLAR_QUESTION = Question[PillarTask, PillarSet](
    name="strategy_pillars",
    output=PillarSet,
    instructions=PILLAR_INSTRUCTIONS,
    rules=lambda pillars, deps: _rules_of_pillars(pillars, deps),
)
_CALLS_TO_ACTION = {Role.LAUNCH, Role.OFFER, Role.PROOF, Role.RECAP}


async def write_strategy(
    brief: Brief,
    *,
    campaign_id: str,
    plan: Sequence[PlannedDay],
    call: Call,
    chain: Chain[Model],
) -> CampaignStrategy:
    """Return a calendar on the plan: one question for the pillars, one a slice, and one to mend what is left.

    Days whose themes can't be had are named in `missing`. Raises as `agents.ask.ask` does where too few days are left
    for a calendar.
    """
    language = brief.business.language
    pillar_deps = AgentDeps(brief=brief, task=PillarTask(language=language))
    pillar_set = await ask(PILLAR_QUESTION, pillar_deps, call=call, chain=chain)
    days = [_day_brief(day, pillar_set.pillars, brief.business) for day in plan]
    deps = AgentDeps(brief=brief, task=ThemeTask(language=language, days=days, avoid=[]))
    themes, lost = await write_themes(deps, call=call.for_part(), chain=chain)
    calendar = [_calendar_day(day, themes[day.day], pillar_set.pillars, brief) for day in plan if day.day in themes]
    return CampaignStrategy(
        campaign_id=campaign_id,
        pillars=pillar_set.pillars,
        calendar=calendar,
        quality=measure(calendar, brand=brief.business.name),
        flags=_flags(pillar_set, calendar, deps),
        missing=lost,
    )


def _rules_of_pillars(pillars: PillarSet, deps: AgentDeps[PillarTask]) -> list[Violation]:
    """Return why pillars can't be published, and that two have the same name."""
    found = violations(texts_of(pillars), deps.brief)
    if len({pillar.name.casefold() for pillar in pillars.pillars}) < len(pillars.pillars):
        message = "two have the same name, make all four different"
        found.append(Violation(rule_id="calendar.pillars", severity="hard", path="pillars", message=message))
    return found


def _flags(pillars: PillarSet, calendar: Sequence[CalendarDay], deps: AgentDeps[ThemeTask]) -> list[Violation]:
    """Return the soft rules that a calendar breaks and the repeats left in it, each at its place in the calendar."""
    paths = {day.day: f"calendar.{index}.theme" for index, day in enumerate(calendar)}
    themes = {day.day: day.theme for day in calendar}
    texts = texts_of(pillars) | {paths[day]: theme for day, theme in themes.items()}
    flags = flagging(violations(texts, deps.brief, supplied=texts_of(deps.task).values()))
    return flags + [
        Violation(rule_id=REPEAT, severity="soft", path=paths[day], message=message)
        for day, message in repeating(themes, deps).items()
    ]


def _day_brief(day: PlannedDay, pillars: Sequence[Pillar], business: BusinessContext) -> DayBrief:
    return DayBrief(
        day=day.day,
        date=day.date,
        content_type=day.content_type,
        network=day.network,
        role=day.role,
        angle=day.angle,
        angle_hint=HINTS[day.angle],
        pillar=pillars[day.pillar_index].name,
        offer=None if day.offer_index is None else business.offers[day.offer_index],
        key_date=day.key_date,
    )


def _calendar_day(day: PlannedDay, theme: str, pillars: Sequence[Pillar], brief: Brief) -> CalendarDay:
    return CalendarDay(
        day=day.day,
        date=day.date,
        theme=theme,
        content_type=day.content_type,
        network=day.network,
        pillar=pillars[day.pillar_index].name,
        role=day.role,
        funnel_stage=day.funnel_stage,
        is_promo=day.is_promo,
        offer=None if day.offer_index is None else brief.business.offers[day.offer_index].text,
        key_date=day.key_date,
        call_to_action=brief.campaign.call_to_action if day.role in _CALLS_TO_ACTION else None,
        locked=False,
        revision=1,
    )
