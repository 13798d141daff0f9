"""The reply to a customer's message."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

from pydantic import Field

from ai_service.contexts import load_business, load_campaign
from ai_service.default import on_default
from ai_service.ids import Id, Key, StoredId
from ai_service.recipe import Assignment, Generating, Recipe, Revised, Revision
from ai_service.requests import WishRequest
from ai_service.result import AIResult
from ai_service.runtime import Runtime
from deps.bundle import AgentDeps
from deps.call import Call
from deps.clock import utc_now
from deps.messaging import ReplyTask
from models.brief import WEEKDAYS, Brief, CampaignContext
from models.conversation import Conversation
from models.long_messages import shortened
from models.messaging import Channel, Handover, Intent, ReplyCopy, ReplySuggestion, Turn
from models.moments import Moment
from models.vocabulary import Feature

__all__ = ("Channel", "Handover", "Intent", "ReplySuggestion", "Turn", "suggest_reply")


class ReplyRequest(WishRequest):
    """Arguments of `suggest_reply`."""

    customer_message: str = Field(min_length=1, max_length=100_000)
    """The customer's message; one that is longer than a model is given is shortened, with a note."""
    campaign_id: StoredId | None = None
    """The current campaign, if the reply may use its facts."""
    customer_id: Key | None = None
    """The customer, in the host's terms; for the ledger, never sent to a model."""
    channel: Channel | None = None
    """Where the customer wrote."""
    last_customer_message_at: Moment | None = None
    """Time of the customer's last message: some channels close 24 hours later."""
    thread: list[Turn] = Field(default_factory=list[Turn], max_length=50)
    """Earlier messages, oldest first."""


async def _prepare(runtime: Runtime, request: ReplyRequest) -> Assignment[ReplyTask]:
    business, campaign = await load_business(runtime, request.business_id), CampaignContext()
    if request.campaign_id is not None:
        campaign = await load_campaign(runtime, request.business_id, request.campaign_id)
    message = shortened(request.customer_message)
    now = runtime.clock.now().astimezone(business.zone or UTC)
    task = ReplyTask(
        language=business.language,
        instruction=request.instruction,
        customer_message=message.text,
        unread=message.flags,
        channel=request.channel,
        thread=request.thread,
        last_customer_message_at=request.last_customer_message_at,
        today=now.date(),
        weekday=WEEKDAYS[now.weekday()],
        time=f"{now:%H:%M}" if business.zone else None,
    )
    return Assignment(brief=Brief(business=business, campaign=campaign), task=task)


async def _write(assignment: Assignment[ReplyTask], call: Call, runtime: Runtime) -> ReplySuggestion:
    from agents.messaging import write_reply

    deps = AgentDeps(brief=assignment.brief, task=assignment.task, on=assignment.task.today)
    async with runtime.models.text(call) as chain:
        reply = await write_reply(deps, call=call, chain=chain)
    unread = assignment.task.unread
    return reply.model_copy(update={"flags": [*reply.flags, *unread], "auto_sendable": False}) if unread else reply


def _notes(request: ReplyRequest, reply: ReplySuggestion) -> list[str]:
    """Say what of the message was left out, and where the channel's window has closed."""
    closed = [flag for flag in reply.flags if flag.severity == "hard"]
    left_out = shortened(request.customer_message).notes
    return left_out + [f"{request.channel} does not take it now: {flag.message}" for flag in closed]


def _revise(revision: Revision[ReplySuggestion]) -> Revised[ReplySuggestion]:
    """Check a person's reply against the brief; the customer's messages are not stored, so nothing is held to them."""
    from models.answering import broken_rules, standing_on  # imports the word lists
    from models.reply_language import with_language

    brief, generated = revision.brief, revision.generated
    untold = Conversation(
        customer_message="",
        customer_before=(),
        opens=False,
        channel=None,
        last_customer_message_at=None,
        today=utc_now().astimezone(brief.business.zone or UTC).date(),
    )
    asked = generated.model_dump(include={*ReplyCopy.model_fields})
    copy = with_language(ReplyCopy.model_validate({**asked, "reply": revision.edited.reply}), brief)
    # what the channel refuses is no matter of words
    refused = [flag for flag in generated.flags if flag.severity == "hard"]
    found = [*refused, *broken_rules(copy, untold, brief)]
    changed = {
        "reply": copy.reply,
        "language": copy.language,
        "facts_used": standing_on(copy, untold, brief),
        "auto_sendable": False,
        "flags": found,
        "quality": [],
    }
    return Revised(generated.model_copy(update=changed), found)


RECIPE = Recipe(
    feature=Feature.MESSAGING,
    request=ReplyRequest,
    output=ReplySuggestion,
    prepare=_prepare,
    write=_write,
    revise=_revise,
    notes=_notes,
)


class Replies(Generating):
    """The messaging feature of `AIService`."""

    async def suggest_reply(
        self,
        business_id: Id,
        customer_message: str,
        *,
        campaign_id: Id | None = None,
        instruction: str | None = None,
        user_id: str | None = None,
        idempotency_key: str | None = None,
        spend_at_most_usd: Decimal | None = None,
        customer_id: str | None = None,
        channel: Channel | str | None = None,
        last_customer_message_at: datetime | None = None,
        thread: Iterable[Turn] | None = None,
    ) -> AIResult[ReplySuggestion]:
        """Return a reply for a person to send, or to take over from; what is `auto_sendable` a host may send by itself.

        `thread` is what was written before, oldest first. `customer_id` is for the ledger and never sent. Where the
        channel's window has closed by `last_customer_message_at`, a draft is made all the same, for a person to send as
        a template or once the customer has written again: it is flagged, noted, and never `auto_sendable`.
        `instruction` is a wish of the business, e.g. "shorter", followed where the rules allow it.
        """
        return await self._generate(
            RECIPE,
            business_id=business_id,
            customer_message=customer_message,
            campaign_id=campaign_id,
            instruction=instruction,
            user_id=user_id,
            idempotency_key=idempotency_key,
            spend_at_most_usd=spend_at_most_usd,
            customer_id=customer_id,
            channel=channel,
            last_customer_message_at=last_customer_message_at,
            thread=thread,
        )


suggest_reply = on_default(Replies.suggest_reply)
