"""Asks for a campaign's calendar: code has planned the days, the model names the pillars and writes the themes.

Days on demand is the one primitive: a new calendar asks for all days in slices side by side; the days that break a
rule or repeat another are asked for again, alone.
"""

from collections.abc import Sequence

from pydantic_ai.models import Model

from agents.ask import ask
from agents.chain import Chain
from agents.question import DATA_RULES, Question
from agents.side_by_side import side_by_side
from deps.bundle import AgentDeps
from deps.call import Call
from deps.strategy import DayBrief, PillarTask, ThemeTask
from models.angles import HINTS
from models.brief import Brief, BusinessContext
from models.calendar_quality import MAX_NEAR_DUPLICATES, measure, near_duplicates, repeats
from models.publishing import blocking, flagging, violations
from models.strategy import CalendarDay, CampaignStrategy, Pillar, PillarSet, PlannedDay, ThemeSlice
from models.texts import texts_of
from models.vocabulary import Role, Violation

SLICE_DAYS = 6
"""Days per question: a small model writes distinct themes for six days, but repeats itself over thirty."""

PILLAR_INSTRUCTIONS = f"""\
You name the four subjects that a small business's campaign comes back to.

{DATA_RULES}
- Each could belong to this business only: its product, place, people, customers or craft.
- They don't overlap, and none of them is about selling.
"""

THEME_INSTRUCTIONS = f"""\
You write the themes of some days in a small business's content calendar: one line a day.

{DATA_RULES}
- Answer each day of `task.days`, in order, under its own `day` number, and no other day.
- A theme takes up the day's `pillar` by way of its `angle_hint`, suits its `role`, `content_type` and `network`, and
  names something concrete of this business. An owner with a phone can make it in twenty minutes.
- Sell only on days with an `offer`, in its own words. Take up `key_date` where there is one.
- No two themes begin with the same words or say nearly the same, and none comes near one in `task.avoid`.
"""

PILLAR_QUESTION = Question[PillarTask, PillarSet](
    name="strategy_pillars",
    output=PillarSet,
    instructions=PILLAR_INSTRUCTIONS,
    rules=lambda pillars, deps: _rules_of_pillars(pillars, deps),
)
THEME_QUESTION = Question[ThemeTask, ThemeSlice](
    name="strategy",
    output=ThemeSlice,
    instructions=THEME_INSTRUCTIONS,
    rules=lambda answer, deps: _rules_of_themes(answer, deps),
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
    """Return a calendar on the plan: one question for the pillars, one a slice, and one to mend what is left."""
    language = brief.business.language

    async def ask_themes(days: Sequence[DayBrief], avoid: list[str]) -> dict[int, str]:
        task = ThemeTask(language=language, days=list(days), avoid=avoid)
        deps = AgentDeps(brief=brief, task=task)
        answer = await ask(THEME_QUESTION, deps, call=call, chain=chain)
        return {day.day: day.theme for day in answer.days}

    pillar_deps = AgentDeps(brief=brief, task=PillarTask(language=language))
    pillar_set = await ask(PILLAR_QUESTION, pillar_deps, call=call, chain=chain)
    days = [_day_brief(day, pillar_set.pillars, brief.business) for day in plan]
    slices = [days[start : start + SLICE_DAYS] for start in range(0, len(days), SLICE_DAYS)]
    themes: dict[int, str] = {}
    for answered in await side_by_side([ask_themes(part, []) for part in slices]):
        themes |= answered

    deps = AgentDeps(brief=brief, task=ThemeTask(language=language, days=days, avoid=[]))
    if failing := _failing(themes, deps):
        kept = [theme for day, theme in sorted(themes.items()) if day not in failing]
        themes |= await ask_themes([day for day in days if day.day in failing], kept or [brief.business.name])
    calendar = [_calendar_day(day, themes[day.day], pillar_set.pillars, brief) for day in plan]
    return CampaignStrategy(
        campaign_id=campaign_id,
        pillars=pillar_set.pillars,
        calendar=calendar,
        quality=measure(calendar, brand=brief.business.name),
        flags=_flags(pillar_set, themes, deps),
    )


def _rules_of_pillars(pillars: PillarSet, deps: AgentDeps[PillarTask]) -> list[Violation]:
    """Return why pillars can't be published, and that two have the same name."""
    found = violations(texts_of(pillars), deps.brief)
    if len({pillar.name.casefold() for pillar in pillars.pillars}) < len(pillars.pillars):
        found.append(_violation("calendar.pillars", "pillars", "two have the same name, make all four different"))
    return found


def _rules_of_themes(answer: ThemeSlice, deps: AgentDeps[ThemeTask]) -> list[Violation]:
    """Return that other days were answered than asked; of days asked again, also what is wrong with their themes."""
    asked, answered = [day.day for day in deps.task.days], sorted(day.day for day in answer.days)
    if answered != asked:
        message = f"asked for {asked}, answered {answered}: answer exactly the days asked for"
        return [_violation("calendar.days", "days", message)]
    if not deps.task.avoid:
        return []
    themes = {day.day: day.theme for day in answer.days}
    broken, repeating = _broken(themes, deps), _repeating(themes, deps)
    return [found for day in sorted(themes) for found in repeating.get(day) or broken.get(day, [])]


def _failing(themes: dict[int, str], deps: AgentDeps[ThemeTask]) -> set[int]:
    """Return the days to ask for again: those that break a rule, and repeats when there are too many."""
    order = sorted(themes)
    copies = near_duplicates([themes[day] for day in order], brand=deps.brief.business.name)
    repeated = {order[index] for index in copies} if len(copies) > MAX_NEAR_DUPLICATES else set[int]()
    return set(_broken(themes, deps)) | repeated


def _flags(pillars: PillarSet, themes: dict[int, str], deps: AgentDeps[ThemeTask]) -> list[Violation]:
    """Return the soft rules that a calendar breaks, each at its place in `CampaignStrategy`."""
    texts = texts_of(pillars) | {f"calendar.{day - 1}.theme": theme for day, theme in sorted(themes.items())}
    return flagging(violations(texts, deps.brief, supplied=texts_of(deps.task).values()))


def _broken(themes: dict[int, str], deps: AgentDeps[ThemeTask]) -> dict[int, list[Violation]]:
    """Return why themes can't be published, by their day."""
    supplied = {day.day: texts_of(day).values() for day in deps.task.days}
    found = {
        day: blocking(violations({f"day {day}": theme}, deps.brief, supplied=supplied[day]))
        for day, theme in themes.items()
    }
    return {day: items for day, items in found.items() if items}


def _repeating(themes: dict[int, str], deps: AgentDeps[ThemeTask]) -> dict[int, list[Violation]]:
    """Return that a theme repeats another, by its day."""
    taken = list(deps.task.avoid)
    found: dict[int, list[Violation]] = {}
    for day, theme in sorted(themes.items()):
        if repeats(theme, taken, brand=deps.brief.business.name):
            message = "nearly the same as another theme, write a different one"
            found[day] = [_violation("calendar.repeat", f"day {day}", message)]
        taken.append(theme)
    return found


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


def _violation(rule_id: str, path: str, message: str) -> Violation:
    return Violation(rule_id=rule_id, severity="hard", path=path, message=message)
