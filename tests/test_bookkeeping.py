"""What a reply says of itself is corrected by code: intent, language and sources never cost a retry."""

import pytest

from models.fact_paths import fact_paths
from models.language_tags import language_tag
from models.messaging import Intent, ReplyCopy
from tests.provider.received import JsonObject

COPY: JsonObject = {
    "reply": "Hello.",
    "intent": "other",
    "needs_human": False,
    "needs_human_reason": None,
    "language": "en",
    "facts_used": [],
}


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("en", "en"),
        ("EN", "en"),
        ("fr_FR", "fr-FR"),
        ("pt-br", "pt-BR"),
        ("zh_hans_cn", "zh-Hans-CN"),
        ("hi-Latn", "hi-Latn"),
        ("eng", "en"),
        ("ger", "de"),
        ("English", "en"),
        ("english (US)", "en"),
        ("Deutsch", "de"),
        ("FRANÇAIS", "fr"),
        ("日本語", "ja"),
        ("العربية", "ar"),
        (" Thai. ", "th"),
        ("fil", "fil"),
        ("Klingonese", None),
        ("en, fr", None),
        ("", None),
    ],
)
def test_a_language_is_read_by_its_tag_or_its_name(written: str, tag: str | None) -> None:
    assert language_tag(written) == tag


@pytest.mark.parametrize(
    ("written", "paths"),
    [
        (["business.facts.0", "business.links.1"], ["business.facts.0", "business.links.1"]),
        (["business.facts[0]", "Business.Facts.0"], ["business.facts.0"]),
        (["$.business.offers[1].price", "business/links/1"], ["business.offers.1.price", "business.links.1"]),
        (["task.business.facts.0"], ["business.facts.0"]),
        (["facts.0", "call_to_action"], ["business.facts.0", "campaign.call_to_action"]),
        ("business.facts.0, business.facts.1", ["business.facts.0", "business.facts.1"]),
        (["name", "Open on Sundays", 3, None, "business.facts.0.a.b"], []),
        (None, []),
        ([f"business.facts.{number}" for number in range(20)], [f"business.facts.{number}" for number in range(10)]),
    ],
)
def test_sources_are_read_as_paths_and_what_is_none_is_left_out(written: object, paths: list[str]) -> None:
    assert fact_paths(written) == paths


def test_what_is_for_the_books_alone_makes_no_reply_invalid() -> None:
    copy = ReplyCopy.model_validate({**COPY, "intent": "thanks", "language": "elvish?", "facts_used": "the second"})

    assert (copy.intent, copy.language, copy.facts_used) == (Intent.OTHER, "und", [])
