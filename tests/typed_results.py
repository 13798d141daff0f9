"""For the type checker only: the types that a host's editor infers for each result."""

from typing import assert_type

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
