"""Checks a person's text for saved content with what it was generated from."""

from collections.abc import Mapping

from pydantic import JsonValue, ValidationError

from ai_service.contexts import load_business, load_campaign
from ai_service.days import day_task
from ai_service.drafts import openings_nearby
from ai_service.errors import InvalidRequest, Problem, problems_of
from ai_service.recipe import Revised, Revision, recipe_of
from ai_service.runtime import Runtime
from deps.tasks import DayTask
from models.base import Output
from models.brief import Brief, BusinessContext, CampaignContext
from models.records import SavedContent
from models.strategy import CampaignStrategy
from models.texts import every_text
from models.vocabulary import Feature
from storage.content import newest_content

_LONGEST = 20_000
"""Characters of one text: checks read all of it, so a longer one would delay other calls."""


async def revised(runtime: Runtime, saved: SavedContent, output: Mapping[str, JsonValue]) -> Revised[Output]:
    """Return saved content with the fields of a person's `output` in it, and the rules that it breaks.

    Raises InvalidRequest where the fields are none of the feature's, NotFound where business or campaign are gone.
    """
    recipe = recipe_of(saved.feature)
    edited = {**saved.output, **output}
    _refuse_long_texts(edited, saved)
    business = await load_business(runtime, saved.business_id)
    campaign = CampaignContext()
    if saved.campaign_id is not None:
        campaign = await load_campaign(runtime, saved.business_id, saved.campaign_id)
    revision = Revision(
        generated=_validated(recipe.output, saved.generated or saved.output),
        edited=_validated(recipe.output, edited),
        brief=Brief(business=business, campaign=campaign),
        day=await _planned(runtime, saved, business),
        openings_nearby=await _openings(runtime, saved),
    )
    return recipe.revise(revision)


def _validated(kind: type[Output], output: Mapping[str, JsonValue]) -> Output:
    try:
        return kind.model_validate(output)
    except ValidationError as error:
        raise InvalidRequest(problems_of(error, prefix="output.")) from error


def _refuse_long_texts(edited: dict[str, JsonValue], saved: SavedContent) -> None:
    known = {*dict(every_text(saved.output)).values()}
    long = [path for path, text in every_text(edited) if len(text) > _LONGEST and text not in known]
    if long:
        problem = f"has more than {_LONGEST} characters"
        raise InvalidRequest([Problem(f"output.{path}", problem, "shorten it") for path in long])


async def _planned(runtime: Runtime, saved: SavedContent, business: BusinessContext) -> DayTask | None:
    if saved.campaign_id is None or saved.day is None:
        return None
    ids = (saved.business_id, saved.campaign_id)
    calendar = await newest_content(runtime.engine, *ids, feature=Feature.STRATEGY)
    if calendar is None:
        return None
    strategy = CampaignStrategy.model_validate(calendar.output)
    if saved.day > len(strategy.calendar):
        return None
    return day_task(strategy, saved.day, business, saved.content_type)


async def _openings(runtime: Runtime, saved: SavedContent) -> list[str]:
    if saved.campaign_id is None or saved.day is None or saved.feature is not Feature.CONTENT:
        return []
    return await openings_nearby(runtime, saved.business_id, saved.campaign_id, saved.day)
