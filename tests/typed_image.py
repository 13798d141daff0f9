"""Read by the type checker alone: what a host's editor knows of the image feature."""

from typing import assert_type

from pydantic import JsonValue

from ai_service import AIResult, AIService, GeneratedImage, generate_image


async def answers_are_typed(ai: AIService, business_id: str, campaign_id: str) -> None:
    assert_type(await ai.generate_image(business_id, campaign_id, 1), AIResult[GeneratedImage])
    assert_type(await generate_image(business_id, campaign_id, 1, aspect_ratio="1:1"), dict[str, JsonValue])
