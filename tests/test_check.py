"""`check` takes what a host has: a text, a publication, a generated post or script, or the fields of one of them."""

from typing import Any

import pytest

from ai_service import InvalidRequest, Network, Post, Publishable, Variant, VideoScript, Violation, check
from models.video import SpokenSeconds
from models.vocabulary import ContentType
from tests.serving import BRIEF

LONG, TAGS = "x" * 3_600, [f"#tag{number}" for number in range(40)]
PUBLISHED: dict[str, Any] = {
    "network": Network.LINKEDIN,
    "content_type": ContentType.POST,
    "caption": LONG,
    "hashtags": ["#tag"],
    "text": LONG,
    "link": "https://levain.example",
    "flags": [],
    "quality": [],
}
POST = Post(**PUBLISHED, script="Notre pain bio.", variants=[])
SCRIPT = VideoScript(
    hook="Du pain bio ?",
    body="Chez nous.",
    cta="Venez.",
    shots=["Le four", "La boutique"],
    seconds=SpokenSeconds(hook=1, body=1, cta=1, total=3),
    on_screen=None,
    flags=[],
    quality=[],
)


def rules(found: list[Violation]) -> set[tuple[str, str]]:
    return {(violation.rule_id, violation.path) for violation in found}


@pytest.mark.parametrize("network", [Network.LINKEDIN, "linkedin", "LinkedIn", "Linked-In"])
def test_a_network_may_be_written_in_any_case(network: Network | str) -> None:
    found = check(Publishable(caption=LONG, hashtags=TAGS), network)

    assert found == check(Publishable(caption=LONG, hashtags=TAGS), Network.LINKEDIN)
    assert ("li.text", "caption") in rules(found)


@pytest.mark.parametrize("network", ["nonsense", "", 5, ["linkedin"]])
def test_what_is_no_network_is_refused(network: Any) -> None:
    with pytest.raises(InvalidRequest, match=r"network: (is missing|.*'instagram'.*use one of the values named)"):
        check("Bonjour", network)


def test_a_network_is_needed() -> None:
    no_network: Any = None

    with pytest.raises(InvalidRequest, match="network: is missing"):
        check("Bonjour", no_network)


@pytest.mark.parametrize(
    "content",
    [
        LONG,
        {"caption": LONG},
        POST,
        Variant(**PUBLISHED),
        POST.model_dump(),
        POST.model_dump(mode="json"),
        {"caption": LONG, "script": "x", "hashtags": []},
    ],
)
def test_a_text_a_post_and_their_fields_are_checked_alike(content: Any) -> None:
    assert rules(check(content, "linkedin")) == {("li.text", "caption")}


def test_a_post_is_checked_with_what_it_shows() -> None:
    assert ("brand.banned", "script") in rules(check(POST, "linkedin", BRIEF))
    assert ("brand.banned", "script") in rules(check(POST.model_dump(mode="json"), "linkedin", BRIEF.model_dump()))


@pytest.mark.parametrize("content", [SCRIPT, SCRIPT.model_dump(mode="json"), {"hook": "Du pain bio ?"}])
def test_a_script_is_checked_against_the_brief(content: Any) -> None:
    assert check(content, "tiktok") == []
    assert ("brand.banned", "hook") in rules(check(content, "tiktok", BRIEF))


def test_the_label_on_the_screen_satisfies_the_law() -> None:
    paid = {**BRIEF.model_dump(), "business": {**BRIEF.business.model_dump(), "material_connection": "a mill"}}
    shown = SCRIPT.model_copy(update={"on_screen": "Publicité"})

    assert {rule for rule, _ in rules(check(SCRIPT, "tiktok", paid)) - rules(check(shown, "tiktok", paid))} == {
        "law.disclosure.spoken"
    }


@pytest.mark.parametrize(
    ("content", "field", "message"),
    [
        ("", "content", "is empty"),
        (None, "content", "is of the type NoneType"),
        (["caption"], "content", "is of the type list"),
        ({"capton": "x"}, "content.capton", "Extra inputs are not permitted"),
        ({"hook": "x", "bodi": "x"}, "content.bodi", "Extra inputs are not permitted"),
        ({"caption": "a\0b"}, "content.caption", "holds a NUL character"),
    ],
)
def test_what_holds_no_content_is_refused(content: Any, field: str, message: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        check(content, "x")

    (problem,) = caught.value.problems
    assert problem.field == field
    assert message in problem.message


def test_a_wrong_brief_is_refused_with_its_field() -> None:
    with pytest.raises(InvalidRequest, match=r"brief\.business\.tone: is missing"):
        check("x", "x", {"business": {"name": "x", "industry": "x", "languages": ["en"]}})
