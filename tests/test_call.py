from dataclasses import replace
from datetime import UTC
from decimal import Decimal
from uuid import UUID

from deps.call import Call, Deadline
from deps.clock import utc_now
from models.attempt import Attempt
from models.unaffordable import BudgetShort
from models.vocabulary import Feature
from tests.clocks import StoppedClock


class NoLedger:
    async def open(self, attempt: Attempt) -> None: ...

    def settle(self, attempt: Attempt) -> None: ...

    async def flush(self) -> None: ...

    def charged_usd(self, attempt: Attempt) -> Decimal | None: ...

    async def room(self, short: BudgetShort) -> None: ...


def new_call() -> Call:
    return Call(
        feature=Feature.CONTENT,
        business_id="5e0d3c1a-5f4f-4a0c-9a2e-6f0f4b1c2d3e",
        ledger=NoLedger(),
        deadline=Deadline.after(45, StoppedClock()),
        max_attempts=3,
        request_timeout_s=20,
        max_output_tokens=2000,
    )


def test_a_deadline_counts_down() -> None:
    clock = StoppedClock()
    deadline = Deadline.after(45, clock)

    clock.pass_s(30)

    assert deadline.remaining_s() == 15


def test_a_deadline_that_has_passed_is_negative() -> None:
    clock = StoppedClock()
    deadline = Deadline.after(45, clock)

    clock.pass_s(50)

    assert deadline.remaining_s() == -5


def test_a_deadline_runs_on_the_monotonic_clock_unless_told() -> None:
    assert 0 < Deadline.after(60).remaining_s() <= 60


def test_a_request_is_begun_only_while_there_is_more_than_its_least_time() -> None:
    clock = StoppedClock()
    call = replace(new_call(), deadline=Deadline.after(45, clock), least_request_s=1)

    clock.pass_s(43.75)
    assert call.may_ask()
    assert not call.may_ask(after_s=0.25)

    clock.pass_s(0.25)
    assert not call.may_ask()


def test_questions_are_numbered_from_zero() -> None:
    account = new_call().account

    assert [account.next_question() for _ in range(3)] == [0, 1, 2]


def test_each_call_has_a_request_id_and_attempts_of_its_own() -> None:
    first, second = new_call(), new_call()

    assert UUID(first.request_id) != UUID(second.request_id)
    assert first.account.attempts is not second.account.attempts


def test_now_is_aware_and_utc() -> None:
    assert utc_now().tzinfo is UTC
