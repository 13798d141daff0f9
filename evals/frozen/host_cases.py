"""Judges what a host or a web form passes in: each case of `round_3_host`, on the sandbox."""

import asyncio
import inspect
import re
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from importlib.util import find_spec
from typing import Any, NamedTuple

from ai_service import AIServiceError
from evals.frozen.host_briefs import as_meant, document_of
from evals.frozen.host_calls import CALLS
from evals.frozen.host_processes import OTHERS
from evals.frozen.host_settings import SECRETS, play_settings
from evals.frozen.host_world import Play, World, lacking, world
from evals.frozen.opened import Came
from evals.frozen.situations import Situation, Situations, brief_of
from evals.frozen.tally import Complaint, Found, found_of
from tests.storage_homes import create_database, drop_database, migrate_to

_NOT_JUDGED = {"source.wrong": "the campaign that a source returns has no business_id to differ"}
_HANGS_S = 20.0
"""Longer is a hang, also on a busy machine."""
_WORK_S = 5.0
_GIVEN_UP_S = 120.0


async def judged_host(found: Situations) -> list[Found]:
    """Return what becomes of each case; those about PostgreSQL are played on the tests' server too."""
    judged: list[Found] = []
    async with AsyncExitStack() as stack:
        brief = brief_of(found, found.cases[0])
        sqlite = await stack.enter_async_context(world(brief))
        postgres: World | None = None
        for case in found.cases:
            if "PostgreSQL" in str(case.input) and postgres is None:
                url = await migrate_to(await create_database())
                stack.push_async_callback(drop_database, url)
                postgres = await stack.enter_async_context(world(brief, database_url=url))
            judged.append(await _judged(found, case, sqlite, postgres))
    return judged


async def _judged(found: Situations, case: Situation, sqlite: World, postgres: World | None) -> Found:
    name = case.id.removeprefix("r3.host.")
    if name in _NOT_JUDGED:
        return Found(case, "not judged", _NOT_JUDGED[name])
    play = _play(found, case)
    needs = tuple(need for need in play.needs if need != "sync" or find_spec("ai_service.sync") is None)
    if lack := lacking(needs):
        return Found(case, "not available", lack)
    homes = [sqlite] if postgres is None or "PostgreSQL" not in str(case.input) else [sqlite, postgres]
    complaints: list[Complaint] = []
    codes: list[str] = []
    came = Came(None, None, 0)
    for home in homes:
        came, took, right = await _played(play, home)
        codes.append(getattr(came.error, "code", "returned"))
        complaints += _complaints(case, play, came, took, right)
    if len(set(codes)) > 1:
        complaints.append(Complaint("otherwise", f"{codes} on the two databases"))
    return found_of(case, _short(came), complaints)


def _play(found: Situations, case: Situation) -> Play:
    """Return how a case is played: a brief, an environment, or the call that is written for it."""
    name = case.id.removeprefix("r3.host.")
    if name in CALLS:
        return CALLS[name]
    if name in OTHERS:
        return OTHERS[name]
    if "brief" in case.input:
        document = document_of(found.briefs[case.brief], case)
        return Play(lambda world: _added(world, case, document), right=lambda world, _: as_meant(case, document))
    return Play(lambda world: _opened(found, case), right=lambda world, right: bool(right))


# Any: a brief as callers write it
async def _added(world: World, case: Situation, document: dict[str, Any]) -> Any:
    ids = await world.ai.add_brief(document)
    if "generate_strategy then too" in case.expect:
        await world.ai.generate_strategy(ids.business_id, ids.campaign_id)
    return ids


async def _opened(found: Situations, case: Situation) -> bool:
    right, warned = await play_settings(found, case)
    return right and case.exact.get("warning", "") in warned


class _Took(NamedTuple):
    real_s: float
    work_s: float
    """Of the processor."""


async def _played(play: Play, home: World) -> tuple[Came, _Took, bool]:
    """Return what came, what it took, and whether what was returned is as meant."""
    began, worked = time.perf_counter(), time.process_time()
    try:
        async with asyncio.timeout(_GIVEN_UP_S):
            result: Any = await play.do(home)
    except Exception as raised:  # whatever comes is judged
        return Came(None, raised, 0), _Took(time.perf_counter() - began, time.process_time() - worked), True
    took = _Took(time.perf_counter() - began, time.process_time() - worked)
    right = play.right(home, result) if play.right else True
    return Came(result, None, 0), took, await right if inspect.isawaitable(right) else right


def _complaints(case: Situation, play: Play, came: Came, took: _Took, right: bool) -> list[Complaint]:
    found: list[Complaint] = []
    if not play.in_time and took.real_s > float(case.exact.get("took_s_max", _HANGS_S)):
        found.append(Complaint("otherwise", f"took {took.real_s:.1f} s"))
    if "5 s of work" in str(case.exact.get("never")) and took.work_s > _WORK_S:
        found.append(Complaint("otherwise", f"{took.work_s:.1f} s of work"))
    if came.raw:
        return [*found, Complaint("otherwise", "a raw error")]
    if not right:
        found.append(Complaint("silently wrong", "not what is meant"))
    if came.error is None and "code" in case.exact:
        found.append(Complaint("silently wrong", f"no {case.exact['code']}"))
    return [*found, *(_of_error(case, play, came.error) if came.error else [])]


def _of_error(case: Situation, play: Play, error: BaseException) -> Iterator[Complaint]:
    exact, message, code = case.exact, str(error), getattr(error, "code", None)
    if exact.get("raises", "") is None:
        yield Complaint("refused or paid twice", "an error")
    wanted = exact.get("code", code)
    if code not in (wanted if isinstance(wanted, list) else [wanted]):
        yield Complaint("otherwise", f"{code}, not {wanted}")
    elif missing := [name for name in _names(case, play) if name.casefold() not in message.casefold()]:
        yield Complaint("otherwise", f"{missing} not named")
    if any(secret in message for secret in SECRETS):
        yield Complaint("silently wrong", "a secret is shown")
    if "sent" in getattr(error, "__notes__", []):
        yield Complaint("silently wrong", "something was sent")
    if code == "STORAGE_UNAVAILABLE" and code in str(exact.get("never")):
        yield Complaint("otherwise", code)


def _names(case: Situation, play: Play) -> tuple[str, ...]:
    """Return what the message must name."""
    if play.names is not None:
        return play.names
    found = re.search(r"naming (?:the )?([\w.]+)", case.expect)
    return (found[1],) if found else ()


def _short(came: Came) -> str:
    if came.error is None:
        return "returned"
    kind = came.error.code if isinstance(came.error, AIServiceError) else f"raw {type(came.error).__name__}"
    return f"{kind}: {str(came.error)[:160]!r}"
