"""Read by the type checker alone: what a host's editor knows of the content feature."""

from typing import assert_type

from pydantic import JsonValue

from ai_service import AIResult, AIService, ContentType, Post, generate_content


async def answers_are_typed(ai: AIService, business_id: str, campaign_id: str) -> None:
    assert_type(await ai.generate_content(business_id, campaign_id, 1, "Reel"), AIResult[Post])
    assert_type(await ai.generate_content(business_id, campaign_id, 1, ContentType.REEL), AIResult[Post])
    assert_type(await generate_content(business_id, campaign_id, 1, "Reel"), dict[str, JsonValue])
