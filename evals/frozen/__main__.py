"""The command `python -m evals.frozen`: prints what becomes of each kind of frozen text, by its right verdict."""

import asyncio
import logging
import sys
from collections import Counter

from evals.frozen.verdicts import FOLDER, Judged, judged_posts, judged_replies, load_round


def table(name: str, found: list[Judged]) -> str:
    """Return a Markdown table: kind and right verdict by row, how many cases got which verdict."""
    verdicts = sorted({judged.verdict for judged in found})
    counts = Counter((judged.case.kind, judged.case.expect, judged.verdict) for judged in found)
    rows = sorted({(judged.case.kind, judged.case.expect) for judged in found})
    lines = [f"### {name}", "", f"| kind | right | {' | '.join(verdicts)} |", f"|---|---|{'---:|' * len(verdicts)}"]
    for kind, right in rows:
        lines.append(f"| {kind} | {right} | {' | '.join(str(counts[kind, right, verdict]) for verdict in verdicts)} |")
    return "\n".join([*lines, ""])


def main() -> None:
    """Judge all rounds."""
    logging.getLogger("ai_service").setLevel(logging.CRITICAL)  # a refused reply is a result here
    for file in sorted(FOLDER.glob("round_*.yaml")):
        found = load_round(file.stem)
        judged = judged_posts(found) if file.stem.endswith("posts") else asyncio.run(judged_replies(found))
        sys.stdout.write(table(file.stem, judged) + "\n")


if __name__ == "__main__":
    main()
