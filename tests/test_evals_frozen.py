"""The frozen texts and cases: unchanged since they were written, and judged by the package as a host calls it."""

from hashlib import sha256
from typing import Any

import pytest
from pydantic_ai.models import override_allow_model_requests

from evals.frozen.__main__ import judged, table
from evals.frozen.situations import Subject, load_situations
from evals.frozen.tally import Found, Verdict, tally
from evals.frozen.verdicts import FOLDER, Round, judged_posts, judged_replies, load_round


def test_no_frozen_text_was_changed() -> None:
    lines = (FOLDER / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    noted = {name: digest for digest, name in (line.split() for line in lines)}

    assert {file.name: sha256(file.read_bytes()).hexdigest() for file in FOLDER.glob("*.yaml")} == noted


async def test_a_reply_is_judged_through_the_service_and_a_post_by_check() -> None:
    replies, posts = load_round("round_2_replies"), load_round("round_2_posts")
    some = Round(about="", briefs=replies.briefs, cases=[c for c in replies.cases if c.kind == "for a person"][:3])

    with override_allow_model_requests(True):  # on loopback
        found = [*await judged_replies(some), *judged_posts(posts)[:3]]

    assert len(found) == 6
    assert {judged.verdict for judged in found[:3]} == {"held"}
    assert "| for a person |" in table("round", found)


WRONG: list[tuple[Subject, str, dict[str, Any], Verdict]] = [
    ("answers", "r3.answer.prose.full_stop", {"expect": "asked again"}, "silently wrong"),
    ("provider", "r3.prov.http.503_text", {"exact": {"outcome": "used", "requests": 1}}, "refused or paid twice"),
    ("pictures", "r3.picture.plain", {"exact": {"outcome": "error"}}, "silently wrong"),
    ("host", "r3.host.type.day_zero", {"exact": {"raises": None}}, "refused or paid twice"),
    ("budget", "r3.budget.zero", {"exact": {"answers": 1}}, "refused or paid twice"),
]
"""A case of each subject that the layer fulfils, and an expectation that it must not fulfil."""


@pytest.mark.parametrize(("subject", "case_id", "changes", "verdict"), WRONG, ids=[subject for subject, *_ in WRONG])
async def test_what_came_is_told_from_what_must_not_come(
    subject: Subject, case_id: str, changes: dict[str, Any], verdict: Verdict
) -> None:
    cases = load_situations(subject)
    [case] = [case for case in cases.cases if case.id == case_id]
    cases.cases = [case, case.model_copy(update=changes)]

    with override_allow_model_requests(True):  # on loopback
        found = await judged(subject, cases)

    assert [each.verdict for each in found] == ["as expected", verdict], [each.came for each in found]


def test_the_table_counts_by_kind_and_names_what_is_not_as_expected() -> None:
    first, second = load_situations("budget").cases[:2]

    printed = tally("budget", [Found(first, "as expected", "x"), Found(second, "silently wrong", "returned")])

    assert f"| {first.kind} | 2 | 1 | 1 | 0 | 0 | 0 | 0 |" in printed
    assert f"- {second.id}: silently wrong: returned" in printed
    assert f"- {first.id}" not in printed
