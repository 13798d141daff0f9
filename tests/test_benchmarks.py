import asyncio
import json
import re
import socket
import sqlite3
import subprocess
import sys
from ast import literal_eval
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
from openai.types.chat import ChatCompletion
from openai.types.responses import Response
from sqlalchemy import make_url

from evals.benchmarks import away, budget, databases, keys, provider, runs
from evals.benchmarks.__main__ import BENCHMARKS
from evals.benchmarks.audit import Row, billed_usd, compare, rows_in
from evals.benchmarks.caller import deps_of, user_of
from evals.benchmarks.databases import Kind
from evals.benchmarks.faults import score
from evals.benchmarks.figures import Figure, Report, number, percentile, ratios, spread
from evals.benchmarks.model_answers import caption_of, post, text_of
from evals.benchmarks.outage import CutLine, LockedFile
from evals.benchmarks.peers.calls import Outcome, Work, make_calls
from evals.benchmarks.plan import Fault, faults_of, fewest_requests, winnable
from evals.benchmarks.provider_process import Seen
from evals.benchmarks.race import PROCESSES, share
from evals.benchmarks.runs import Conditions
from evals.benchmarks.wire import CHAT, RESPONSES, Answer, body_of, call_of, output_limit_of, strategy_task_of
from models.content import PostCopy
from storage.engine import create_engine
from storage.ledger import SqlLedger
from tests.storage_parts import answered, sent

PEERS = Path(provider.__file__).with_name("peers")
ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("hundred", [0, 1])
def test_every_hundred_calls_meet_the_planned_mix(hundred: int) -> None:
    calls = Counter(faults_of(100 * hundred + index) for index in range(100))

    assert calls == {
        (): 42,
        (Fault.RATE_LIMITED,): 8,
        (Fault.SERVER_ERROR,): 6,
        (Fault.UNAVAILABLE, Fault.UNAVAILABLE): 4,
        (Fault.HANG,): 4,
        (Fault.TRUNCATED,): 8,
        (Fault.FENCED,): 6,
        (Fault.LOOSE,): 4,
        (Fault.WRONG,): 8,
        (Fault.WRONG, Fault.WRONG): 4,
        (Fault.EMPTY,): 2,
        (Fault.RESET,): 2,
        (Fault.UNAUTHORIZED,): 2,
    }


def test_two_hundred_calls_can_win_196_answers_with_308_requests() -> None:
    assert sum(map(winnable, range(200))) == 196
    assert fewest_requests(200) == 308


def test_the_plan_is_shuffled_differently_in_each_hundred() -> None:
    first, second = [[faults_of(100 * hundred + index) for index in range(100)] for hundred in (0, 1)]

    assert first != second


def test_a_good_answer_is_a_valid_post_with_the_calls_number() -> None:
    assert PostCopy.model_validate_json(text_of(17, None)).caption == caption_of(17)
    assert caption_of(17) != caption_of(1)


@pytest.mark.parametrize("fault", [Fault.TRUNCATED, Fault.FENCED, Fault.LOOSE, Fault.WRONG, Fault.EMPTY])
def test_a_corrupted_answer_is_not_a_valid_post(fault: Fault) -> None:
    with pytest.raises(ValueError, match="validation error"):
        PostCopy.model_validate_json(text_of(17, fault))


@pytest.mark.parametrize("fault", [Fault.FENCED, Fault.LOOSE])
def test_a_readable_answer_holds_each_value_of_the_post(fault: Fault) -> None:
    expected = PostCopy.model_validate(post(17))

    text = text_of(17, fault)

    assert all(value in text for value in (expected.caption, expected.script, *expected.hashtags))


def test_the_provider_finds_the_call_in_the_message() -> None:
    body = json.dumps({"input": [{"role": "user", "content": deps_of(123).prompt}]}).encode()

    assert call_of(body) == 123
    assert call_of(b"{}") is None
    assert strategy_task_of(body) is None


def test_the_provider_finds_the_token_limit_and_not_one_in_the_message() -> None:
    prompt = json.dumps({"max_output_tokens": 7})

    assert output_limit_of(json.dumps({"input": prompt, "max_output_tokens": 1_000}).encode()) == 1_000
    assert output_limit_of(json.dumps({"input": prompt}).encode()) == 0


def test_the_provider_finds_what_the_strategy_feature_asks() -> None:
    prompt = json.dumps({"task": {"kind": "themes", "days": [{"day": 4}]}}, separators=(",", ":"))
    body = json.dumps({"input": [{"role": "user", "content": prompt}]}).encode()

    assert strategy_task_of(body) == {"kind": "themes", "days": [{"day": 4}]}


def test_an_answer_of_the_responses_api_is_one_to_its_client() -> None:
    response = Response.model_validate(body_of(f"/good{RESPONSES}", Answer("hello", False, 30, 12), 1))

    assert response.output_text == "hello"
    assert response.usage is not None
    assert (response.status, response.usage.total_tokens) == ("completed", 42)


def test_an_answer_of_the_chat_completions_api_is_one_to_its_client() -> None:
    completion = ChatCompletion.model_validate(body_of(f"/good{CHAT}", Answer("hello", True, 30, 12), 1))

    assert completion.choices[0].message.content == "hello"
    assert completion.usage is not None
    assert (completion.choices[0].finish_reason, completion.usage.total_tokens) == ("length", 42)


def test_the_score_counts_missing_tokens_call_by_call() -> None:
    seen = [Seen(0, 10, 5), Seen(0, 10, 5), Seen(1, 10, 5), Seen(None, 99, 99)]
    outcomes = [
        Outcome(call=0, caption=caption_of(0), booked_tokens=15),
        Outcome(call=1, caption=caption_of(2), booked_tokens=1_000),
    ]

    found = score(outcomes, seen)

    assert (found.won, found.wrong, found.requests) == (1, 1, 3)
    assert found.off_the_books == 15


def test_the_score_counts_requests_after_a_refused_key() -> None:
    refused = next(call for call in range(100) if not winnable(call))

    found = score([Outcome(call=refused)], [Seen(refused, 0, 0)] * 3)

    assert found.after_permanent == 2


def test_the_comparison_finds_a_missing_row_a_wrong_cost_and_a_low_bound() -> None:
    right, low = Decimal("0.0000315"), Decimal("0.0000314")  # 10 tokens in, 1 token out
    rows = [
        Row(user_of(0), "ok", False, right),
        Row(user_of(1), "ok", False, low),
        Row(user_of(2), "lost", True, right),
        Row(user_of(3), "sent", True, low),
    ]
    seen = [Seen(call, 10, 1) for call in range(5)]

    values = {figure.name: figure.value for figure in compare(rows, seen)}

    assert values == {
        "requests that the provider saw and the ledger did not": 1,
        "cost error of settled rows": pytest.approx(0.0000001),
        "estimated rows below what was billed": 1,
        "rows left open after the restart": 1,
    }


def test_the_comparison_finds_one_missing_row_of_two_requests() -> None:
    rows = [Row(user_of(0), "ok", False, billed_usd([Seen(0, 10, 1)]))]

    missing, error, *_ = compare(rows, [Seen(0, 10, 1)] * 2, on=", there")

    assert (missing.name, missing.value) == ("requests that the provider saw and the ledger did not, there", 1)
    assert error.value == 0


def test_the_comparison_finds_nothing_in_correct_rows() -> None:
    rows = [Row(user_of(0), "ok", False, billed_usd([Seen(0, 10, 1)])), Row(user_of(0), "timeout", True, Decimal(1))]

    assert [figure.value for figure in compare(rows, [Seen(0, 10, 1), Seen(0, 10, 1)])] == [0, 0, 0, 0]


def test_all_rows_of_a_database_are_read(tmp_path: Path) -> None:
    async def write(url: str) -> None:
        engine = create_engine(url)
        async with SqlLedger(engine) as ledger:
            attempt = sent()
            await ledger.open(attempt)
            ledger.settle(answered(attempt))
        await engine.dispose()

    with databases.database(Kind.SQLITE) as url:
        asyncio.run(write(url))
        rows = asyncio.run(rows_in(url))

    assert rows == [Row(None, "ok", False, Decimal("0.004200000001"))]


def test_a_server_that_does_not_answer_is_reported_as_absent_without_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    monkeypatch.setattr(databases, "SERVER_URL", f"postgresql://me:secret@127.0.0.1:{port}/test")

    here = databases.databases()

    assert list(here) == [Kind.SQLITE]
    said = databases.described(here)["PostgreSQL"]
    assert said == f"absent: no server to be used at postgresql://me:***@127.0.0.1:{port}/test; set TEST_POSTGRES_URL"


async def test_a_locked_file_refuses_to_be_written_until_it_is_back(tmp_path: Path) -> None:
    file = tmp_path / "books.db"
    with (
        closing(sqlite3.connect(file, isolation_level=None)) as holder,
        closing(sqlite3.connect(file, isolation_level=None, timeout=0)) as other,
    ):
        other.execute("PRAGMA journal_mode = WAL")
        outage = LockedFile(holder)

        await outage.away()
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            other.execute("CREATE TABLE book (page)")
        await outage.back()

        other.execute("CREATE TABLE book (page)")


async def test_a_cut_line_refuses_connections_and_is_back_at_the_same_port() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.read(100))
        await reader.read()
        writer.close()

    async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
        line = CutLine(make_url(f"postgresql://127.0.0.1:{server.sockets[0].getsockname()[1]}/test"))
        await line.back()
        port = line.port
        async with _connection(port) as (reader, writer):
            writer.write(b"ping")
            assert await reader.read(100) == b"ping"

            await line.away()
            assert await reader.read() == b""
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
        await line.back()

        assert line.port == port
        async with _connection(port) as (reader, writer):
            writer.write(b"ping")
            assert await reader.read(100) == b"ping"
            await line.away()
            assert await reader.read() == b""


@asynccontextmanager
async def _connection(port: int) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        await writer.wait_closed()


def test_failed_calls_and_answers_during_an_outage_are_reported() -> None:
    ended = [away.Ended(1, ""), away.Ended(7, "STORAGE_UNAVAILABLE"), away.Ended(8, ""), away.Ended(10.5, "")]
    outcome = away.Outcome(ended, [away.Away(5, 10)])

    counts = away.summary(outcome, [Row(user_of(0), "ok", False, Decimal(0))])

    assert (away.failed(outcome, on="").value, away.failed(outcome, on="").note) == (1, "of 4")
    assert counts == {
        "calls": 4,
        "answers_while_away": 1,
        "errors": "1 STORAGE_UNAVAILABLE",
        "rows": "1 ok",
        "first_answers_after_s": "0.50",
    }


def test_a_race_reports_the_worst_round() -> None:
    right = _round(Counter({"won": 60, "BUDGET_EXCEEDED": 140}), "0.7", "0.98", "0.98", "0.98", "0")
    wrong = _round(Counter({"won": 70, "OVERLOADED": 130}), "0.9", "1.25", "1", "0.5", "0.125")

    values = {figure.name: (figure.value, figure.reached) for figure in budget.score([right, wrong], on="")}

    assert values == {
        "overspend": (0.25, False),
        "budget less ai_logs": (0.5, False),
        "ai_logs less what was billed": (0.25, False),
        "still reserved at the end": (0.125, False),
        "calls failed otherwise than for the budget": (130, False),
        "part of the budget used by the race": (0.7, None),
        "part of it used when no call has room": (0.98, True),
    }
    assert [figure.reached for figure in budget.score([right], on="")] == [True] * 5 + [None, True]


def _round(outcomes: Counter[str], *amounts_usd: str) -> budget.Round:
    return budget.Round(outcomes, *map(Decimal, amounts_usd))


def test_a_second_request_for_one_key_and_a_second_answer_are_reported() -> None:
    one, copy, other = (
        keys.Answer("c", "r", "{}", False),
        keys.Answer("c", "r", "{}", True),
        keys.Answer("d", "s", "{}", False),
    )
    right, wrong = keys.Round([one, *[copy] * 99], 1, 0), keys.Round([one, other], 2, 0)

    assert [(figure.value, figure.reached) for figure in keys.score([right], on="")] == [
        (1, True),
        (1, True),
        (1, True),
        (100, True),
    ]
    assert [(figure.value, figure.reached) for figure in keys.score([right, wrong], on="")] == [
        (2, False),
        (2, False),
        (2, False),
        (2, False),
    ]


def test_a_key_that_no_request_was_sent_for_is_no_success() -> None:
    [requests, *_] = keys.score([keys.Round([], 0, 0), keys.Round([], 1, 0)], on="")

    assert requests.reached is False


def test_each_call_of_a_race_belongs_to_one_process() -> None:
    shares = [call for number in range(PROCESSES) for call in share(200, number)]

    assert sorted(shares) == list(range(200))


def test_processes_of_a_race_begin_when_all_are_ready_and_give_all_results() -> None:
    program = """
import os
from evals.benchmarks.race import race

async def part(number, ready):
    ready()
    return [(number, os.getpid())]

print(sorted(race(part)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)

    numbers, processes = zip(*literal_eval(done.stdout), strict=True)
    assert numbers == (0, 1, 2)
    assert len(set(processes)) == PROCESSES


def test_an_error_in_a_process_of_a_race_is_one_of_the_race() -> None:
    program = """
from evals.benchmarks.race import race

async def part(number, ready):
    ready()
    return [1 // number]

race(part)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)

    assert done.returncode != 0
    assert "ZeroDivisionError" in done.stderr


def test_each_benchmark_is_a_target_of_the_makefile_and_a_module() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert f"BENCHMARKS := {' '.join(BENCHMARKS)}\n" in makefile
    assert all(f"\nbench-{name}: ## " in makefile for name in BENCHMARKS)
    assert all(callable(import_module(f"evals.benchmarks.{name}").measure) for name in BENCHMARKS)


async def test_all_calls_are_made_so_many_at_once() -> None:
    at_once = most = 0

    async def ask(outcome: Outcome, prompt: str) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0)  # the others run
        outcome.caption = prompt
        at_once -= 1

    prompts = {call: str(call) for call in range(10)}
    work = Work(base_url="", concurrency=3, timeout_s=1, instructions="", prompts=prompts)

    finished = await make_calls(ask, work)

    assert {outcome.call: outcome.caption for outcome in finished.outcomes} == prompts
    assert most == 3


@pytest.mark.parametrize(("percent", "expected"), [(1, 1), (50, 50), (99, 99), (100, 100)])
def test_a_percentile_is_the_nearest_rank(percent: float, expected: float) -> None:
    assert percentile(range(100, 0, -1), percent) == expected


def test_a_percentile_of_few_values_is_one_of_them() -> None:
    assert percentile([3.0], 99) == 3
    assert percentile([1, 2, 3], 50) == 2


def test_a_percentile_of_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_ratios_are_taken_within_a_round() -> None:
    assert ratios([2, 6], [1, 2]) == [2, 3]


def test_the_spread_is_the_middle_half() -> None:
    assert spread([1, 2, 3, 4]) == "1-3 in half of 4 rounds"


@pytest.mark.parametrize(
    ("figure", "goal", "reached"),
    [
        (Figure(name="f", value=1.25, at_most=1.25), "at most 1.25", True),
        (Figure(name="f", value=1.26, at_most=1.25), "at most 1.25", False),
        (Figure(name="f", value=5_000, at_least=5_000), "at least 5,000", True),
        (Figure(name="f", value=4_999, at_least=5_000), "at least 5,000", False),
        (Figure(name="f", value=0, at_most=0), "at most 0", True),
        (Figure(name="f", value=7), "", None),
    ],
)
def test_a_figure_says_its_goal_and_whether_it_is_reached(figure: Figure, goal: str, reached: bool | None) -> None:
    assert (figure.goal, figure.reached) == (goal, reached)


@pytest.mark.parametrize(
    ("value", "shown"), [(308, "308"), (12_345.6, "12,346"), (1.2345, "1.23"), (0, "0"), (0.0123, "0.0123")]
)
def test_a_number_is_shown_with_three_significant_digits(value: float, shown: str) -> None:
    assert number(value) == shown


def test_the_table_holds_value_unit_goal_and_verdict() -> None:
    figure = Figure(name="wait", value=0.5, unit="ms", at_most=1, note="quiet")

    assert runs.table([figure]).splitlines()[-1] == "| wait (quiet) | 0.5 ms | at most 1 | reached |"


def test_full_runs_are_kept_newest_first_and_of_the_short_ones_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "FILE", tmp_path / "results.json")
    before, after = Conditions("abc", False, 1.234), Conditions("abc", False, 2)

    for calls, short in ((200, False), (100, True), (201, False), (101, True)):
        report = Report(counts={"calls": calls}, figures=[Figure(name="f", value=0, at_most=0)])
        runs.keep("faults", report, short=short, before=before, after=after)

    kept = json.loads(runs.FILE.read_text())
    assert [run["counts"]["calls"] for run in kept["full"]["faults"]] == [201, 200]
    assert kept["short"]["faults"]["counts"] == {"calls": 101}
    newest = kept["full"]["faults"][0]
    assert newest["figures"] == [{"name": "f", "value": 0, "at_most": 0, "reached": True}]
    assert [newest[name] for name in ("commit", "changed_since_commit", "load_before", "load_after")] == [
        "abc",
        False,
        1.23,
        2,
    ]


def test_a_run_says_whether_the_code_is_its_commits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=me", "-c", "user.email=me@example.com")
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True, capture_output=True)

    code = tmp_path / "code.py"
    monkeypatch.setattr(runs, "FILE", tmp_path / "benchmarks" / "results.json")
    runs.FILE.parent.mkdir()
    runs.FILE.write_text("{}")
    assert runs.conditions()[:2] == (None, False)
    code.write_text("1")
    git("init")
    git("add", ".")
    git("commit", "-m", "first")
    runs.FILE.write_text("{ }")
    first = runs.conditions()
    code.write_text("2")

    assert first.commit is not None
    assert re.fullmatch("[0-9a-f]{40}", first.commit)
    assert first.changed is False
    assert runs.conditions()[:2] == (first.commit, True)


def test_no_peer_brings_litellm_along() -> None:
    assert "litellm" not in (PEERS / "uv.lock").read_text(encoding="utf-8")


def test_the_table_of_the_readme_is_made_of_the_newest_full_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "FILE", tmp_path / "results.json")
    now = runs.Conditions(commit="0123456789abcdef", changed=False, load=0.5)
    for value in (2.0, 1.2):
        figure = Figure(name="CPU", value=value, at_most=1.25)
        runs.keep("cpu", Report(counts={}, figures=[figure]), short=False, before=now, after=now)
    runs.keep("kill", Report(counts={}, figures=[Figure(name="lost", value=9)]), short=True, before=now, after=now)

    lines = runs.newest_table(["kill", "cpu"]).splitlines()

    assert lines[2:4] == ["| CPU | 1.2 | at most 1.25 | reached |", ""]
    assert lines[4].startswith("- cpu: ")
    assert lines[4].endswith("commit 0123456789, load 0.5 to 0.5")
