"""The picture of a day."""

from decimal import Decimal

from ai_service.contexts import load_day
from ai_service.days import UPRIGHT
from ai_service.default import on_default
from ai_service.errors import InvalidRequest, Problem
from ai_service.ids import Id
from ai_service.recipe import Assignment, Generating, Recipe, Revised, Revision
from ai_service.requests import DayRequest
from ai_service.result import AIResult
from ai_service.runtime import Runtime
from deps.bundle import AgentDeps
from deps.call import Call
from deps.image import ImageTask
from deps.suspicion import suspicious
from models.brief import Brief
from models.image import AspectRatio, GeneratedImage
from models.vocabulary import ContentType, Feature

__all__ = ("GeneratedImage", "generate_image")


class ImageRequest(DayRequest):
    """Arguments of `generate_image`."""

    aspect_ratio: AspectRatio | None = None
    """Width before height; None for the ratio that suits the day's format."""


async def _prepare(runtime: Runtime, request: ImageRequest) -> Assignment[ImageTask]:
    day = await load_day(runtime, request)
    ratio = request.aspect_ratio or _ratio_of(day.task.content_type)
    _refuse_wish(request, day.brief)
    task = ImageTask(
        language=day.brief.business.language,
        instruction=request.instruction,
        day=day.task,
        aspect_ratio=ratio,
    )
    return Assignment(brief=day.brief, task=task, day=day.task, notes=day.notes)


async def _write(assignment: Assignment[ImageTask], call: Call, runtime: Runtime) -> GeneratedImage:
    from agents.image import draw_image

    deps = AgentDeps(brief=assignment.brief, task=assignment.task)
    async with runtime.models.image(call) as chain:
        return await draw_image(deps, call=call, chain=chain)


def _revise(revision: Revision[GeneratedImage]) -> Revised[GeneratedImage]:
    from models.publishing import violations  # imports the word lists

    alt_text = revision.edited.alt_text
    found = violations({"alt_text": alt_text}, revision.brief, supplied=revision.supplied)
    return Revised(revision.generated.model_copy(update={"alt_text": alt_text}), found)


def _notes(request: ImageRequest, image: GeneratedImage) -> list[str]:
    return [f"the picture was {change}" for change in image.changes]


RECIPE = Recipe(
    feature=Feature.IMAGE,
    request=ImageRequest,
    output=GeneratedImage,
    prepare=_prepare,
    write=_write,
    notes=_notes,
    revise=_revise,
)


class Images(Generating):
    """The image feature of `AIService`."""

    async def generate_image(
        self,
        business_id: Id,
        campaign_id: Id,
        day: int,
        *,
        aspect_ratio: AspectRatio | None = None,
        instruction: str | None = None,
        user_id: str | None = None,
        idempotency_key: str | None = None,
        spend_at_most_usd: Decimal | None = None,
    ) -> AIResult[GeneratedImage]:
        """Return a picture for the theme of `day`, from 1; `aspect_ratio` None: what suits the day's format.

        `instruction` is a wish, e.g. "the terrace in the evening", followed where the rules allow it. It is refused
        where it breaks a hard rule or looks like an attack. Raises NotFound where there is no calendar yet.
        """
        return await self._generate(
            RECIPE,
            business_id=business_id,
            campaign_id=campaign_id,
            day=day,
            aspect_ratio=aspect_ratio,
            instruction=instruction,
            user_id=user_id,
            idempotency_key=idempotency_key,
            spend_at_most_usd=spend_at_most_usd,
        )


generate_image = on_default(Images.generate_image)


def _refuse_wish(request: ImageRequest, brief: Brief) -> None:
    """Raise InvalidRequest for a wish that no picture may follow: an image model does not tell data from orders."""
    from models.publishing import blocking, violations  # imports the word lists

    if request.instruction is None:
        return
    wish = {"instruction": request.instruction}
    reasons = [*suspicious(wish), *(found.message for found in blocking(violations(wish, brief)))]
    if reasons:
        raise InvalidRequest([Problem("instruction", reason, "say what the picture shows") for reason in reasons])


def _ratio_of(content_type: ContentType) -> AspectRatio:
    """Return the ratio that suits a format: upright for full-screen formats, 4:5 for the feed."""
    return "9:16" if content_type in UPRIGHT else "4:5"
