import asyncio
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from openai.types.chat import ChatCompletion
from openai.types.responses import Response

from evals.benchmarks import provider, results
from evals.benchmarks.answers import caption_of, post, text_of
from evals.benchmarks.caller import deps_of, user_of
from evals.benchmarks.faults import score
from evals.benchmarks.figures import Figure, Report, number, percentile, ratios, spread
from evals.benchmarks.kill import Row, compare
from evals.benchmarks.peers.calls import Outcome, Work, make_calls
from evals.benchmarks.plan import Fault, faults_of, fewest_requests, winnable
from evals.benchmarks.provider_process import Seen
from evals.benchmarks.wire import CHAT, RESPONSES, Answer, body_of, call_of, strategy_task_of
from models.content import Post

PEERS = Path(provider.__file__).with_name("peers")


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
    assert Post.model_validate_json(text_of(17, None)).caption == caption_of(17)
    assert caption_of(17) != caption_of(1)


@pytest.mark.parametrize("fault", [Fault.TRUNCATED, Fault.FENCED, Fault.LOOSE, Fault.WRONG, Fault.EMPTY])
def test_a_spoilt_answer_is_not_a_valid_post(fault: Fault) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Post.model_validate_json(text_of(17, fault))


@pytest.mark.parametrize("fault", [Fault.FENCED, Fault.LOOSE])
def test_a_readable_answer_holds_each_value_of_the_post(fault: Fault) -> None:
    expected = Post.model_validate(post(17))

    text = text_of(17, fault)

    assert all(value in text for value in (expected.caption, expected.script, *expected.hashtags))


def test_the_provider_finds_the_call_in_the_message() -> None:
    body = json.dumps({"input": [{"role": "user", "content": deps_of(123).prompt}]}).encode()

    assert call_of(body) == 123
    assert call_of(b"{}") is None
    assert strategy_task_of(body) is None


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


def test_the_score_counts_what_the_books_lack_call_by_call() -> None:
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
        "rows of dead processes below what was billed": 1,
        "rows left open after the restart": 1,
    }


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
def test_a_number_is_shown_with_three_digits_that_count(value: float, shown: str) -> None:
    assert number(value) == shown


def test_the_table_holds_value_unit_goal_and_verdict() -> None:
    figure = Figure(name="wait", value=0.5, unit="ms", at_most=1, note="quiet")

    assert results.table([figure]).splitlines()[-1] == "| wait (quiet) | 0.5 ms | at most 1 | reached |"


def test_a_short_run_leaves_the_full_figures_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "FILE", tmp_path / "results.json")
    full, short = [Report(counts={"calls": n}, figures=[Figure(name="f", value=n)]) for n in (200, 100)]

    results.keep("faults", full, short=False, load=0)
    results.keep("faults", short, short=True, load=0)

    kept = json.loads(results.FILE.read_text())
    assert kept["full"]["faults"]["counts"] == {"calls": 200}
    assert kept["short"]["faults"]["figures"][0]["value"] == 100


def test_no_peer_brings_litellm_along() -> None:
    assert "litellm" not in (PEERS / "uv.lock").read_text(encoding="utf-8")
