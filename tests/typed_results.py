"""Read by the type checker alone: what a host's editor knows of each answer."""

from typing import assert_type

from pydantic import JsonValue

from ai_service import (
    AIResult,
    AIService,
    CampaignStrategy,
    ContentType,
    GeneratedImage,
    Post,
    ReplySuggestion,
    SavedContent,
    VideoScript,
    generate_content,
    generate_image,
    generate_strategy,
    generate_video_script,
    suggest_reply,
)


async def answers_are_typed(ai: AIService, business_id: str, campaign_id: str) -> None:
    assert_type(await ai.generate_strategy(business_id, campaign_id), AIResult[CampaignStrategy])
    assert_type(await ai.generate_content(business_id, campaign_id, 1, "Reel"), AIResult[Post])
    assert_type(await ai.generate_content(business_id, campaign_id, 1, ContentType.REEL), AIResult[Post])
    assert_type(await ai.generate_video_script(business_id, campaign_id, 1), AIResult[VideoScript])
    assert_type(await ai.suggest_reply(business_id, "hello"), AIResult[ReplySuggestion])
    assert_type(await ai.generate_image(business_id, campaign_id, 1), AIResult[GeneratedImage])
    assert_type((await ai.generate_strategy(business_id, campaign_id)).output, CampaignStrategy)
    assert_type(await ai.get_strategy(campaign_id), CampaignStrategy)
    assert_type(await ai.get_content(campaign_id, 1), SavedContent)


async def functions_without_a_service_are_typed(business_id: str, campaign_id: str) -> None:
    assert_type(await generate_strategy(business_id, campaign_id), dict[str, JsonValue])
    assert_type(await generate_content(business_id, campaign_id, 1, "Reel"), dict[str, JsonValue])
    assert_type(await generate_video_script(business_id, campaign_id, 1, duration_s=15), dict[str, JsonValue])
    assert_type(await suggest_reply(business_id, "hello"), dict[str, JsonValue])
    assert_type(await generate_image(business_id, campaign_id, 1, aspect_ratio="1:1"), dict[str, JsonValue])
