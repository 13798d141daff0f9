"""Checks the layer's outputs for three briefs of each fixture business once more: no hard violation may be left."""

from collections.abc import AsyncGenerator, Awaitable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from ai_service import AIResult, AIService, AIServiceError, Settings
from ai_service.settings import SANDBOX
from evals.cases import brief_of
from evals.fixtures import load_messages, slugs
from evals.rules.brief_kinds import BRIEFS
from models.base import Output
from models.brief import Brief
from models.content import Post, Published
from models.messaging import Channel, ReplySuggestion
from models.publishing import violations
from models.records import BriefIds
from models.rules.chat_windows import OutgoingMessage, check_message
from models.rules.checking import check
from models.rules.compliance import comply
from models.rules.publishable import Publishable
from models.rules.speech import check_script
from models.strategy import CalendarDay, CampaignStrategy
from models.video import VideoCopy, VideoScript
from models.vocabulary import FORMATS, Network, Violation

DAYS = (1, 6, 11, 16, 22, 28)
"""Days of the calendar whose posts are generated."""
VIDEO_DAY, DURATION_S = 3, 20
REPLIES = 5
OutputT = TypeVar("OutputT", bound=Output)


@dataclass(kw_only=True)
class Outcome:
    """The results of one brief."""

    business: str
    brief: str
    """`full`, `minimal` or `contradictory`."""
    outputs: int = 0
    """Number of outputs."""
    errors: list[str] = field(default_factory=list[str])
    """Calls that ended in an error, with its code and reason."""
    violations: list[str] = field(default_factory=list[str])
    """Hard violations in the outputs."""


async def measure(only: Sequence[str] = ()) -> list[Outcome]:
    """Return an outcome for each brief of each business, written by the sandbox; `only` selects businesses."""
    async with _sandbox() as ai:
        return [await _outcome(ai, slug, kind) for slug in only or slugs() for kind in BRIEFS]


@asynccontextmanager
async def _sandbox() -> AsyncGenerator[AIService]:
    with TemporaryDirectory() as folder:
        changes: dict[str, object] = {
            "model": SANDBOX,
            "models": {},
            "image_model": SANDBOX,
            "database_url": f"sqlite+aiosqlite:///{Path(folder) / 'rules.db'}",
        }
        async with AIService(Settings.from_env().model_copy(update=changes)) as ai:
            yield ai


async def _outcome(ai: AIService, slug: str, kind: str) -> Outcome:
    outcome = Outcome(business=slug, brief=kind)
    brief = BRIEFS[kind](brief_of(slug))
    ids = await ai.add_brief(brief)
    strategy = await _tried(outcome, "strategy", ai.generate_strategy(ids.business_id, ids.campaign_id))
    if strategy is not None:
        _check_calendar(outcome, brief, strategy)
        await _posts(ai, ids, brief, strategy, outcome)
        await _video(ai, ids, brief, strategy, outcome)
    await _replies(ai, ids, brief, outcome)
    return outcome


async def _tried(outcome: Outcome, what: str, call: Awaitable[AIResult[OutputT]]) -> OutputT | None:
    """Return a call's result; record an error."""
    try:
        result = await call
    except AIServiceError as error:
        outcome.errors.append(f"{what}: {error.code}: {error}"[:300])
        return None
    outcome.outputs += 1
    return result.output


def _check_calendar(outcome: Outcome, brief: Brief, strategy: CampaignStrategy) -> None:
    for day in strategy.calendar:
        _note(outcome, f"day {day.day}", _words(brief, {"theme": day.theme}, day=day))


async def _posts(ai: AIService, ids: BriefIds, brief: Brief, strategy: CampaignStrategy, outcome: Outcome) -> None:
    for number, day in enumerate(DAYS):
        planned = strategy.calendar[day - 1]
        networks = _networks(brief, planned, number)
        call = ai.generate_content(ids.business_id, ids.campaign_id, day, networks=networks)
        post = await _tried(outcome, f"post {day} {'+'.join(networks)}", call)
        if post is not None:
            check_post(outcome, brief, planned, post)


def _networks(brief: Brief, day: CalendarDay, number: int) -> list[Network]:
    """Return the day's own network and up to two others, in turn, so that every network is used."""
    others = [network for network in Network if network is not day.network and day.content_type in FORMATS[network]]
    own = [day.network] if day.network else list(brief.business.networks[:1])
    turn = others[(2 * number) % len(others) :][:2] if others else []
    return [*own, *(network for network in turn if network not in own)]


def check_post(outcome: Outcome, brief: Brief, day: CalendarDay, post: Post) -> None:
    """Record the hard violations of a post and its variants."""
    _note(outcome, f"post {day.day} script", _words(brief, {"script": post.script}, day=day))
    for published in (post, *post.variants):
        where = f"post {day.day} {published.network}"
        texts = {"caption": published.caption} | {f"hashtags.{i}": tag for i, tag in enumerate(published.hashtags)}
        _note(outcome, where, _words(brief, texts, day=day))
        _note(outcome, where, comply(texts, brief.business))
        if published.network:
            _note(outcome, where, check(_publishable(published), published.network))


def _publishable(published: Published) -> Publishable:
    return Publishable(
        caption=published.caption,
        hashtags=list(published.hashtags),
        link=published.link,
        content_type=published.content_type,
    )


async def _video(ai: AIService, ids: BriefIds, brief: Brief, strategy: CampaignStrategy, outcome: Outcome) -> None:
    day = strategy.calendar[VIDEO_DAY - 1]
    call = ai.generate_video_script(ids.business_id, ids.campaign_id, VIDEO_DAY, DURATION_S)
    script = await _tried(outcome, "video", call)
    if script is not None:
        _check_video(outcome, brief, day, script)


def _check_video(outcome: Outcome, brief: Brief, day: CalendarDay, script: VideoScript) -> None:
    spoken = VideoCopy(hook=script.hook, body=script.body, cta=script.cta, shots=script.shots)
    texts = {"hook": script.hook, "body": script.body, "cta": script.cta}
    texts |= {f"shots.{number}": shot for number, shot in enumerate(script.shots)}
    _note(outcome, "video", _words(brief, texts, day=day))
    language = brief.business.language
    _note(outcome, "video", check_script(spoken, language=language, duration_s=DURATION_S, theme=day.theme))


async def _replies(ai: AIService, ids: BriefIds, brief: Brief, outcome: Outcome) -> None:
    for message in load_messages(outcome.business)[:REPLIES]:
        call = ai.suggest_reply(
            ids.business_id, message.message, campaign_id=ids.campaign_id, channel=Channel.MESSENGER
        )
        reply = await _tried(outcome, f"reply {message.name}", call)
        if reply is not None:
            _check_reply(outcome, brief, message.name, reply)


def _check_reply(outcome: Outcome, brief: Brief, name: str, reply: ReplySuggestion) -> None:
    _note(outcome, f"reply {name}", _words(brief, {"reply": reply.reply}, day=None))
    sent = OutgoingMessage(text=reply.reply, language=reply.language, hours_since_customer=1)
    _note(outcome, f"reply {name}", check_message(sent, Channel.MESSENGER))


def _words(brief: Brief, texts: Mapping[str, str], *, day: CalendarDay | None) -> list[Violation]:
    """Return the rules that texts break when only that day's offers may be named."""
    on = day.date if day else date.today()
    offers = [offer for offer in brief.business.offers if offer.holds_on(on)] if day else brief.business.offers
    narrowed = Brief(business=brief.business.model_copy(update={"offers": offers}), campaign=brief.campaign)
    supplied = [day.date.isoformat(), *([day.key_date] if day.key_date else [])] if day else []
    return violations(texts, narrowed, supplied=supplied)


def _note(outcome: Outcome, where: str, found: Sequence[Violation]) -> None:
    said = [f"{where}: {item.rule_id} at {item.path}: {item.message}" for item in found if item.severity == "hard"]
    outcome.violations += [line for line in dict.fromkeys(said) if line not in outcome.violations]


def summary(outcomes: Sequence[Outcome]) -> dict[str, dict[str, int]]:
    """Return briefs, outputs, errors and hard violations by kind of brief."""
    return {
        kind: {
            "briefs": len(chosen := [outcome for outcome in outcomes if outcome.brief == kind]),
            "outputs": sum(outcome.outputs for outcome in chosen),
            "errors": sum(len(outcome.errors) for outcome in chosen),
            "hard_violations": sum(len(outcome.violations) for outcome in chosen),
        }
        for kind in BRIEFS
    }


def problems(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield each violation and each error, with its business and brief."""
    for outcome in outcomes:
        for problem in outcome.violations:
            yield f"VIOLATION {outcome.business} {outcome.brief}: {problem}"
        for error in outcome.errors:
            yield f"error {outcome.business} {outcome.brief}: {error}"
