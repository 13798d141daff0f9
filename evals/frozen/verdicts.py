"""What the package does with a frozen text: a reply through the whole service, a post through `check`."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, NamedTuple

import yaml
from aiohttp import web
from pydantic import BaseModel, JsonValue, SecretStr, model_validator

from ai_service import AIGenerationError, AIService, Brief, Network, Publishable, Settings, check
from models.brief import BusinessContext, CampaignContext
from models.messaging import Intent, ReplyCopy

FOLDER = Path(__file__).parent

Verdict = Literal["sent", "held", "asked again", "block", "flag", "pass"]


class Case(BaseModel):
    """One text of a round; what it does not name is as usual and good."""

    id: str
    kind: str = ""
    """Cases of one kind have one cause."""
    brief: str
    """Name of the brief in the same file."""
    expect: str
    """The right verdict, or a sentence for what no verdict says."""
    message: str = ""
    reply: str | None = None
    facts_used: list[str] = []
    language: str | None = None
    """Of the reply, as the model names it; None: the brief's."""
    caption: str = ""
    caption_repeat: tuple[str, int] | None = None
    hashtags: list[str] = []
    network: Network = Network.INSTAGRAM
    day: JsonValue = None
    """The planned day that a post is for; such cases need more than the text."""

    # Any: a file's data before it is validated
    @model_validator(mode="before")
    @classmethod
    def _flat(cls, case: dict[str, Any]) -> dict[str, Any]:
        return {**case, **case.get("input", {})}


class Round(BaseModel):
    """One file."""

    about: str
    briefs: dict[str, Brief]
    cases: list[Case]


class Judged(NamedTuple):
    """A case and what became of it."""

    case: Case
    verdict: Verdict


def load_round(name: str) -> Round:
    """Return a file of this folder, e.g. `round_1_replies`; posts without briefs share those of their replies."""
    found = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    if "briefs" not in found:
        found["briefs"] = load_round(name.replace("posts", "replies")).briefs
    return Round.model_validate(found)


def judged_posts(found: Round) -> list[Judged]:
    """Return the verdict of `check` on each caption; cases about a day or a calendar are left out."""
    return [Judged(case, _of_post(case, found.briefs[case.brief])) for case in found.cases if case.day is None]


async def judged_replies(found: Round) -> list[Judged]:
    """Return what comes back for each message where the model answers as the case says, in each attempt."""
    cases = [case for case in found.cases if case.reply is not None]
    asked: list[Case] = []
    async with _model(found.briefs, asked) as settings, AIService(settings, context_source=_Briefs(found)) as ai:
        return [Judged(case, await _of_reply(ai, case, asked)) for case in cases]


class _Briefs:
    def __init__(self, found: Round) -> None:
        self._briefs = found.briefs

    async def get_business(self, business_id: str) -> BusinessContext | None:
        return self._briefs[business_id].business

    async def get_campaign(self, business_id: str, campaign_id: str) -> CampaignContext | None:
        return self._briefs[campaign_id].campaign


def _of_post(case: Case, brief: Brief) -> Verdict:
    text, times = case.caption_repeat or (case.caption, 1)
    found = check(Publishable(caption=text * times, hashtags=case.hashtags), case.network, brief)
    if any(violation.severity == "hard" for violation in found):
        return "block"
    return "flag" if found else "pass"


async def _of_reply(ai: AIService, case: Case, asked: list[Case]) -> Verdict:
    asked[:] = [case]
    try:
        result = await ai.suggest_reply(case.brief, case.message, campaign_id=case.brief)
    except AIGenerationError:
        return "asked again"
    return "sent" if result.output.auto_sendable else "held"


@asynccontextmanager
async def _model(briefs: Mapping[str, Brief], asked: list[Case]) -> AsyncGenerator[Settings]:
    """Serve a model on loopback that answers as the case in `asked` says; yield the settings that use it."""

    async def answer(request: web.Request) -> web.Response:
        [case] = asked
        content = ReplyCopy(
            reply=case.reply or "",
            intent=Intent.QUESTION,
            needs_human=False,
            needs_human_reason=None,
            language=case.language or briefs[case.brief].business.language,
            facts_used=case.facts_used,
        ).model_dump_json()
        choice: JsonValue = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}
        usage: JsonValue = {"prompt_tokens": 900, "completion_tokens": 90, "total_tokens": 990}
        frame = {"id": "x", "object": "chat.completion", "created": 1, "model": "gpt-5.2"}
        return web.json_response({**frame, "choices": [choice], "usage": usage})

    app = web.Application()
    app.router.add_post("/v1/chat/completions", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    try:
        with TemporaryDirectory() as folder:
            yield Settings.model_validate(
                {
                    "model": "openai-chat:gpt-5.2",
                    "openai_api_key": SecretStr("frozen"),
                    "openai_base_url": f"http://{host}:{port}/v1",
                    "database_url": f"sqlite:///{Path(folder, 'frozen.db')}",
                    "backoff_s": 0,
                }
            )
    finally:
        await runner.cleanup()
