"""What the last ten requests say of a model, and what one failed request says."""

import asyncio

import pytest
from pydantic_ai.exceptions import (
    ContentFilterError,
    ModelConnectionError,
    ModelHTTPError,
    ModelQuotaExceededError,
    ModelRateLimitError,
    ModelRequestTimeout,
    ModelServerError,
    UnexpectedModelBehavior,
)

from agents.evidence import Evidence, Verdict, verdict_of
from agents.outcomes import AnswerEmpty, AnswerTruncated, status_of


def says_out(story: str) -> bool:
    """Return what a story ends with: requests begun at once end one by one, `+` answered and `-` failed.

    A new word begins after those before have ended.
    """
    evidence, is_out = Evidence(), False
    for word in story.split():
        numbers = [evidence.begin() for _ in word]
        for number, ending in zip(numbers, word, strict=True):
            is_out = ending == "-" and evidence.note_failure(number)
            if ending == "+":
                evidence.note_success()
    return is_out


STORIES = {
    # failures that outnumber successes, three at least
    "--": False,
    "---": True,
    "+++ ---": False,
    "+++----": True,
    "++++++++++----": False,
    # only the last ten count
    "++++++++++ -----": False,
    "++++++++++ ------": True,
    "-----+++++ +": False,
    # begun after a failure, and none was answered between
    "-": False,
    "- -": True,
    "+ - -": True,
    "- + -": False,
    "++++++++++ - -": True,
    # begun before the failure: one and the same moment
    "++++++++++--": False,
}


def test_a_model_is_out_by_its_last_ten_requests() -> None:
    wrong = {story: not expected for story, expected in STORIES.items() if says_out(story) is not expected}

    assert wrong == {}


def test_after_it_came_back_failures_of_before_say_nothing() -> None:
    evidence = Evidence()
    early = [evidence.begin() for _ in range(5)]
    evidence.begin_anew()

    assert [evidence.note_failure(number) for number in early] == [False] * 5
    late = [evidence.begin() for _ in range(3)]
    assert [evidence.note_failure(number) for number in late] == [False, False, True]


def http(status: int, code: str | None = None, message: str = "") -> ModelHTTPError:
    return ModelHTTPError.for_category(
        ModelRateLimitError if status == 429 else None,
        status_code=status,
        model_name="m",
        body={"message": message, "code": code},
        provider_error_code=code,
    )


TOO_LARGE = "Request too large for gpt-5.2 on tokens per min (TPM): Limit 30,000, Requested 41,200."
TOO_MUCH_AT_ONCE = "On tokens per day: limit: 30000, requested: 41200"
BUSY = "Rate limit reached on tokens per min (TPM): Limit 30000, Used 29000, Requested 1200. Try again in 6s."

VERDICTS: list[tuple[BaseException, Verdict]] = [
    (ModelRequestTimeout("m", 20), "down"),
    (ModelServerError("m", ""), "down"),
    (ModelConnectionError("m", ""), "down"),
    (http(503), "down"),
    (http(429), "limited"),
    (http(429, message=BUSY), "limited"),
    (http(429, message=TOO_LARGE), "nothing"),
    (http(429, message=TOO_MUCH_AT_ONCE), "nothing"),
    (http(429, code="request_too_large"), "nothing"),
    (ModelQuotaExceededError("m", ""), "nothing"),
    (http(400), "nothing"),
    (http(401), "nothing"),
    (http(404), "nothing"),
    (http(400, code="content_filter"), "nothing"),
    (asyncio.CancelledError(), "nothing"),
    (RuntimeError("a mistake in code"), "nothing"),
    (ContentFilterError("filtered"), "up"),
    (AnswerEmpty("m", ""), "up"),
    (AnswerTruncated("m", ""), "up"),
    (UnexpectedModelBehavior("not an answer"), "up"),
]


def test_each_failure_says_what_it_can_of_its_model() -> None:
    told = [(error, verdict_of(error, had_time=True)) for error, _ in VERDICTS]

    assert told == VERDICTS


@pytest.mark.parametrize(("error", "verdict"), [(ModelRequestTimeout("m", 1), "nothing"), (http(500), "down")])
def test_a_request_with_less_than_its_own_time_says_nothing_by_a_timeout(error: Exception, verdict: Verdict) -> None:
    assert verdict_of(error, had_time=False) == verdict


@pytest.mark.parametrize(("message", "status"), [(TOO_LARGE, "rejected"), (BUSY, "rate_limited")])
def test_a_request_that_is_too_large_is_not_asked_again(message: str, status: str) -> None:
    assert status_of(http(429, message=message)) == status
