"""The host cases that need loops, threads, processes or a source of their own."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib import import_module
from tempfile import TemporaryDirectory
from typing import Any

from ai_service import AIService, Brief, BusinessContext, CampaignContext
from evals.frozen.host_world import Play, World, sandbox, world
from evals.frozen.opened import WORDS, Briefs, Ticking

_ENDLESS = """
import asyncio, itertools, resource
from tempfile import TemporaryDirectory
from ai_service import AIService, AIServiceError, Brief
from evals.frozen.host_world import sandbox
resource.setrlimit(resource.RLIMIT_AS, (3 * 2**29, 3 * 2**29))
business = {"name": "Ashgate Forge", "industry": "smithy", "tone": "plain", "languages": ["en"]}
async def main():
    with TemporaryDirectory() as folder:
        async with AIService(sandbox(folder)) as ai:
            ids = await ai.add_brief(Brief.model_validate({"business": business}))
            await ai.generate_strategy(*(ids.business_id, ids.campaign_id))
            print("asked", flush=True)
            try:
                await ai.generate_content(ids.business_id, ids.campaign_id, 1, networks=itertools.repeat("instagram"))
            except AIServiceError as error:
                print(error.code)
asyncio.run(main())
"""


async def _endless(_: World) -> None:
    """Ask in a process of its own, which is ended 5 s after it has asked. Raises TimeoutError or RuntimeError."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _ENDLESS, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    if child.stdout is None or child.stderr is None:
        raise RuntimeError("no pipe")
    await child.stdout.readline()
    try:
        async with asyncio.timeout(5):
            await child.wait()
    except TimeoutError:
        child.kill()
        await child.wait()
        raise
    if child.returncode:
        raise RuntimeError((await child.stderr.read()).decode()[-120:])


@dataclass(frozen=True)
class _Source(Briefs):
    """A source whose `get_business` is what a case says."""

    # Any: what a source returns wrongly
    get: Callable[[str], Any]

    async def get_business(self, business_id: str) -> Any:
        return self.get(business_id)


class _Plain:
    """A source of plain functions."""

    def __init__(self, brief: Brief) -> None:
        self._brief = brief

    def get_business(self, business_id: str) -> BusinessContext | None:
        return self._brief.business

    def get_campaign(self, business_id: str, campaign_id: str) -> CampaignContext | None:
        return self._brief.campaign


def _raise(_: str) -> Any:
    raise KeyError("shop-17")


async def _asked(brief: Brief, source: Any, *, ids: Mapping[str, str] | None = None) -> Any:
    """Ask for a reply with a source; the error of a call that sent something says so."""
    named = ids or {"shop": "autumn"}
    with TemporaryDirectory() as folder:
        async with AIService(sandbox(folder), context_source=source) as ai:
            results: list[Any] = []
            try:
                for business_id, campaign_id in named.items():
                    results.append(await ai.suggest_reply(business_id, WORDS, campaign_id=campaign_id))
            except Exception as error:
                if await ai.attempts(limit=10):
                    error.add_note("sent")
                raise
            return results


def _of(get: Callable[[str], Any]) -> Callable[[World], Awaitable[Any]]:
    return lambda world: _asked(world.brief, _Source({"autumn": world.brief}, get))


async def _slow(world: World) -> Any:
    """Ask a source that never returns, on a clock that it lets go on past the deadline."""
    clock = Ticking()

    class Slow(Briefs):
        async def get_business(self, business_id: str) -> BusinessContext | None:
            for _ in range(4):
                clock.pass_s(1)
                await asyncio.sleep(0)
            return await asyncio.get_running_loop().create_future()

    with TemporaryDirectory() as folder:
        async with AIService(sandbox(folder, deadline_s=2), context_source=Slow({}), clock=clock) as ai:
            async with asyncio.timeout(10):
                return await ai.suggest_reply("shop", WORDS, campaign_id="autumn")


async def _slugs(world: World) -> Any:
    ids = {"laden/berlin-mitte": "2026 W49"}
    briefs = {key: world.brief for pair in ids.items() for key in pair}
    return await _asked(world.brief, Briefs(briefs), ids=ids)


async def _two_cases(world: World) -> list[Any]:
    briefs = {"Shop-1": world.brief, "shop-1": world.brief}
    with TemporaryDirectory() as folder:
        async with AIService(sandbox(folder), context_source=Briefs(briefs)) as opened:
            ai: Any = opened
            for each in briefs:
                await ai.generate_strategy(each, each)
                await ai.generate_content(each, each, 1)
            return [(await ai.list_content(each, feature="content")).items for each in briefs]


async def _second_loop(world: World) -> Any:
    """Open in one loop, and list in another."""

    def run() -> Any:
        with TemporaryDirectory() as folder:
            stack = AsyncExitStack()

            async def open_in_first() -> Any:
                return await stack.enter_async_context(AIService(sandbox(folder)))

            ai = asyncio.run(open_in_first())
            return asyncio.run(ai.list_content(world.business_id))

    async with asyncio.timeout(10):
        return await _in_thread(run)


async def _second_thread(world: World) -> Any:
    async with asyncio.timeout(10):
        return await _in_thread(lambda: asyncio.run(_awaited(world.reply())))


async def _awaited(call: Awaitable[Any]) -> Any:
    return await call


async def _in_thread(run: Callable[[], Any]) -> Any:
    """Run in a thread of its own, which may hang: it ends with the process."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Any] = loop.create_future()

    def settle(result: Any, error: BaseException | None) -> None:
        if not done.done():
            done.set_result(result) if error is None else done.set_exception(error)

    def work() -> None:
        try:
            result, error = run(), None
        except BaseException as raised:  # handed on to who waits
            result, error = None, raised
        loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=work, daemon=True).start()
    return await done


def _sync() -> Any:
    return import_module("ai_service.sync")


async def _sync_threads(world: World) -> list[Any]:
    def run() -> list[Any]:
        with TemporaryDirectory() as folder, _sync().AIService(sandbox(folder)) as ai:
            ids = ai.add_brief(world.brief)
            found: list[Any] = []

            def ask() -> None:
                found.append(ai.suggest_reply(ids.business_id, WORDS, campaign_id=ids.campaign_id))

            threads = [threading.Thread(target=ask) for _ in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(20)
            return found

    return await _in_thread(run)


async def _sync_inside(world: World) -> Any:
    async def inside(folder: str) -> Any:
        with _sync().AIService(sandbox(folder)) as ai:
            ids = ai.add_brief(world.brief)
            return ai.suggest_reply(ids.business_id, WORDS, campaign_id=ids.campaign_id)

    with TemporaryDirectory() as folder:
        async with asyncio.timeout(20):
            return await _in_thread(lambda: asyncio.run(inside(folder)))


async def _customers(opened: World) -> int:
    """Return how many rows of B's customer are left after the same customer of A was deleted."""
    ai = opened.ai
    for business_id, campaign_id in (
        (opened.business_id, opened.campaign_id),
        (opened.other_id, opened.other_campaign_id),
    ):
        await ai.suggest_reply(business_id, WORDS, campaign_id=campaign_id, customer_id="c-1")
    await ai.delete_customer(opened.business_id, "c-1")
    rows = await ai.attempts(limit=1000)
    return sum(row.customer_id == "c-1" and row.business_id == opened.other_id for row in rows)


async def _fresh(play: Callable[[World], Awaitable[Any]], around: World) -> Any:
    async with world(around.brief) as own:
        return await play(own)


OTHERS: dict[str, Play] = {
    "type.network_endless": Play(_endless, in_time=True),
    "source.sync": Play(lambda world: _asked(world.brief, _Plain(world.brief))),
    "source.none": Play(_of(lambda _: None)),
    "source.raises": Play(_of(_raise)),
    "source.slow": Play(_slow),
    "source.int": Play(_of(lambda _: 17)),
    "source.slug": Play(_slugs, right=lambda world, results: len(results) == 1),
    "loop.second": Play(_second_loop, ("list_content",), names=("loop",)),
    "loop.thread": Play(_second_thread, names=("loop",)),
    "loop.sync": Play(_sync_threads, ("sync",), lambda world, found: len(found) == 2),
    "loop.sync_inside": Play(_sync_inside, ("sync",)),
    "tenant.case": Play(
        _two_cases,
        ("list_content",),
        lambda world, pages: [{item.business_id for item in page} for page in pages] == [{"Shop-1"}, {"shop-1"}],
    ),
    "tenant.customer": Play(
        lambda world: _fresh(_customers, world), ("delete_customer",), lambda world, left: left == 1, in_time=True
    ),
}
"""How each of these cases is played."""
