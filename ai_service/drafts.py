"""What was generated, saved as a draft and read back."""

from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from ai_service.errors import NotFound, StaleRevision
from ai_service.result import AIResult
from ai_service.runtime import Runtime
from ai_service.sandboxed import in_fallback_language, sandbox_notes
from ai_service.settings import SANDBOX
from deps.call import Call, utc_now
from deps.tasks import DayTask
from models.attempt import Attempt
from models.base import Output
from models.brief import Brief
from models.records import SavedContent
from models.vocabulary import ContentState, Feature
from storage.books import attempts_of
from storage.content import get_content, latest_content, newest_of_days, save_content, set_state
from storage.errors import StaleContent
from storage.idempotency import finish
from storage.patience import fetch, persist

OutputT = TypeVar("OutputT", bound=Output)

_NEARBY = 5
"""Days before and after a post whose openings it does not use again."""
_OPENING = 120
"""Characters of an opening that tell it from others."""


async def newest(runtime: Runtime, campaign_id: str, feature: Feature, day: int | None = None) -> SavedContent | None:
    """Return the newest saved content of a campaign's feature, or of one of its days; None: there is none."""
    return await fetch(
        runtime.engine,
        lambda session: latest_content(session=session, campaign_id=campaign_id, feature=feature, day=day),
    )


async def openings_nearby(runtime: Runtime, campaign_id: str, *, day: int) -> list[str]:
    """Return the first lines of the posts of the days around `day`, the nearest first."""
    around = [near for step in range(1, _NEARBY + 1) for near in (day - step, day + step)]
    saved = await fetch(
        runtime.engine,
        lambda session: newest_of_days(session=session, campaign_id=campaign_id, feature=Feature.CONTENT, days=around),
    )
    captions = [content.output.get("caption") for content in saved]
    return [caption.partition("\n")[0][:_OPENING] for caption in captions if isinstance(caption, str)]


async def save(
    runtime: Runtime,
    call: Call,
    output: OutputT,
    *,
    brief: Brief,
    day: DayTask | None = None,
    notes: list[str] | None = None,
) -> AIResult[OutputT]:
    """Save an output as a draft and return it with what it took."""
    last = call.attempts[-1]
    sandbox = last.provider == SANDBOX
    if sandbox:
        output = in_fallback_language(output, brief.business.language)
    result = AIResult(
        output=output,
        feature=call.feature,
        request_id=call.request_id,
        content_id=str(call.content_id),
        model=SANDBOX if sandbox else f"{last.provider}:{last.model}",
        sandbox=sandbox,
        attempts=list(call.attempts),
        notes=[*(notes or []), *(sandbox_notes(brief.business.language) if sandbox else [])],
        input_warnings=list(call.input_warnings),
    )

    async def work(session: AsyncSession) -> None:
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
            notes=result.notes,
        )
        if call.idempotency_key:
            await finish(
                session=session,
                business_id=call.business_id,
                key=call.idempotency_key,
                request_id=call.request_id,
                content_id=result.content_id,
            )

    await persist(runtime.engine, work)
    return result


async def replay(runtime: Runtime, output: type[OutputT], *, content_id: str, request_id: str) -> AIResult[OutputT]:
    """Return the stored answer of an earlier call, with what it took then."""

    async def work(session: AsyncSession) -> tuple[SavedContent | None, list[Attempt]]:
        saved = await get_content(session=session, content_id=content_id)
        return saved, await attempts_of(session=session, request_id=request_id)

    saved, attempts = await fetch(runtime.engine, work)
    if saved is None:
        raise NotFound(f"the answer stored under this idempotency key was deleted: use a new key ({content_id!r})")
    return AIResult(
        output=output.model_validate(saved.output),
        feature=saved.feature,
        request_id=request_id,
        content_id=content_id,
        model=saved.model,
        sandbox=saved.sandbox,
        attempts=attempts,
        notes=saved.notes,
        input_warnings=attempts[-1].input_warnings if attempts else [],
        replayed=True,
    )


async def change_state(runtime: Runtime, content_id: str, state: ContentState, revision: int) -> SavedContent:
    """Change the state of saved content. Raises NotFound, or StaleRevision where `revision` isn't the newest."""
    at = utc_now()  # once: the change is tried again while the database refuses
    try:
        saved = await persist(
            runtime.engine,
            lambda session: set_state(session=session, content_id=content_id, state=state, revision=revision, at=at),
        )
    except StaleContent as error:
        raise StaleRevision(f"content {content_id!r} was changed since revision {revision}: read it again") from error
    if saved is None:
        raise NotFound(f"no content {content_id!r}: pass the content_id of a result")
    return saved
