"""The command `python -m evals.frozen`: prints what becomes of each kind of frozen text, by its right verdict."""

import asyncio
import logging
import sys
from collections import Counter
from collections.abc import Awaitable, Callable

from evals.frozen.answer_cases import judged_answers
from evals.frozen.budget_cases import judged_budget
from evals.frozen.host_cases import judged_host
from evals.frozen.picture_cases import judged_pictures
from evals.frozen.provider_cases import judged_provider
from evals.frozen.situations import SUBJECTS, Situations, Subject, load_situations
from evals.frozen.tally import Found, tally
from evals.frozen.verdicts import FOLDER, Judged, judged_posts, judged_replies, load_round

_JUDGES: dict[Subject, Callable[[Situations], Awaitable[list[Found]]]] = {
    "answers": judged_answers,
    "provider": judged_provider,
    "pictures": judged_pictures,
    "host": judged_host,
    "budget": judged_budget,
}


def table(name: str, found: list[Judged]) -> str:
    """Return a Markdown table: kind and right verdict by row, how many cases got which verdict."""
    verdicts = sorted({judged.verdict for judged in found})
    counts = Counter((judged.case.kind, judged.case.expect, judged.verdict) for judged in found)
    rows = sorted({(judged.case.kind, judged.case.expect) for judged in found})
    lines = [f"### {name}", "", f"| kind | right | {' | '.join(verdicts)} |", f"|---|---|{'---:|' * len(verdicts)}"]
    for kind, right in rows:
        lines.append(f"| {kind} | {right} | {' | '.join(str(counts[kind, right, verdict]) for verdict in verdicts)} |")
    return "\n".join([*lines, ""])


def main(*subjects: str) -> None:
    """Judge the texts of all rounds and the cases of round 3, or those of the subjects named alone."""
    logging.getLogger("ai_service").setLevel(logging.CRITICAL)  # a refused reply is a result here
    if not subjects:
        _judge_texts()
    for subject in SUBJECTS:
        if subject in (subjects or SUBJECTS):
            found = asyncio.run(judged(subject, load_situations(subject)))
            sys.stdout.write(tally(subject, found) + "\n")


async def judged(subject: Subject, cases: Situations) -> list[Found]:
    """Return what becomes of the cases of a subject."""
    return await _JUDGES[subject](cases)


def _judge_texts() -> None:
    for file in sorted([*FOLDER.glob("round_*_posts.yaml"), *FOLDER.glob("round_*_replies.yaml")]):
        found = load_round(file.stem)
        judged = judged_posts(found) if file.stem.endswith("posts") else asyncio.run(judged_replies(found))
        sys.stdout.write(table(file.stem, judged) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
