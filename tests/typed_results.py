"""For the type checker only: the types that a host's editor infers for what is read back."""

from typing import assert_type

from ai_service import AIService, CampaignStrategy, SavedContent


async def readings_are_typed(ai: AIService, business_id: str, campaign_id: str) -> None:
    assert_type((await ai.generate_strategy(business_id, campaign_id)).output, CampaignStrategy)
    assert_type(await ai.get_strategy(business_id, campaign_id), CampaignStrategy)
    assert_type(await ai.newest_content(business_id, campaign_id, 1), SavedContent)
