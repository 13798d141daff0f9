"""Read by the type checker alone: what a host's editor knows of the messaging feature."""

from typing import assert_type

from pydantic import JsonValue

from ai_service import AIResult, AIService, ReplySuggestion, suggest_reply


async def answers_are_typed(ai: AIService, business_id: str) -> None:
    assert_type(await ai.suggest_reply(business_id, "hello"), AIResult[ReplySuggestion])
    assert_type(await suggest_reply(business_id, "hello", channel="email"), dict[str, JsonValue])
