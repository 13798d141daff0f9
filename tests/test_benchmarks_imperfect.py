"""The benchmark of an imperfect provider: its schedule, its shapes, and how answers are counted."""

import json
from collections import Counter
from itertools import pairwise

from evals.benchmarks.answer_shapes import CERTAIN, UNCLEAR, Shape, shape_of
from evals.benchmarks.imperfect import accepted_at_once, thrown_away
from evals.benchmarks.model_answers import caption_of
from evals.benchmarks.modes import Mode
from evals.benchmarks.peers.calls import Outcome
from evals.benchmarks.plan import Fault, Order, faults_of
from evals.benchmarks.provider_process import Seen
from evals.benchmarks.troubles import A_SECOND, Troubles


def test_in_each_order_a_hundred_calls_have_the_same_faults() -> None:
    counts = {order: Counter(faults_of(call, order) for call in range(100)) for order in Order}

    assert counts[Order.BURSTS] == counts[Order.LISTED] == counts[Order.SHUFFLED]


def test_bursts_keep_calls_with_the_same_faults_together_in_an_order_of_their_own() -> None:
    bursts, listed = ([faults_of(call, order) for call in range(100)] for order in (Order.BURSTS, Order.LISTED))
    changes = sum(before != after for before, after in pairwise(bursts))

    assert changes < 20
    assert bursts != listed
    assert bursts != [faults_of(call, Order.BURSTS) for call in range(100, 200)]


def test_an_outage_begins_with_one_of_the_first_requests_and_ends_in_time() -> None:
    troubles = Troubles()
    before = [troubles.next(Mode.BLIP_TWO, call, 100) for call in range(20)]
    later = [troubles.next(Mode.BLIP_TWO, 30, moment) for moment in (101.9, 102.1)]

    assert before == sorted(before, key=lambda fault: fault is not None)
    assert before[10:] == [Fault.UNAVAILABLE] * 10
    assert later == [Fault.UNAVAILABLE, None]


def test_a_rate_limit_counts_the_requests_of_each_second() -> None:
    troubles = Troubles()
    faults = [troubles.next(Mode.LIMITED, call, moment) for moment in (7.0, 8.0) for call in range(A_SECOND + 2)]

    assert faults == ([None] * A_SECOND + [Fault.RATE_LIMITED] * 2) * 2


def test_a_shape_is_drawn_for_the_first_request_of_a_call_and_the_second_is_as_asked() -> None:
    drawn = {shape_of(call, 1) for call in range(200)}

    assert drawn == set(Shape) - {Shape.PLAIN}
    assert {shape_of(call, 2) for call in range(200)} == {Shape.PLAIN}


def test_each_shape_holds_the_post_of_its_call() -> None:
    said = {shape: shape.text(7) for shape in Shape}

    assert len(set(said.values())) == len(Shape)
    assert json.loads(said[Shape.PLAIN])["caption"] == caption_of(7)
    assert [shape for shape in CERTAIN if "bench-call-7" not in said[shape]] == []


def test_a_paid_answer_that_no_call_returned_was_thrown_away() -> None:
    seen = [Seen(0, 9, 9, True), Seen(0, 9, 9, True), Seen(1, 9, 9, True), Seen(2, 9, 9), Seen(None, 9, 9, True)]
    outcomes = [Outcome(call=0, caption=caption_of(0)), Outcome(call=1), Outcome(call=2)]

    assert thrown_away(outcomes, seen) == 2


def test_accepted_at_once_is_what_was_won_for_one_request() -> None:
    certain = [call for call in range(50) if shape_of(call, 1) in CERTAIN][:4]
    outcomes = [Outcome(call=call, caption=caption_of(call)) for call in certain]
    seen = [Seen(call, 9, 9, True) for call in [*certain, certain[0]]]

    assert accepted_at_once(outcomes, seen, CERTAIN) == 75
    assert UNCLEAR.isdisjoint(CERTAIN)
