"""The synchronous facade: the same methods, from several threads, on one event loop of its own."""

import asyncio
import inspect
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import ai_service
from ai_service import (
    AIServiceError,
    BusinessContext,
    CampaignContext,
    ConfigurationError,
    Feature,
    InvalidRequest,
    NotFound,
    Settings,
    sync,
)
from tests import serving
from tests.serving import BRIEF

no_environment = serving.no_environment

pytestmark = pytest.mark.usefixtures("no_environment")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(model="sandbox", database_url=f"sqlite:///{tmp_path}/books.db")


@pytest.fixture
def ai(settings: Settings) -> Iterator[sync.AIService]:
    with sync.AIService(settings) as ai:
        yield ai


def asynchronous() -> dict[str, Any]:
    """Return the public methods of the asynchronous service that are awaited."""
    methods = inspect.getmembers(ai_service.AIService, inspect.iscoroutinefunction)
    return {name: method for name, method in methods if not name.startswith("_")}


def test_it_has_every_method_with_the_same_arguments() -> None:
    missing = [name for name in asynchronous() if not hasattr(sync.AIService, name)]
    assert missing == [], "name them in ai_service/sync.py"

    for name, method in asynchronous().items():
        assert inspect.signature(getattr(sync.AIService, name)) == inspect.signature(method)


def test_a_day_of_a_host(ai: sync.AIService) -> None:
    ids = ai.add_brief(BRIEF)
    strategy = ai.generate_strategy(ids.business_id, ids.campaign_id, user_id="u_42")
    post = ai.generate_content(ids.business_id, ids.campaign_id, 1, networks=["Instagram"])

    assert len(strategy.output.calendar) == 30
    assert ai.newest_content(ids.business_id, ids.campaign_id, 1).content_id == post.content_id
    assert ai.attempts(post.request_id) == post.attempts
    assert ai.ready().ok


def test_the_generating_functions_have_a_service_of_the_process(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, ai: sync.AIService
) -> None:
    with pytest.raises(ConfigurationError, match="no model is configured"):
        sync.suggest_reply("b", "Bonjour")
    monkeypatch.setenv("AI_SERVICE_MODEL", "sandbox")
    monkeypatch.setenv("AI_SERVICE_DATABASE_URL", settings.database_url)
    ids = ai.add_brief(BRIEF)

    with ThreadPoolExecutor(4) as threads:
        replies = list(threads.map(partial(sync.suggest_reply, ids.business_id), ["Bonjour"] * 4))
    strategy = sync.generate_strategy(ids.business_id, ids.campaign_id)

    assert [reply["language"] for reply in replies] == ["fr"] * 4
    assert strategy["campaign_id"] == ids.campaign_id
    assert [thread.name for thread in threading.enumerate()].count("ai_service") == 2
    sync._default_services.pop(os.getpid()).close()  # pyright: ignore[reportPrivateUsage] - other tests have another
    for feature in Feature:
        name = serving.method_of(feature)
        assert inspect.signature(getattr(sync, name)) == inspect.signature(getattr(ai_service, name))


def test_errors_are_those_of_the_service(ai: sync.AIService) -> None:
    with pytest.raises(NotFound, match="no business"):
        ai.suggest_reply("b", "Bonjour")
    with pytest.raises(InvalidRequest, match="day: "):
        ai.generate_content("b", "c", 0)


def test_threads_share_one_service_and_one_event_loop(ai: sync.AIService) -> None:
    ids = ai.add_brief(BRIEF)

    def reply(number: int) -> str:
        return ai.suggest_reply(ids.business_id, f"Vous ouvrez quand ? {number}").request_id

    with ThreadPoolExecutor(8) as threads:
        requests = list(threads.map(reply, range(24)))

    assert len(set(requests)) == 24
    assert len({row.request_id for row in ai.attempts(limit=100)}) == 24
    assert [thread.name for thread in threading.enumerate()].count("ai_service") == 1


def test_closing_waits_for_the_calls_that_are_running(settings: Settings) -> None:
    ai = sync.AIService(settings).open()
    ids = ai.add_brief(BRIEF)
    begun = threading.Barrier(5)

    def plan(_: int) -> int:
        begun.wait()
        try:
            return len(ai.generate_strategy(ids.business_id, ids.campaign_id).output.calendar)
        except ConfigurationError:
            return 0  # it came after the closing

    with ThreadPoolExecutor(4) as threads:
        plans = threads.map(plan, range(4))
        begun.wait()
        ai.close()
        assert {*plans} <= {0, 30}

    with pytest.raises(ConfigurationError, match="the service is not open"):
        ai.add_brief(BRIEF)
    with closing(sqlite3.connect(settings.database_url.removeprefix("sqlite:///"))) as books:
        assert books.execute("SELECT count(*) FROM ai_logs WHERE status = 'sent'").fetchone() == (0,)
    ai.close()


def test_it_opens_again_after_it_was_closed(settings: Settings) -> None:
    ai = sync.AIService(settings)
    for _ in range(2):
        with ai:
            assert ai.ready().ok
            with pytest.raises(ConfigurationError, match="is open already"):
                ai.open()


def test_what_can_not_be_opened_leaves_no_thread(tmp_path: Path) -> None:
    before = threading.active_count()

    with pytest.raises(ConfigurationError, match="no model is configured"):
        sync.AIService.from_env()
    with pytest.raises(AIServiceError), sync.AIService(Settings(model="sandbox", database_url="mysql://h/x")):
        pass

    assert threading.active_count() <= before


def test_an_interrupted_wait_cancels_the_call(ai: sync.AIService) -> None:
    """A signal's handler may raise in the waiting thread: Ctrl-C, a worker's time limit."""

    class TimeLimit(BaseException):
        pass

    def interrupt(*_: object) -> None:
        raise TimeLimit

    ids = ai.add_brief(BRIEF)
    usual = signal.signal(signal.SIGUSR1, interrupt)
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGUSR1))
    timer.start()
    try:
        with pytest.raises(TimeLimit):
            ai.suggest_reply(ids.business_id, "sandbox:timeout")
    finally:
        signal.signal(signal.SIGUSR1, usual)

    ai.close()
    ai.open()
    assert {row.status for row in ai.attempts(limit=5)} <= {"cancelled"}


class Rows:
    """A synchronous host's own tables."""

    def get_business(self, business_id: str) -> BusinessContext | None:
        self.thread = threading.current_thread()
        return BRIEF.business if business_id == "shop-17" else None

    def get_campaign(self, business_id: str, campaign_id: str) -> CampaignContext | None:
        return BRIEF.campaign


def test_a_synchronous_host_brings_a_synchronous_source(settings: Settings) -> None:
    rows = Rows()
    with sync.AIService(settings, context_source=rows) as ai:
        ai.suggest_reply("shop-17", "Bonjour", campaign_id="c")
        with pytest.raises(NotFound):
            ai.suggest_reply("shop-18", "Bonjour")

    assert rows.thread is not threading.main_thread()


def test_a_source_that_calls_the_service_itself_is_told_so(settings: Settings) -> None:
    """Its methods run in threads, where they may; an asynchronous one runs on the service's loop."""

    class Awaiting(Rows):
        async def get_business(self, business_id: str) -> BusinessContext | None:  # pyright: ignore[reportIncompatibleMethodOverride] - as a host may
            ai.ready()
            return None

    with sync.AIService(settings, context_source=Awaiting()) as ai:  # pyright: ignore[reportArgumentType] - as above
        with pytest.raises(ConfigurationError, match="called on its own event loop"):
            ai.suggest_reply("shop-17", "Bonjour")


def test_a_forked_process_is_told_to_open_its_own(ai: sync.AIService) -> None:
    ai._process = -1  # pyright: ignore[reportPrivateUsage] - a fork of the test run would copy its threads' locks

    with pytest.raises(ConfigurationError, match="opened in another process: open one after the fork"):
        ai.ready()
    ai._process = os.getpid()  # pyright: ignore[reportPrivateUsage]


LEFT_OPEN = """
from ai_service.sync import AIService
ai = AIService.from_env().open()
ids = ai.add_brief({"business": {"name": "x", "industry": "bakery", "tone": "warm", "languages": ["fr"]}})
ai.suggest_reply(ids.business_id, "Bonjour")
"""


def test_a_service_left_open_is_closed_when_the_process_ends(tmp_path: Path) -> None:
    environment = {**os.environ, "AI_SERVICE_MODEL": "sandbox", "AI_SERVICE_DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}

    ended = subprocess.run(
        [sys.executable, "-c", LEFT_OPEN], env=environment, capture_output=True, text=True, timeout=240
    )

    assert (ended.returncode, ended.stderr) == (0, "")
    with closing(sqlite3.connect(tmp_path / "x.db")) as books:
        assert books.execute("SELECT status FROM ai_logs").fetchall() == [("ok",)]
        assert books.execute("SELECT * FROM ai_owners").fetchall() == []


def test_another_event_loop_is_told_so_at_once(settings: Settings) -> None:
    service = ai_service.AIService(settings)
    opening, other = asyncio.new_event_loop(), asyncio.new_event_loop()
    opening.run_until_complete(service.__aenter__())
    try:
        for call in (service.suggest_reply("b", "Bonjour"), service.costs(), service.__aexit__(None, None, None)):
            with pytest.raises(ConfigurationError, match="opened in another event loop: open one in each loop, or"):
                other.run_until_complete(call)
    finally:
        opening.run_until_complete(service.__aexit__(None, None, None))
        for loop in (opening, other):
            loop.close()
