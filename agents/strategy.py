"""A campaign's calendar: code has planned the days, the model names the pillars and writes the themes.

Days on demand is the one primitive: a new calendar asks for all days in slices side by side; the days that break a
rule or repeat another are asked for again, alone.
"""

from collections.abc import Sequence

from pydantic_ai import Agent, ModelRetry, NativeOutput, RunContext
from pydantic_ai.models import Model

from agents.ask import DATA_RULES, ask, first_request_bytes, reasons, require_publishable
from agents.chain import Chain
from agents.side_by_side import side_by_side
from deps.bundle import AgentDeps
from deps.call import Call
from deps.strategy import DayBrief, PillarTask, ThemeTask
from models.angles import HINTS
from models.brief import Brief, BusinessContext
from models.calendar_quality import MAX_NEAR_DUPLICATES, measure, near_duplicates, repeats
from models.publishing import blocking, flagging, violations
from models.rules.leak import quoted
from models.skeleton import PILLARS
from models.strategy import CalendarDay, CampaignStrategy, Pillar, PillarSet, PlannedDay, ThemeSlice
from models.texts import texts_of
from models.vocabulary import Role, Violation

SLICE_DAYS = 6
"""Days per question: with six a small model keeps themes apart, with thirty it falls into a rut."""

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

pillar_agent = Agent(
    name="strategy_pillars",
    deps_type=AgentDeps[PillarTask],
    output_type=NativeOutput(PillarSet),
    instructions=PILLAR_INSTRUCTIONS,
)
strategy_agent = Agent(
    name="strategy",
    deps_type=AgentDeps[ThemeTask],
    output_type=NativeOutput(ThemeSlice),
    instructions=THEME_INSTRUCTIONS,
)

_CALLS_TO_ACTION = {Role.LAUNCH, Role.OFFER, Role.PROOF, Role.RECAP}


@pillar_agent.output_validator
async def check_pillars(ctx: RunContext[AgentDeps[PillarTask]], pillars: PillarSet) -> PillarSet:
    """Refuse pillars that can't be published or have the same name."""
    require_publishable(pillars, ctx.deps)
    names = {pillar.name.casefold() for pillar in pillars.pillars}
    if len(names) < len(pillars.pillars):
        raise ModelRetry("pillars: two have the same name, make all four different")
    return pillars


@strategy_agent.output_validator
async def check_themes(ctx: RunContext[AgentDeps[ThemeTask]], answer: ThemeSlice) -> ThemeSlice:
    """Refuse an answer for other days than asked; of days asked again, also themes that break a rule."""
    task = ctx.deps.task
    asked, answered = [day.day for day in task.days], sorted(day.day for day in answer.days)
    if answered != asked:
        raise ModelRetry(f"days: asked for {asked}, answered {answered}: answer exactly the days asked for")
    if task.avoid:
        themes = {day.day: day.theme for day in answer.days}
        broken = {**_broken(themes, ctx.deps), **_repeating(themes, ctx.deps)}
        if broken:
            raise ModelRetry("; ".join(broken[day] for day in sorted(broken)))
    return answer


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
        answer = await ask(strategy_agent, deps, call=call, chain=chain, instructions=THEME_INSTRUCTIONS)
        return {day.day: day.theme for day in answer.days}

    pillar_deps = AgentDeps(brief=brief, task=PillarTask(language=language))
    pillar_set = await ask(pillar_agent, pillar_deps, call=call, chain=chain, instructions=PILLAR_INSTRUCTIONS)
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


def strategy_requests_bytes(brief: Brief, plan: Sequence[PlannedDay]) -> list[int]:
    """Return bounds on the bytes of each question's first request: the pillars, the slices, and mending all days."""
    language = brief.business.language
    # names and themes as long as they may be, of letters that are escaped
    pillars = [Pillar(name="é" * 60, description="é")] * PILLARS
    days = [_day_brief(day, pillars, brief.business) for day in plan]
    slices = [days[start : start + SLICE_DAYS] for start in range(0, len(days), SLICE_DAYS)]
    tasks = [ThemeTask(language=language, days=part, avoid=[]) for part in slices]
    tasks.append(ThemeTask(language=language, days=days, avoid=["é" * 140] * len(days)))
    naming = AgentDeps(brief=brief, task=PillarTask(language=language))
    writing = [AgentDeps(brief=brief, task=task) for task in tasks]
    return [
        first_request_bytes(naming, instructions=PILLAR_INSTRUCTIONS, output=PillarSet),
        *(first_request_bytes(deps, instructions=THEME_INSTRUCTIONS, output=ThemeSlice) for deps in writing),
    ]


def _failing(themes: dict[int, str], deps: AgentDeps[ThemeTask]) -> set[int]:
    """Return the days to ask for again: those that break a rule, and repeats when there are too many."""
    order = sorted(themes)
    copies = near_duplicates([themes[day] for day in order], brand=deps.brief.business.name)
    repeated = {order[index] for index in copies} if len(copies) > MAX_NEAR_DUPLICATES else set[int]()
    return set(_broken(themes, deps)) | repeated


def _flags(pillars: PillarSet, themes: dict[int, str], deps: AgentDeps[ThemeTask]) -> list[Violation]:
    """Return the soft rules that a calendar breaks, each at its place in `CampaignStrategy`."""
    texts = texts_of(pillars) | {f"calendar.{day - 1}.theme": theme for day, theme in sorted(themes.items())}
    supplied = texts_of(deps.task).values()
    return flagging(violations(texts, deps.brief, supplied=supplied))


def _broken(themes: dict[int, str], deps: AgentDeps[ThemeTask]) -> dict[int, str]:
    """Return the reason for each day whose theme can't be published."""
    supplied = {day.day: texts_of(day).values() for day in deps.task.days}
    found: dict[int, list[Violation]] = {
        day: [
            *violations({f"day {day}": theme}, deps.brief, supplied=supplied[day]),
            *quoted({f"day {day}": theme}, THEME_INSTRUCTIONS),
        ]
        for day, theme in themes.items()
    }
    blocked = {day: blocking(items) for day, items in found.items()}
    return {day: reasons(items) for day, items in blocked.items() if items}


def _repeating(themes: dict[int, str], deps: AgentDeps[ThemeTask]) -> dict[int, str]:
    """Return the reason for each day whose theme repeats another."""
    taken = list(deps.task.avoid)
    reason: dict[int, str] = {}
    for day, theme in sorted(themes.items()):
        if repeats(theme, taken, brand=deps.brief.business.name):
            reason[day] = f"day {day}: nearly the same as another theme, write a different one"
        taken.append(theme)
    return reason


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
