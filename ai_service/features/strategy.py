"""The calendar of a campaign."""

from decimal import Decimal
from typing import NamedTuple

from ai_service.contexts import load_brief
from ai_service.default import on_default
from ai_service.errors import InvalidRequest, Problem
from ai_service.ids import Id
from ai_service.recipe import Assignment, Generating, Recipe
from ai_service.requests import CampaignRequest
from ai_service.result import AIResult
from ai_service.runtime import Runtime
from deps.call import Call
from deps.clock import utc_now
from models.strategy import CalendarDay, CampaignStrategy, Pillar, PlannedDay
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
    chain = await runtime.models.text(call.feature)
    return await write_strategy(brief, campaign_id=plan.campaign_id, plan=plan.days, call=call, chain=chain)


RECIPE = Recipe(
    feature=Feature.STRATEGY,
    request=StrategyRequest,
    output=CampaignStrategy,
    prepare=_prepare,
    write=_write,
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
