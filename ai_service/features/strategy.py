"""The calendar of a campaign."""

from decimal import Decimal
from typing import NamedTuple

from pydantic import ValidationError

from ai_service.contexts import load_brief
from ai_service.default import on_default
from ai_service.errors import InvalidRequest, Problem, problems_of
from ai_service.ids import Id
from ai_service.recipe import Assignment, Generating, Recipe, Revised, Revision
from ai_service.requests import CampaignRequest
from ai_service.result import AIResult
from ai_service.runtime import Runtime
from deps.call import Call
from deps.clock import utc_now
from models.strategy import CalendarDay, CampaignStrategy, DayTheme, Pillar, PlannedDay
from models.texts import texts_of
from models.vocabulary import Feature

__all__ = ("CalendarDay", "CampaignStrategy", "Pillar", "generate_strategy")


class StrategyRequest(CampaignRequest):
    """Arguments of `generate_strategy`."""


class _Plan(NamedTuple):
    campaign_id: str
    days: list[PlannedDay]


async def _prepare(runtime: Runtime, request: StrategyRequest) -> Assignment[_Plan]:
    from models.skeleton import plan_days  # imports `holidays`, which takes 0.1 s

    brief = await load_brief(runtime, request)
    try:
        days = plan_days(brief, today=utc_now().date())
    except ValueError as error:
        raise InvalidRequest([Problem("campaign", str(error), "change the brief")]) from error
    return Assignment(brief=brief, task=_Plan(request.campaign_id, days))


async def _write(assignment: Assignment[_Plan], call: Call, runtime: Runtime) -> CampaignStrategy:
    from agents.strategy import write_strategy

    brief, plan = assignment.brief, assignment.task
    async with runtime.models.text(call) as chain:
        return await write_strategy(brief, campaign_id=plan.campaign_id, plan=plan.days, call=call, chain=chain)


def _revise(revision: Revision[CampaignStrategy]) -> Revised[CampaignStrategy]:
    from models.calendar_quality import measure
    from models.publishing import violations  # imports the word lists

    planned, edited = revision.generated.calendar, revision.edited.calendar
    if len(edited) != len(planned):
        problem = Problem("output.calendar", f"has {len(edited)} days, not {len(planned)}", "keep all days")
        raise InvalidRequest([problem])
    calendar = [_with_theme(day, other) for day, other in zip(planned, edited, strict=True)]
    themes = {f"calendar.{day.day - 1}.theme": day.theme for day in calendar}
    supplied = [text for day in calendar for path, text in texts_of(day).items() if path != "theme"]
    found = violations(themes, revision.brief, supplied=supplied)
    changed = {
        "calendar": calendar,
        "quality": measure(calendar, brand=revision.brief.business.name),
        "flags": found,
    }
    return Revised(revision.generated.model_copy(update=changed), found)


def _with_theme(day: CalendarDay, edited: CalendarDay) -> CalendarDay:
    """Return a planned day with a person's theme: the rest of it is the plan's."""
    try:
        theme = DayTheme(day=day.day, theme=edited.theme).theme
    except ValidationError as error:
        raise InvalidRequest(problems_of(error, prefix=f"output.calendar.{day.day - 1}.")) from error
    changed = theme != day.theme
    return day.model_copy(update={"theme": theme, "revision": day.revision + changed})


RECIPE = Recipe(
    feature=Feature.STRATEGY,
    request=StrategyRequest,
    output=CampaignStrategy,
    prepare=_prepare,
    write=_write,
    revise=_revise,
)


class Calendars(Generating):
    """The strategy feature of `AIService`."""

    async def generate_strategy(
        self,
        business_id: Id,
        campaign_id: Id,
        *,
        user_id: str | None = None,
        idempotency_key: str | None = None,
        spend_at_most_usd: Decimal | None = None,
    ) -> AIResult[CampaignStrategy]:
        """Return a calendar of 30 publishing days for a campaign."""
        return await self._generate(
            RECIPE,
            business_id=business_id,
            campaign_id=campaign_id,
            user_id=user_id,
            idempotency_key=idempotency_key,
            spend_at_most_usd=spend_at_most_usd,
        )


generate_strategy = on_default(Calendars.generate_strategy)
