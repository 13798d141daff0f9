"""One idea for several networks: a variant for each, and code's additions and removals."""

import json

import pytest
from pydantic import JsonValue

from ai_service import AIResult, AIService, InvalidRequest, Network, Post
from models.content import Published
from models.rules.pack import RULE_PACK_VERSION
from tests import serving
from tests.provider.reactions import Answer, HttpError, Reaction, Refusal
from tests.provider.received import JsonObject, ReceivedRequest, value_at
from tests.serving import WHOLE, Shop, as_answer, told

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop, ai = serving.shop, serving.ai

NETWORKS = ["facebook", "x", "threads", "google_business"]
LINK = "https://levain.example/commander"
LAUNCH_DAY = 4
"""A day with a call to action."""


def task(request: ReceivedRequest, *path: str | int) -> JsonValue:
    return value_at(request.document, "task", *path)


def by_network(request: ReceivedRequest, **captions: str) -> Answer:
    """Answer with a post or a variant; `captions` are by network."""
    network = str(task(request, "day", "network"))
    caption = captions.get(network, f"Bonjour {network}")
    copy: JsonObject = {"caption": caption, "hashtags": ["#pain", "#levain", "#lyon"]}
    return as_answer({**WHOLE, **copy} if task(request, "kind") == "post" else copy)


async def test_each_network_has_a_variant_of_one_idea(shop: Shop, ai: AIService) -> None:
    shop.server.script(by_network)

    result = await ai.generate_content(shop.business_id, shop.campaign_id, 3, networks=NETWORKS)

    post = result.output
    assert [post.network, *(variant.network for variant in post.variants)] == NETWORKS
    assert [variant.caption.partition("\n")[0] for variant in post.variants] == [
        f"Bonjour {network}" for network in NETWORKS[1:]
    ]
    first, *others = sorted(shop.server.requests, key=lambda request: request.number)
    assert (task(first, "kind"), [task(other, "kind") for other in others]) == ("post", ["variant"] * 3)
    assert [task(other, "idea") for other in others] == ["Bonjour facebook"] * 3
    assert sorted({row.question for row in result.attempts}) == [0, 1, 2, 3]
    saved = await ai.newest_content(shop.business_id, shop.campaign_id, 3)
    assert Post.model_validate(saved.output) == post


async def test_without_networks_a_post_goes_where_it_is_planned(shop: Shop, ai: AIService) -> None:
    shop.server.script(by_network)
    planned = (await ai.get_strategy(shop.business_id, shop.campaign_id)).calendar[2]

    post = (await ai.generate_content(shop.business_id, shop.campaign_id, 3)).output

    assert (post.network, post.content_type, post.variants) == (planned.network, planned.content_type, [])


async def test_one_variant_is_asked_for_again_without_the_others(shop: Shop, ai: AIService) -> None:
    too_long = "Bonjour à toutes et à tous. " * 20
    shop.server.script(
        lambda request: (
            Answer(json.dumps({"caption": "Bonjour X"}))
            if task(request, "rewrite")
            else by_network(request, x=too_long)
        )
    )

    result = await ai.generate_content(shop.business_id, shop.campaign_id, 3, networks=NETWORKS)

    (again,) = [request for request in shop.server.requests if task(request, "rewrite")]
    assert task(again, "day", "network") == "x"
    assert "`task.caption_characters` is 249: write at most 249" in str(task(again, "rewrite", 0, "reason"))
    assert [row.status for row in result.attempts].count("invalid_output") == 1
    assert len(result.attempts) == len(NETWORKS) + 1
    assert result.output.variants[0].caption == "Bonjour X"


async def test_a_variant_that_cannot_be_had_leaves_the_post_and_the_others_standing(shop: Shop, ai: AIService) -> None:
    shop.server.script(lambda request: by_network(request, x="Du pain. " * 40))

    async def ask() -> AIResult[Post]:
        return await ai.generate_content(
            shop.business_id, shop.campaign_id, 3, networks=NETWORKS, idempotency_key="for four"
        )

    result = await ask()
    again = await ask()

    (lost,) = result.failed
    assert [variant.network for variant in result.output.variants] == ["threads", "google_business"]
    assert (lost.part, lost.reason) == ("variants.x", "invalid_output")
    assert "caption" in lost.detail and "characters" in lost.detail
    assert result.output.missing == [lost]
    assert [row.status for row in result.attempts].count("invalid_output") == 3
    assert (again.output, again.failed, again.replayed) == (result.output, result.failed, True)


@pytest.mark.parametrize(("reaction", "reason"), [(HttpError(402), "quota"), (Refusal(), "content_filter")])
async def test_the_reason_of_a_missing_variant_is_that_of_an_error(shop: Shop, reaction: Reaction, reason: str) -> None:
    shop.server.script(lambda request: by_network(request) if task(request, "kind") == "post" else reaction)

    async with shop.open() as ai:
        result = await ai.generate_content(shop.business_id, shop.campaign_id, 3, networks=["facebook", "x"])
        saved = await ai.newest_content(shop.business_id, shop.campaign_id, 3)

    assert [(lost.part, lost.reason) for lost in result.failed] == [("variants.x", reason)]
    assert Post.model_validate(saved.output) == result.output


async def test_a_network_gets_a_day_in_a_format_that_it_accepts(shop: Shop, ai: AIService) -> None:
    shop.server.script(by_network)

    post = (
        await ai.generate_content(
            shop.business_id, shop.campaign_id, 3, "Reel", networks=["instagram", "tiktok", "google_business"]
        )
    ).output

    formats = [post.content_type, *(variant.content_type for variant in post.variants)]
    assert formats == ["Reel", "Video", "Post"]


async def test_each_network_has_its_room_and_gets_as_many_hashtags_as_it_accepts(shop: Shop, ai: AIService) -> None:
    shop.server.script(by_network)

    post = (await ai.generate_content(shop.business_id, shop.campaign_id, 3, networks=NETWORKS)).output

    rooms = {task(request, "day", "network"): task(request, "caption_characters") for request in shop.server.requests}
    assert rooms == {"facebook": 2200, "x": 249, "threads": 484, "google_business": 1424}
    variants: list[Published] = [post, *post.variants]
    assert [len(variant.hashtags) for variant in variants] == [3, 2, 1, 3]
    assert [variant.text for variant in variants] == [
        "Bonjour facebook\n\n#pain #levain #lyon",
        "Bonjour x #pain #levain",
        "Bonjour threads\n\n#pain",
        "Bonjour google_business",
    ]


async def test_links_are_put_in_where_they_can_be_clicked(shop: Shop, ai: AIService) -> None:
    shop.server.script(by_network)
    day = (await ai.get_strategy(shop.business_id, shop.campaign_id)).calendar[LAUNCH_DAY - 1]
    assert day.call_to_action

    post = (
        await ai.generate_content(shop.business_id, shop.campaign_id, LAUNCH_DAY, networks=["facebook", "instagram"])
    ).output

    assert post.caption == f"Bonjour facebook\n\n{LINK}"
    assert post.variants[0].caption == "Bonjour instagram"
    assert post.link == post.variants[0].link == LINK


@pytest.mark.parametrize("caption", ["Bonjour", f"Commandez ici : {LINK} dès demain"])
async def test_links_are_tagged_on_request(shop: Shop, ai: AIService, caption: str) -> None:
    shop.server.script(lambda request: by_network(request, facebook=caption))
    tagged = f"{LINK}?utm_source=facebook&utm_medium=social&utm_campaign=automne&utm_content=day-04"

    result = await ai.generate_content(
        shop.business_id, shop.campaign_id, LAUNCH_DAY, networks=["facebook"], tag_links=True
    )

    assert result.output.link == tagged
    assert result.output.caption.count(tagged) == result.output.caption.count(LINK) == 1


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("Du pain.\n\n#pain #four", "Du pain."),
        ("Du pain.\n#pain", "Du pain."),
        ("Du pain. #pain #four #lyon", "Du pain."),
        ("Voici notre #pain", "Voici notre #pain"),
        ("Le #pain et le #four", "Le #pain et le #four"),
        ("#pain #four", "#pain #four"),
    ],
)
async def test_hashtags_below_a_caption_are_left_to_their_own_field(
    shop: Shop, ai: AIService, written: str, published: str
) -> None:
    shop.server.script(lambda request: by_network(request, instagram=written))

    post = (await ai.generate_content(shop.business_id, shop.campaign_id, 3, networks=["instagram"])).output

    assert post.caption == published
    assert post.text == f"{published}\n\n#pain #levain #lyon"


@pytest.mark.parametrize("caption", ["Un four tout neuf.", "Publicité : un four tout neuf."])
async def test_advertising_is_labelled_by_code_once(shop: Shop, caption: str) -> None:
    shop.server.script(lambda request: by_network(request, instagram=caption))

    async with AIService(shop.settings(), context_source=told({"material_connection": "le four nous est prêté"})) as ai:
        post = (await ai.generate_content(shop.business_id, shop.campaign_id, 3, networks=["instagram"])).output

    assert post.caption.startswith("Publicité")
    assert post.caption.count("Publicité") == 1
    assert [flag.rule_id for flag in post.flags if flag.rule_id == "law.disclosure"] == []


async def test_soft_rules_are_flagged_with_span_and_fix(shop: Shop, ai: AIService) -> None:
    caption = "La brioche, prix choc : 10 % de remise"
    shop.server.script(lambda request: by_network(request, instagram=caption))

    result = await ai.generate_content(shop.business_id, shop.campaign_id, 3, networks=["instagram"])

    (flag,) = [flag for flag in result.output.flags if flag.rule_id == "law.price_cut"]
    assert (flag.severity, flag.path) == ("soft", "caption")
    assert flag.span is not None
    assert "10 %" in caption[slice(*flag.span)]
    assert flag.fix
    assert result.rule_pack_version == RULE_PACK_VERSION


async def test_quality_is_measured_on_each_variant(shop: Shop) -> None:
    past: JsonObject = {"past_posts": ["Bonjour instagram et tout le monde"]}
    shop.server.script(lambda request: by_network(request, instagram="Bonjour instagram et merci. Passez nous voir"))

    async with AIService(shop.settings(), context_source=told(past)) as ai:
        post = (
            await ai.generate_content(shop.business_id, shop.campaign_id, LAUNCH_DAY, networks=["instagram", "x"])
        ).output

    measured = {quality.name: quality for quality in post.quality}
    assert set(measured) == {"q.opener", "q.emoji", "q.sentence", "q.cliche", "q.language", "q.cta"}
    assert (measured["q.opener"].value, measured["q.opener"].target, measured["q.opener"].passed) == (1, 0, False)
    assert (measured["q.cta"].value, measured["q.cta"].passed) == (1, True)
    variant = {quality.name: quality.passed for quality in post.variants[0].quality}
    assert (variant["q.opener"], variant["q.cta"]) == (True, False)


async def test_openings_of_nearby_days_are_not_repeated(shop: Shop, ai: AIService) -> None:
    captions = iter(
        ["Bonjour le four\nIl est chaud.", "Bonjour le four. Encore.", "Bonsoir le four", "Bonjour le four !"]
    )
    shop.server.script(lambda request: as_answer({**WHOLE, "caption": next(captions)}))

    days = [1, 2, 3, 1]
    posts = [(await ai.generate_content(shop.business_id, shop.campaign_id, day)).output for day in days]

    told = [task(request, "openings_nearby") for request in shop.server.requests]
    first, second, third = "Bonjour le four", "Bonjour le four. Encore.", "Bonsoir le four"
    assert told == [None, [first], [second, first], [second, third]]
    repeats = [quality.value for post in posts for quality in post.quality if quality.name == "q.opener"]
    assert repeats == [0, 1, 0, 1]


@pytest.mark.parametrize(("language", "is_told"), [("fr", True), ("uk", False)])
async def test_where_the_sandbox_has_no_phrases_language_is_not_applicable(
    shop: Shop, language: str, is_told: bool
) -> None:
    contexts = told({"languages": [language]})

    async with AIService(shop.settings(model="sandbox"), context_source=contexts) as ai:
        await ai.generate_strategy(shop.business_id, shop.campaign_id)
        result = await ai.generate_content(shop.business_id, shop.campaign_id, 3, networks=["facebook", "x"])

    assert any("no phrase file for 'uk'" in note for note in result.notes) is not is_told
    for published in (result.output, *result.output.variants):
        names = {quality.name for quality in published.quality}
        assert names >= {"q.opener", "q.sentence"}
        assert ("q.language" in names) is is_told
        assert ("q.cta" in names) is is_told


@pytest.mark.parametrize(
    ("networks", "problem"),
    [(["x", "x"], "name each once"), (["myspace"], "instagram"), ([Network.X, "x"], "name each once")],
)
async def test_wrong_networks_are_refused_before_anything_is_sent(
    shop: Shop, ai: AIService, networks: list[str], problem: str
) -> None:
    with pytest.raises(InvalidRequest, match=problem) as caught:
        await ai.generate_content(shop.business_id, shop.campaign_id, 3, networks=networks)

    assert caught.value.problems[0].field.startswith("networks")
    assert shop.server.requests == []
