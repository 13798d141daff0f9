"""`AIService` from a host's view: arguments, ids, its own contexts, drafts, states, inconsistent settings."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from ai_service import (
    AIService,
    Brief,
    BusinessContext,
    CampaignContext,
    ContentType,
    Feature,
    InvalidRequest,
    NotFound,
)
from ai_service.cli.schemas import schemas
from tests import serving
from tests.provider.received import value_at
from tests.serving import BRIEF, THEMES, Shop, told

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop, ai = serving.shop, serving.ai

UNKNOWN = "00000000-0000-4000-8000-000000000000"


# Any: arguments of every type, most of them wrong
async def _problems(ai: AIService, call: str, *arguments: Any, **keywords: Any) -> dict[str, str]:
    """Return the problem of each field."""
    with pytest.raises(InvalidRequest) as caught:
        await getattr(ai, call)(*arguments, **keywords)
    assert all(problem.fix for problem in caught.value.problems)
    return {problem.field: problem.message for problem in caught.value.problems}


@pytest.mark.parametrize(
    ("call", "arguments", "fields"),
    [
        ("generate_strategy", ("x y", 7), {"business_id", "campaign_id"}),
        ("generate_content", (UNKNOWN, UNKNOWN, 0), {"day"}),
        ("generate_content", (UNKNOWN, UNKNOWN, -1, "Poem"), {"day", "content_type"}),
        ("generate_content", ("", None, "first"), {"business_id", "campaign_id", "day"}),
        ("generate_video_script", (UNKNOWN, UNKNOWN, 1, 5), {"duration_s"}),
        ("generate_video_script", (UNKNOWN, UNKNOWN, 1, 181), {"duration_s"}),
        ("suggest_reply", (UNKNOWN, ""), {"customer_message"}),
        ("suggest_reply", (UNKNOWN, " \n "), {"customer_message"}),
        ("suggest_reply", (UNKNOWN, "x" * 100_001), {"customer_message"}),
        ("generate_image", (UNKNOWN, UNKNOWN, -1), {"day"}),
        ("newest_content", ("x y", "x" * 65, 2**31), {"business_id", "campaign_id", "day"}),
        ("set_state", ("", "x", "lost", 0), {"business_id", "content_id", "state", "revision"}),
    ],
)
async def test_each_wrong_argument_is_named_and_nothing_is_sent(
    shop: Shop, ai: AIService, call: str, arguments: tuple[object, ...], fields: set[str]
) -> None:
    assert set(await _problems(ai, call, *arguments)) == fields
    assert shop.server.requests == []


async def test_wrong_keywords_are_named_too(ai: AIService) -> None:
    now = datetime(2026, 12, 1)

    assert set(
        await _problems(
            ai,
            "suggest_reply",
            UNKNOWN,
            "Bonjour",
            campaign_id="x y",
            user_id="u" * 201,
            customer_id="c\x07x",
            channel="pigeon",
            last_customer_message_at=now,
            thread=[{"author": "me", "text": "x"}],
        )
    ) == {"campaign_id", "user_id", "customer_id", "channel", "last_customer_message_at", "thread.0.author"}
    assert set(await _problems(ai, "generate_image", UNKNOWN, UNKNOWN, 1, aspect_ratio="5:4")) == {"aspect_ratio"}


async def test_a_problem_names_value_bound_and_fix(ai: AIService) -> None:
    with pytest.raises(InvalidRequest) as caught:
        await ai.generate_content(UNKNOWN, UNKNOWN, 0)

    assert caught.value.to_dict() == {
        "code": "INVALID_REQUEST",
        "message": "day: Input should be greater than or equal to 1, got 0 (correct the value)",
        "problems": [
            {"field": "day", "message": "Input should be greater than or equal to 1, got 0", "fix": "correct the value"}
        ],
    }


@pytest.mark.parametrize("feature", list(Feature))
async def test_an_unknown_business_is_not_found(shop: Shop, ai: AIService, feature: Feature) -> None:
    stranger = Shop(shop.server, shop.database, UNKNOWN, shop.campaign_id)
    before = await ai.attempts(limit=100)

    with pytest.raises(NotFound, match=f"no business '{UNKNOWN}': pass one that add_brief returned"):
        await stranger.ask(ai, feature)

    assert shop.server.requests == []
    assert await ai.attempts(limit=100) == before


@pytest.mark.parametrize("feature", list(Feature))
async def test_a_campaign_of_another_business_is_not_found(shop: Shop, ai: AIService, feature: Feature) -> None:
    other = await ai.add_brief(BRIEF)
    mixed = Shop(shop.server, shop.database, shop.business_id, other.campaign_id)

    with pytest.raises(NotFound, match=f"{shop.business_id}' has no campaign '{other.campaign_id}'"):
        await mixed.ask(ai, feature)

    assert shop.server.requests == []


@pytest.mark.parametrize("feature", [Feature.CONTENT, Feature.VIDEO, Feature.IMAGE])
async def test_without_a_calendar_the_error_names_what_makes_one(shop: Shop, ai: AIService, feature: Feature) -> None:
    ids = await ai.add_brief(BRIEF)

    with pytest.raises(NotFound, match="has no calendar yet: call generate_strategy first"):
        await Shop(shop.server, shop.database, ids.business_id, ids.campaign_id).ask(ai, feature)

    assert shop.server.requests == []


async def test_a_brief_that_leaves_too_few_days_is_refused_before_anything_is_sent(shop: Shop, ai: AIService) -> None:
    campaign = CampaignContext.model_validate({"start_date": "9999-12-20"})
    ids = await ai.add_brief(Brief(business=BRIEF.business, campaign=campaign))

    problems = await _problems(ai, "generate_strategy", ids.business_id, ids.campaign_id)

    assert set(problems) == {"campaign"}
    assert shop.server.requests == []


async def test_ids_are_accepted_as_uuids_and_in_any_spelling(shop: Shop, ai: AIService) -> None:
    result = await ai.generate_content(UUID(shop.business_id), shop.campaign_id.upper(), 3)

    assert (await ai.newest_content(UUID(shop.business_id), UUID(shop.campaign_id), 3)).content_id == result.content_id
    assert (await ai.get_strategy(UUID(shop.business_id), UUID(shop.campaign_id))).campaign_id == shop.campaign_id


async def test_a_post_is_made_for_the_theme_of_its_day(shop: Shop, ai: AIService) -> None:
    result = await ai.generate_content(shop.business_id, shop.campaign_id, 7)

    (request,) = shop.server.requests
    assert value_at(request.document, "task", "day", "theme") == THEMES[7]
    assert result.notes == []


@pytest.mark.parametrize("asked", ["carousel", "CAROUSEL", "Carousel", ContentType.CAROUSEL])
async def test_another_content_type_than_planned_wins_and_is_noted(shop: Shop, ai: AIService, asked: str) -> None:
    planned = (await ai.get_strategy(shop.business_id, shop.campaign_id)).calendar[2].content_type
    assert planned is not ContentType.CAROUSEL

    result = await ai.generate_content(shop.business_id, shop.campaign_id, 3, asked)

    assert value_at(shop.server.requests[0].document, "task", "day", "content_type") == "Carousel"
    assert result.notes == [f"day 3 is planned as {planned}; made as Carousel, as asked"]
    assert (await ai.newest_content(shop.business_id, shop.campaign_id, 3)).content_type is ContentType.CAROUSEL


async def test_an_offer_that_was_removed_from_the_brief_is_not_offered_and_a_note_says_so(shop: Shop) -> None:
    async with AIService(shop.settings(), context_source=told({"offers": []})) as ai:
        calendar = (await ai.get_strategy(shop.business_id, shop.campaign_id)).calendar
        promo = next(day.day for day in calendar if day.is_promo)
        result = await ai.generate_content(shop.business_id, shop.campaign_id, promo)

    assert value_at(shop.server.requests[0].document, "task", "day", "offer") is None
    assert result.notes == [f"the offer planned for day {promo} is no longer in the brief; nothing is offered"]


@pytest.mark.parametrize(
    ("language", "length", "unit", "hook"),
    [("fr", 87, "words", 8), ("de-AT", 64, "words", 6), ("eo", 65, "words", 6), ("ja", 162, "characters", 16)],
)
async def test_a_video_has_the_length_that_fits_into_its_seconds(
    shop: Shop, language: str, length: int, unit: str, hook: int
) -> None:
    async with AIService(shop.settings(), context_source=told({"languages": [language]})) as ai:
        await ai.generate_video_script(shop.business_id, shop.campaign_id, 3, duration_s=30)

    (request,) = shop.server.requests
    task = request.document["task"]
    assert [value_at(task, name) for name in ("length", "length_unit", "hook_length")] == [length, unit, hook]
    assert value_at(request.document, "task", "duration_s") == 30


async def test_the_ratio_of_a_picture_suits_the_format_unless_one_is_asked_for(shop: Shop, ai: AIService) -> None:
    calendar = (await ai.get_strategy(shop.business_id, shop.campaign_id)).calendar
    reel = next(day.day for day in calendar if day.content_type is ContentType.REEL)
    post = next(day.day for day in calendar if day.content_type is ContentType.POST)

    await ai.generate_image(shop.business_id, shop.campaign_id, reel)
    await ai.generate_image(shop.business_id, shop.campaign_id, post)
    await ai.generate_image(shop.business_id, shop.campaign_id, post, aspect_ratio="1:1")

    prompts = [request.user_texts[0] for request in shop.server.requests]
    ratios = [json.loads(prompt[prompt.index("{") :])["task"]["aspect_ratio"] for prompt in prompts]
    assert ratios == ["9:16", "4:5", "1:1"]


async def test_a_long_theme_is_shortened_in_the_alternative_text(shop: Shop) -> None:
    async with AIService(shop.settings(), context_source=told({"name": "L" * 120})) as ai:
        image = (await ai.generate_image(shop.business_id, shop.campaign_id, 3)).output

    assert len(image.alt_text) == 125
    assert image.alt_text.startswith(THEMES[3])
    assert image.alt_text.endswith("…")


async def test_required_phrases_must_stand_in_the_caption(shop: Shop) -> None:
    shop.server.script(
        lambda request: serving.answered(request, caption="Bonjour"),
        lambda request: serving.answered(request, caption="Bonjour. Votre pain peut durcir."),
    )

    async with AIService(shop.settings(), context_source=told({"required_phrases": ["Votre pain peut durcir."]})) as ai:
        result = await ai.generate_content(shop.business_id, shop.campaign_id, 3)

    assert "business.required_phrases.0 is missing" in (result.attempts[0].error or "")


@pytest.mark.parametrize("field", ["banned_phrases", "competitors"])
async def test_a_phrase_both_required_and_forbidden_is_refused_before_anything_is_sent(shop: Shop, field: str) -> None:
    contexts = told({"required_phrases": ["Sans gluten.", "Du pain Rival."], field: ["bio", "rival"]})

    async with AIService(shop.settings(), context_source=contexts) as ai:
        with pytest.raises(InvalidRequest) as caught:
            await ai.generate_content(shop.business_id, shop.campaign_id, 3)

    (problem,) = caught.value.problems
    assert problem.field == "business.required_phrases.1"
    assert problem.message == f"holds what must not be said: business.{field}.1"
    assert shop.server.requests == []


class OurContexts:
    """A host's own tables, in ten lines."""

    async def get_business(self, business_id: str) -> BusinessContext | None:
        if business_id != "7c9e6679-7425-40de-944b-e07fc1f90ae7":
            return None
        return BusinessContext(name="Le Host", industry="bakery", tone="dry", languages=["fr"])

    async def get_campaign(self, business_id: str, campaign_id: str) -> CampaignContext | None:
        return CampaignContext(name="Ours") if campaign_id == "7c9e6679-7425-40de-944b-e07fc1f90ae8" else None


async def test_a_host_brings_its_own_contexts(shop: Shop) -> None:
    shop.server.script(serving.planned)
    business_id, campaign_id = "7c9e6679-7425-40de-944b-e07fc1f90ae7", "7c9e6679-7425-40de-944b-e07fc1f90ae8"

    async with AIService(shop.settings(), context_source=OurContexts()) as ai:
        result = await ai.generate_strategy(business_id, campaign_id)
        again = await ai.get_strategy(business_id, campaign_id)
        with pytest.raises(NotFound, match="no business"):
            await ai.generate_strategy(shop.business_id, campaign_id)
        with pytest.raises(NotFound, match="has no campaign"):
            await ai.generate_strategy(business_id, shop.campaign_id)

    assert again == result.output
    assert all(value_at(request.document, "business", "name") == "Le Host" for request in shop.server.requests)


def test_schemas_show_both_sides() -> None:
    found = schemas()

    assert "customer_message" in json.dumps(found["inputs"]["ReplyRequest"])
    assert set(found["outputs"]) >= {"CampaignStrategy", "Post", "VideoScript", "ReplySuggestion", "GeneratedImage"}


async def test_two_businesses_that_share_a_campaigns_id_share_no_calendar(shop: Shop) -> None:
    class Franchise:
        async def get_business(self, business_id: str) -> BusinessContext | None:
            return BusinessContext(name=f"Shop {business_id}", industry="bakery", tone="plain", languages=["en"])

        async def get_campaign(self, business_id: str, campaign_id: str) -> CampaignContext | None:
            return CampaignContext(name="Spring")

    async with AIService(shop.settings(model="sandbox"), context_source=Franchise()) as ai:
        await ai.generate_strategy("north", "spring")

        with pytest.raises(NotFound, match="has no calendar yet"):
            await ai.generate_content("south", "spring", 1)
