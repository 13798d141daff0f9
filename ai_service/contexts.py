"""Loads and checks what a call is based on before any request: business, campaign, planned day."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import NamedTuple

from pydantic import ValidationError

from ai_service.days import day_notes, day_task, planned_day
from ai_service.errors import InvalidRequest, NotFound, Problem, problems_of
from ai_service.requests import CampaignRequest, DayRequest
from ai_service.runtime import Runtime
from deps.tasks import DayTask
from models.brief import Brief, BusinessContext, CampaignContext
from models.strategy import CampaignStrategy
from models.vocabulary import ContentState, ContentType, Feature
from storage.content import newest_content


class Day(NamedTuple):
    """What a function of one day works from."""

    brief: Brief
    task: DayTask
    notes: list[str]
    """What differs from the calendar."""


async def load_business(runtime: Runtime, business_id: str) -> BusinessContext:
    """Return a business. Raises NotFound, and InvalidRequest for one stored by a version that took more."""
    with _stored("business"):
        business = await runtime.contexts.get_business(business_id)
    if business is None:
        raise NotFound(f"no business {business_id!r}: pass one that add_brief returned or your ContextSource knows")
    return business


async def load_campaign(runtime: Runtime, business_id: str, campaign_id: str) -> CampaignContext:
    """Return a campaign of this business. Raises as `load_business`; another business's campaign is not found."""
    with _stored("campaign"):
        campaign = await runtime.contexts.get_campaign(business_id, campaign_id)
    if campaign is None:
        raise NotFound(f"business {business_id!r} has no campaign {campaign_id!r}: pass ids that belong together")
    return campaign


@contextmanager
def _stored(part: str) -> Generator[None]:
    """Raise what a stored part of a brief breaks as the package's own error."""
    try:
        yield
    except ValidationError as error:
        raise InvalidRequest(problems_of(error, prefix=f"{part}.")) from error


async def load_brief(runtime: Runtime, request: CampaignRequest) -> Brief:
    """Return a business and its campaign. Raises NotFound."""
    business = await load_business(runtime, request.business_id)
    campaign = await load_campaign(runtime, request.business_id, request.campaign_id)
    return Brief(business=business, campaign=campaign)


async def load_day(runtime: Runtime, request: DayRequest, content_type: ContentType | None = None) -> Day:
    """Return a planned day of the stored calendar; `content_type` overrides the planned one.

    Raises NotFound where there is no business, campaign or calendar.
    """
    brief = await load_brief(runtime, request)
    strategy = await load_strategy(runtime, request.business_id, request.campaign_id)
    task = day_task(strategy, request.day, brief.business, content_type)
    return Day(brief, task, day_notes(planned_day(strategy, request.day), task))


async def missing_content(
    runtime: Runtime, business_id: str, campaign_id: str, day: int, feature: Feature, state: ContentState | None
) -> NotFound:
    """Return the error for a day without saved content; past the end of the calendar it names the length."""
    saved = await newest_content(runtime.engine, business_id, campaign_id, feature=Feature.STRATEGY)
    length = CampaignStrategy.model_validate(saved.output).calendar[-1].day if saved else day
    if day > length:
        return NotFound(f"campaign {campaign_id!r} has no day {day}: its calendar has {length} days")
    if state is not None:
        return NotFound(f"campaign {campaign_id!r} has no {feature} for day {day} that is {state}: see list_content")
    return NotFound(f"campaign {campaign_id!r} has no {feature} for day {day}: generate it first")


async def load_strategy(runtime: Runtime, business_id: str, campaign_id: str) -> CampaignStrategy:
    """Return the newest calendar of a campaign of this business. Raises NotFound naming what makes one."""
    saved = await newest_content(runtime.engine, business_id, campaign_id, feature=Feature.STRATEGY)
    if saved is None:
        raise NotFound(f"campaign {campaign_id!r} has no calendar yet: call generate_strategy first")
    return CampaignStrategy.model_validate(saved.output)


def refuse_clashes(business: BusinessContext) -> None:
    """Raise InvalidRequest where a required phrase holds what must not be said: every post would fail."""
    from models.publishing import clashing_phrases  # loads the word lists

    clashes = clashing_phrases(business)
    if clashes:
        raise InvalidRequest(
            [
                Problem(
                    f"business.{clash.path}",
                    f"holds what must not be said: {clash.message.partition(' ')[0]}",
                    "remove one of the two from the brief",
                )
                for clash in clashes
            ]
        )
