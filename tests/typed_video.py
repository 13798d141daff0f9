"""Read by the type checker alone: what a host's editor knows of the video feature."""

from typing import assert_type

from pydantic import JsonValue

from ai_service import AIResult, AIService, VideoScript, generate_video_script


async def answers_are_typed(ai: AIService, business_id: str, campaign_id: str) -> None:
    assert_type(await ai.generate_video_script(business_id, campaign_id, 1), AIResult[VideoScript])
    assert_type(await generate_video_script(business_id, campaign_id, 1, duration_s=15), dict[str, JsonValue])
