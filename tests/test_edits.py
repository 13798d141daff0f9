"""A person's text: checked in full, saved as it is, beside what was generated."""

from collections.abc import Mapping

import pytest

from ai_service import AIService, Feature, InvalidRequest, NotFound, StaleRevision
from models.content import Post
from tests import serving
from tests.provider.received import value_at
from tests.serving import WHOLE, Shop

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop, ai = serving.shop, serving.ai

UNSAID = "Tout à 3 € demain, sur https://ailleurs.example"

EDITS: dict[Feature, tuple[Mapping[str, object], Mapping[str, object]]] = {
    Feature.CONTENT: ({"caption": "Le four est chaud."}, {"caption": UNSAID}),
    Feature.VIDEO: ({"cta": "Passez nous voir"}, {"cta": UNSAID}),
    Feature.MESSAGING: ({"reply": "Ouvert du mardi au dimanche."}, {"reply": UNSAID}),
    Feature.IMAGE: ({"alt_text": "Un pain doré sur une table."}, {"alt_text": UNSAID}),
}
"""For each feature a good text in one field, and one that says what the brief does not."""


@pytest.mark.parametrize("feature", EDITS)
async def test_a_persons_text_is_saved_as_it_is_beside_what_was_generated(
    shop: Shop, ai: AIService, feature: Feature
) -> None:
    result = await shop.ask(ai, feature)
    good, bad = EDITS[feature]

    fine = await ai.save_edit(shop.business_id, result.content_id, good, 1, "u_9")
    flagged = await ai.save_edit(shop.business_id, result.content_id, bad, 2, "u_9")

    generated = result.output.model_dump(mode="json")
    assert fine.content.generated == flagged.content.generated == generated
    assert {**fine.content.output, **good} == fine.content.output
    assert {**flagged.content.output, **bad} == flagged.content.output
    assert not any(flag.rule_id.startswith("ground.") for flag in fine.flags)
    assert {flag.severity for flag in flagged.flags if flag.rule_id.startswith("ground.")} == {"hard"}
    assert (flagged.content.state, flagged.content.revision) == ("needs_review", 3)
    assert await ai.get_content(shop.business_id, result.content_id) == flagged.content


async def test_a_persons_theme_replaces_that_of_a_day_and_the_plan_stays(shop: Shop, ai: AIService) -> None:
    calendar = await ai.list_content(shop.business_id, feature="strategy")
    strategy = await ai.get_strategy(shop.business_id, shop.campaign_id)
    days = [day.model_dump(mode="json") for day in strategy.calendar]
    days[2] |= {"theme": "Le fournil à quatre heures du matin", "date": "2031-01-01", "is_promo": True}

    edit = await ai.save_edit(shop.business_id, calendar.items[0].content_id, {"calendar": days}, 1, "u_9")

    edited = await ai.get_strategy(shop.business_id, shop.campaign_id)
    assert edited.calendar[2].theme == "Le fournil à quatre heures du matin"
    assert edited.calendar[2] == strategy.calendar[2].model_copy(
        update={"theme": edited.calendar[2].theme, "revision": 2}
    )
    assert edited.calendar[:2] + edited.calendar[3:] == strategy.calendar[:2] + strategy.calendar[3:]
    assert edit.content.state == "draft"
    await ai.generate_content(shop.business_id, shop.campaign_id, 3)
    assert value_at(shop.server.requests[-1].document, "task", "day", "theme") == edited.calendar[2].theme
    with pytest.raises(InvalidRequest, match=r"output\.calendar: has 29 days, not 30"):
        await ai.save_edit(shop.business_id, calendar.items[0].content_id, {"calendar": days[1:]}, 2, "u_9")
    with pytest.raises(InvalidRequest, match=r"output\.calendar\.2\.theme"):
        short = [*days[:2], {**days[2], "theme": "Pain"}, *days[3:]]
        await ai.save_edit(shop.business_id, calendar.items[0].content_id, {"calendar": short}, 2, "u_9")


async def test_an_output_as_it_was_returned_is_taken_with_its_variants(shop: Shop, ai: AIService) -> None:
    result = await ai.generate_content(shop.business_id, shop.campaign_id, 3, networks=["instagram", "x"])
    post = result.output
    variant = post.variants[0].model_copy(update={"caption": "é" * 300})

    edit = await ai.save_edit(
        shop.business_id, result.content_id, post.model_copy(update={"variants": [variant]}), 1, "u_9"
    )

    edited = Post.model_validate(edit.content.output)
    assert edited.variants[0].caption == "é" * 300
    assert "x.text" in {flag.rule_id for flag in edited.variants[0].flags} & {flag.rule_id for flag in edit.flags}
    assert edited.caption == post.caption
    with pytest.raises(InvalidRequest, match=r"output\.variants: are not those of the networks"):
        await ai.save_edit(shop.business_id, result.content_id, {"variants": []}, 2, "u_9")


async def test_an_approval_does_not_outlast_an_edit_and_the_history_has_both(shop: Shop, ai: AIService) -> None:
    shop.server.script(lambda request: serving.answered(request, **WHOLE))
    result = await shop.ask(ai)
    good, _ = EDITS[Feature.CONTENT]
    await ai.set_state(shop.business_id, result.content_id, "approved", 1, user_id="u_1")

    edit = await ai.save_edit(shop.business_id, result.content_id, good, 2, "u_2")
    await ai.set_state(shop.business_id, result.content_id, "approved", 3, user_id="u_1")
    published = await ai.set_state(shop.business_id, result.content_id, "published", 4, user_id="u_1")

    assert edit.content.state == "needs_review"
    changes = await ai.content_history(shop.business_id, result.content_id)
    assert [(change.was, change.state, change.edited, change.user_id) for change in changes] == [
        ("draft", "approved", False, "u_1"),
        ("approved", "needs_review", True, "u_2"),
        ("needs_review", "approved", False, "u_1"),
        ("approved", "published", False, "u_1"),
    ]
    with pytest.raises(InvalidRequest, match="content that is published cannot be edited"):
        await ai.save_edit(shop.business_id, result.content_id, good, 5, "u_2")
    assert await ai.get_content(shop.business_id, result.content_id) == published


async def test_an_edit_of_what_somebody_else_changed_is_stale(shop: Shop, ai: AIService) -> None:
    result = await shop.ask(ai)
    good, bad = EDITS[Feature.CONTENT]
    edit = await ai.save_edit(shop.business_id, result.content_id, good, 1, "u_1")

    with pytest.raises(StaleRevision, match="is at revision 2, not 1: read it again"):
        await ai.save_edit(shop.business_id, result.content_id, bad, 1, "u_2")

    assert await ai.get_content(shop.business_id, result.content_id) == edit.content


@pytest.mark.parametrize(
    ("output", "field"),
    [
        ({"titel": "Bonjour"}, "output.titel"),
        ({"caption": ""}, "output.caption"),
        ({"caption": 7}, "output.caption"),
        ({"caption": "a" * 20_001}, "output.caption"),
        ({"hashtags": ["#pain"] * 9}, "output.hashtags"),
        ({}, "output"),
        ("Bonjour", "output"),
    ],
)
async def test_what_is_no_text_of_the_feature_is_refused_by_its_path(
    shop: Shop, ai: AIService, output: dict[str, object], field: str
) -> None:
    result = await shop.ask(ai)

    with pytest.raises(InvalidRequest) as caught:
        await ai.save_edit(shop.business_id, result.content_id, output, 1, "u_9")

    assert [problem.field for problem in caught.value.problems] == [field]
    assert (await ai.get_content(shop.business_id, result.content_id)).revision == 1


async def test_a_repeated_call_gets_what_was_generated_and_not_the_edit(shop: Shop, ai: AIService) -> None:
    ids = (shop.business_id, shop.campaign_id, 3)
    result = await ai.generate_content(*ids, idempotency_key="k")
    await ai.save_edit(shop.business_id, result.content_id, {"caption": "Autre chose."}, 1, "u_9")

    again = await ai.generate_content(*ids, idempotency_key="k")

    assert again.replayed
    assert again.output == result.output


async def test_an_edit_of_nothing_is_not_found(shop: Shop, ai: AIService) -> None:
    with pytest.raises(NotFound, match="has no content"):
        await ai.save_edit(shop.business_id, shop.campaign_id, {"caption": "Bonjour"}, 1, "u_9")
