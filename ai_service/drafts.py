"""What was generated, saved as a draft and read back."""

from typing import TypeVar

from storage.content import latest_content, save_content, set_state

from agents.providers import SANDBOX
from ai_service.errors import NotFound, StaleRevision
from ai_service.result import AIResult
from ai_service.runtime import Runtime
from deps.call import Call
from deps.tasks import DayTask
from models.base import Output
from models.brief import BusinessContext
from models.records import SavedContent
from models.vocabulary import ContentState, Feature
from storage.engine import reading, writing
from storage.errors import StaleContent

OutputT = TypeVar("OutputT", bound=Output)


async def newest(runtime: Runtime, campaign_id: str, feature: Feature, day: int | None = None) -> SavedContent | None:
    """Return the newest saved content of a campaign's feature, or of one of its days; None: there is none."""
    async with reading(runtime.engine) as session:
        return await latest_content(session=session, campaign_id=campaign_id, feature=feature, day=day)


async def save(
    runtime: Runtime,
    call: Call,
    output: OutputT,
    *,
    business: BusinessContext,
    day: DayTask | None = None,
    notes: list[str] | None = None,
) -> AIResult[OutputT]:
    """Save an output as a draft and return it with what it took."""
    last = call.attempts[-1]
    sandbox = last.provider == SANDBOX
    result = AIResult(
        output=output,
        feature=call.feature,
        request_id=call.request_id,
        content_id=str(call.content_id),
        model=SANDBOX if sandbox else f"{last.provider}:{last.model}",
        sandbox=sandbox,
        attempts=list(call.attempts),
        notes=[*(notes or []), *(_sandbox_notes(business) if sandbox else [])],
        input_warnings=list(call.input_warnings),
    )
    async with writing(runtime.engine) as session:
        await save_content(
            session=session,
            content_id=result.content_id,
            business_id=call.business_id,
            campaign_id=call.campaign_id,
            feature=call.feature,
            day=day.day if day else None,
            content_type=day.content_type if day else None,
            output=output.model_dump(mode="json"),
            request_id=call.request_id,
            model=result.model,
            sandbox=sandbox,
            prompt_version=last.prompt_version or "",
        )
    return result


async def change_state(runtime: Runtime, content_id: str, state: ContentState, revision: int) -> SavedContent:
    """Change the state of saved content. Raises NotFound, or StaleRevision where `revision` isn't the newest."""
    try:
        async with writing(runtime.engine) as session:
            saved = await set_state(session=session, content_id=content_id, state=state, revision=revision)
    except StaleContent as error:
        raise StaleRevision(f"content {content_id!r} was changed since revision {revision}: read it again") from error
    if saved is None:
        raise NotFound(f"no content {content_id!r}: pass the content_id of a result")
    return saved


def _sandbox_notes(business: BusinessContext) -> list[str]:
    from agents.sandbox.phrases import has_phrases  # phrase files are loaded only where the sandbox is used

    notes = ["written by the sandbox, not by a language model: not for publication"]
    if not has_phrases(business.language):
        notes.append(f"the sandbox has no phrase file for {business.language!r} and wrote in English")
    return notes
