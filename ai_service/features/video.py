"""The video script of a day."""

from decimal import Decimal

from pydantic import Field

from ai_service.contexts import load_day
from ai_service.default import on_default
from ai_service.ids import Id
from ai_service.recipe import Assignment, Generating, Recipe, Revised, Revision
from ai_service.requests import DayRequest
from ai_service.result import AIResult
from ai_service.runtime import Runtime
from deps.bundle import AgentDeps
from deps.call import Call
from deps.video import VideoTask
from models.video import SpokenSeconds, VideoCopy, VideoScript
from models.vocabulary import Feature

__all__ = ("SpokenSeconds", "VideoScript", "generate_video_script")


class VideoRequest(DayRequest):
    """Arguments of `generate_video_script`."""

    duration_s: int = Field(default=30, ge=6, le=180)
    """Speaking time of the script in seconds."""


async def _prepare(runtime: Runtime, request: VideoRequest) -> Assignment[VideoTask]:
    from models.rules.speech import HOOK_S, unit_of, words_for  # imports the word lists

    day = await load_day(runtime, request)
    language = day.brief.business.language
    task = VideoTask(
        language=language,
        instruction=request.instruction,
        day=day.task,
        duration_s=request.duration_s,
        length=words_for(request.duration_s, language),
        length_unit=unit_of(language),
        hook_length=words_for(HOOK_S, language),
    )
    return Assignment(brief=day.brief, task=task, day=day.task, notes=day.notes)


async def _write(assignment: Assignment[VideoTask], call: Call, runtime: Runtime) -> VideoScript:
    from agents.video import write_video_script

    deps = AgentDeps(brief=assignment.brief, task=assignment.task)
    async with runtime.models.text(call) as chain:
        return await write_video_script(deps, call=call, chain=chain)


def _revise(revision: Revision[VideoScript]) -> Revised[VideoScript]:
    from models.filming import Take, broken_rules, filmable  # imports the word lists

    copy = VideoCopy.model_validate(revision.edited.model_dump(include={*VideoCopy.model_fields}))
    take = Take(
        language=revision.brief.business.language,
        duration_s=revision.generated.seconds.total,
        theme=revision.day.theme if revision.day else "",
    )
    found = broken_rules(copy, take, revision.brief, supplied=revision.supplied)
    script = filmable(copy, take, revision.brief, found=found)
    return Revised(script.model_copy(update={"flags": found}), found)


RECIPE = Recipe(
    feature=Feature.VIDEO,
    request=VideoRequest,
    output=VideoScript,
    prepare=_prepare,
    write=_write,
    revise=_revise,
)


class VideoScripts(Generating):
    """The video feature of `AIService`."""

    async def generate_video_script(
        self,
        business_id: Id,
        campaign_id: Id,
        day: int,
        duration_s: int = 30,
        *,
        instruction: str | None = None,
        user_id: str | None = None,
        idempotency_key: str | None = None,
        spend_at_most_usd: Decimal | None = None,
    ) -> AIResult[VideoScript]:
        """Return a script of `duration_s` seconds (6 to 180) for the theme of `day`, from 1.

        `instruction` is a wish, e.g. "mention the terrace", followed where the rules allow it. Raises NotFound
        where there is no calendar yet.
        """
        return await self._generate(
            RECIPE,
            business_id=business_id,
            campaign_id=campaign_id,
            day=day,
            duration_s=duration_s,
            instruction=instruction,
            user_id=user_id,
            idempotency_key=idempotency_key,
            spend_at_most_usd=spend_at_most_usd,
        )


generate_video_script = on_default(VideoScripts.generate_video_script)
