"""Saves an output as a draft and returns its result; reads a stored answer back as a result."""

from typing import TypeVar

from ai_service.errors import NotFound
from ai_service.result import AIResult
from ai_service.runtime import Runtime
from ai_service.sandboxed import in_fallback_language, sandbox_notes
from ai_service.settings import SANDBOX
from deps.call import Call
from deps.clock import utc_now
from deps.tasks import DayTask
from models.base import Output
from models.brief import Brief
from models.content_states import first_state
from models.records import SavedContent
from models.vocabulary import Feature
from storage.content import get_content, newest_content_of_days, save_content
from storage.reports import attempts

OutputT = TypeVar("OutputT", bound=Output)

_NEARBY = 5
"""A post does not repeat the openings of so many days before and after it."""
_OPENING = 120
"""Characters of an opening that the model is shown."""


async def openings_nearby(runtime: Runtime, business_id: str, campaign_id: str, day: int) -> list[str]:
    """Return the first lines of the posts of the days around `day`, nearest first."""
    around = [near for step in range(1, _NEARBY + 1) for near in (day - step, day + step)]
    saved = await newest_content_of_days(runtime.engine, business_id, campaign_id, around, feature=Feature.CONTENT)
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
    """Save an output as a draft and return it with its attempts."""
    last = call.account.attempts[-1]
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
        attempts=list(call.account.attempts),
        notes=[*(notes or []), *(sandbox_notes(brief.business.language) if sandbox else [])],
        input_warnings=list(call.account.input_warnings),
    )

    now = utc_now()
    content = SavedContent(
        content_id=result.content_id,
        business_id=call.business_id,
        campaign_id=call.campaign_id,
        feature=call.feature,
        day=day.day if day else None,
        content_type=day.content_type if day else None,
        state=first_state(output),
        revision=1,
        output=output.model_dump(mode="json"),
        request_id=call.request_id,
        model=result.model,
        sandbox=sandbox,
        prompt_version=last.prompt_version or "",
        notes=result.notes,
        customer_id=call.customer_id,
        user_id=call.user_id,
        created_at=now,
        updated_at=now,
    )
    await save_content(runtime.engine, content, idempotency_key=call.idempotency_key)
    return result


async def replay(
    runtime: Runtime, output: type[OutputT], *, business_id: str, content_id: str, request_id: str
) -> AIResult[OutputT]:
    """Return the stored answer of an earlier call, with the attempts of that call."""
    saved = await get_content(runtime.engine, business_id, content_id)
    if saved is None:
        raise NotFound(f"the answer stored under this idempotency key was deleted: use a new key ({content_id!r})")
    rows = await attempts(runtime.engine, request_id)
    return AIResult(
        output=output.model_validate(saved.generated or saved.output),
        feature=saved.feature,
        request_id=request_id,
        content_id=content_id,
        model=saved.model,
        sandbox=saved.sandbox,
        attempts=rows,
        notes=saved.notes,
        input_warnings=rows[-1].input_warnings if rows else [],
        replayed=True,
    )
