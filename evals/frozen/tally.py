"""What became of the cases of round 3, and the table of it."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

from evals.frozen.situations import Situation

Verdict = Literal["as expected", "silently wrong", "refused or paid twice", "otherwise", "not available", "not judged"]
"""`silently wrong`: returned or sent although it must not be, or left off the books. `refused or paid twice`: an error,
a wait or a request that was not needed. `not available`: the function does not exist. `not judged`: no code can."""
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


class Found(NamedTuple):
    """A case, the verdict on what came, and what came in one line."""

    case: Situation
    verdict: Verdict
    came: str


class Complaint(NamedTuple):
    """One thing that is not as it must be."""

    verdict: Verdict
    words: str


def found_of(case: Situation, came: object, complaints: Sequence[Complaint]) -> Found:
    """Return the worst of the complaints as the verdict, and all of them in one line."""
    order = {verdict: place for place, verdict in enumerate(VERDICTS[1:])}
    worst = sorted(complaints, key=lambda complaint: order[complaint.verdict])
    verdict = worst[0].verdict if worst else "as expected"
    return Found(case, verdict, "; ".join([*(complaint.words for complaint in worst), str(came)]))


def tally(name: str, found: Sequence[Found]) -> str:
    """Return a Markdown table by kind and verdict, and a line for each case that is not as expected."""
    counts = Counter((each.case.kind, each.verdict) for each in found)
    totals = Counter(each.verdict for each in found)
    kinds = sorted({each.case.kind for each in found})
    rows = [(kind, [counts[kind, verdict] for verdict in VERDICTS]) for kind in kinds]
    rows.append(("all", [totals[verdict] for verdict in VERDICTS]))
    lines = [f"### {name}", "", f"| kind | cases | {' | '.join(VERDICTS)} |", f"|---|{'---:|' * (len(VERDICTS) + 1)}"]
    lines += [f"| {kind} | {sum(row)} | {' | '.join(map(str, row))} |" for kind, row in rows]
    lines += [
        "",
        *(f"- {each.case.id}: {each.verdict}: {each.came}" for each in found if each.verdict != "as expected"),
    ]
    return "\n".join([*lines, ""])
