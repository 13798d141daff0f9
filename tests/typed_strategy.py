"""Read by the type checker alone: what a host's editor knows of the strategy feature."""

from typing import assert_type

from pydantic import JsonValue

from ai_service import AIResult, AIService, CampaignStrategy, generate_strategy


async def answers_are_typed(ai: AIService, business_id: str, campaign_id: str) -> None:
    assert_type(await ai.generate_strategy(business_id, campaign_id), AIResult[CampaignStrategy])
    assert_type(await generate_strategy(business_id, campaign_id), dict[str, JsonValue])
