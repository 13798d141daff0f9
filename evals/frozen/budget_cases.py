"""Judges what is spent: each scenario of `round_3_budget`, by the books and by what the provider charges."""

from collections.abc import Iterator
from decimal import Decimal

from ai_service import Attempt, Brief, BudgetState
from evals.frozen.budget_scenes import SCENES, Ended, play
from evals.frozen.budget_till import bound_of
from evals.frozen.host_world import lacking
from evals.frozen.opened import WORDS
from evals.frozen.situations import Situation, Situations, brief_of
from evals.frozen.tally import Complaint, Found, found_of


async def judged_budget(found: Situations) -> list[Found]:
    """Return what becomes of each scenario; `U` is what an answer without usage is booked at."""
    brief = brief_of(found, found.cases[0])
    rows = await bound_of(brief, lambda measured: measured.ai.suggest_reply("b", WORDS, campaign_id="b"))
    return [await _judged(case, brief, rows[0].cost_usd or Decimal(0)) for case in found.cases]


async def _judged(case: Situation, brief: Brief, bound: Decimal) -> Found:
    name = case.id.removeprefix("r3.budget.")
    if lack := lacking(SCENES[name].needs):
        return Found(case, "not available", lack)
    try:
        ended, (rows, states) = await play(name, brief, bound)
    except Exception as error:  # the scenario itself could not be played to its end
        return Found(case, "otherwise", f"raw {type(error).__name__}: {str(error)[:200]!r}")
    complaints = [*_complaints(case, ended, rows, states)]
    came = ended.till.came
    answers = sum(each.result is not None for each in came)
    spent = [str(state.spent_usd) for state in states]
    last = came[-1] if came else ""
    words = f"{answers} answers of {len(came)} calls, {len(rows)} rows, spent {spent} of {ended.limit}; last {last}"
    return found_of(case, words, complaints)


def _complaints(case: Situation, ended: Ended, rows: list[Attempt], states: list[BudgetState]) -> Iterator[Complaint]:
    yield from _money(case, ended, states)
    yield from _answers(case, ended)
    yield from _rows(case, ended, rows)
    for right, words in ended.right:
        if not right:
            yield Complaint("refused or paid twice" if "BUDGET_EXCEEDED" in words else "otherwise", words)
    if any(each.raw for each in ended.till.came):
        yield Complaint("otherwise", "a raw error")


def _money(case: Situation, ended: Ended, states: list[BudgetState]) -> Iterator[Complaint]:
    exact, till, limit = case.exact, ended.till, ended.limit
    booked = [state.spent_usd for state in states if state.scope == "business"]
    if "overspend_max" in exact and limit is not None:
        if till.charged > limit:
            yield Complaint("silently wrong", f"charged {till.charged} of {limit}")
        if any(spent > limit for spent in booked):
            yield Complaint("silently wrong", f"spent {booked} of {limit}")
        if till.highest > limit and case.id not in _MOVED:
            yield Complaint("silently wrong", f"spent and reserved {till.highest} of {limit}")
    if "spent" in exact and booked and booked[0] != (wanted := _wanted(str(exact["spent"]), ended)):
        verdict = "silently wrong" if booked[0] < min(wanted, till.charged) else "refused or paid twice"
        yield Complaint(verdict, f"spent {booked[0]}, not {wanted}")
    if "open_reservations" in exact and any(state.reserved_usd for state in states):
        yield Complaint("refused or paid twice", f"still reserved: {[str(state.reserved_usd) for state in states]}")


_MOVED = {"r3.budget.two_limits", "r3.budget.calendar_runs_out"}
"""Cases with more than one limit, which look for themselves."""


def _wanted(words: str, ended: Ended) -> Decimal:
    """Return the sum that `20 c`, `c`, `0` or `attempts x d` says."""
    cost, first = ended.till.cost, words.split()[0]
    if first == "attempts":
        return sum(each.requests for each in ended.till.came) * cost
    return cost if first == "c" else Decimal(first) * (cost if words.endswith("c") else 1)


def _answers(case: Situation, ended: Ended) -> Iterator[Complaint]:
    exact, came = case.exact, ended.till.came
    answers = sum(each.result is not None for each in came) + ended.lines.count("answer")
    requests = len(ended.till.server.asked)
    if "answers" in exact and answers != exact["answers"]:
        fewer = answers < exact["answers"]
        yield Complaint("refused or paid twice" if fewer else "silently wrong", f"{answers} answers")
    if answers < exact.get("answers_min", 0):
        yield Complaint("refused or paid twice", f"{answers} answers")
    if "requests" in exact and requests != exact["requests"] and "per_call" not in case.id:
        yield Complaint("refused or paid twice", f"{requests} requests")
    wanted = exact.get("code", exact.get("refused_code"))
    codes = {getattr(each.error, "code", None) for each in came if each.error is not None}
    if wanted is not None and codes != {wanted}:
        yield Complaint("otherwise", f"{codes}, not {wanted}")
    if "requests_of_refused" in exact and came[-1].requests:
        yield Complaint("refused or paid twice", f"{came[-1].requests} requests of the refused call")


def _rows(case: Situation, ended: Ended, rows: list[Attempt]) -> Iterator[Complaint]:
    exact = case.exact
    answered = [row for row in rows if row.status == "ok" and row.feature != "strategy"]
    paid = [row for row in rows if row.status not in ("rejected", "server_error", "rate_limited", "connection")]
    paid = [row for row in paid if row.provider != "sandbox"]
    zero = [row for row in answered if not row.cost_usd]
    if "zero_rows" in exact and zero:
        yield Complaint("silently wrong", f"{len(zero)} answers cost {zero[0].cost_usd}")
    if "estimated" in exact and any(row.cost_estimated != exact["estimated"] for row in paid):
        yield Complaint("otherwise", f"estimated {[row.cost_estimated for row in paid][:5]}")
    bound = ended.till.bound
    if "row_cost" in exact and any(row.cost_usd != bound for row in answered):
        yield Complaint("otherwise", f"rows cost {[str(row.cost_usd) for row in answered][:3]}, not {bound}")
    if any(row.status == "sent" for row in rows):
        yield Complaint("silently wrong", "a row stays `sent`")
