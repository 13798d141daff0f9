"""The frozen texts: unchanged since they were written, and judged by the package as a host calls it."""

from hashlib import sha256

from pydantic_ai.models import override_allow_model_requests

from evals.frozen.__main__ import table
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
