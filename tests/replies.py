"""Shared parts of the replies' tests: the provider's answer, the call, and a reply as it is returned."""

from typing import Any

from pydantic import JsonValue

from ai_service import AIResult, AIService, ReplySuggestion
from tests.serving import Shop

ASKED = "Bonjour, est-ce que vous êtes ouverts le dimanche matin ?"
GOOD: dict[str, JsonValue] = {
    "reply": "Bonjour ! Oui, nous sommes ouverts du mardi au dimanche, avec plaisir.",
    "intent": "question",
    "needs_human": False,
    "needs_human_reason": None,
    "language": "fr",
    "facts_used": ["business.facts.0"],
}
SORRY: dict[str, JsonValue] = {
    **GOOD,
    "reply": "Nous sommes désolés de cela. Une personne de l'équipe va regarder et vous répondre.",
    "intent": "complaint",
    "facts_used": [],
}


# Any: keywords of every type
async def asked(shop: Shop, ai: AIService, message: str = ASKED, **keywords: Any) -> AIResult[ReplySuggestion]:
    return await ai.suggest_reply(shop.business_id, message, campaign_id=shop.campaign_id, **keywords)


def suggested_reply(**fields: object) -> ReplySuggestion:
    """Return a suggestion that needs no person, with some fields changed."""
    plain = {
        "reply": "Hello! Yes, from Tuesday to Sunday.",
        "intent": "question",
        "needs_human": False,
        "needs_human_reason": None,
        "language": "en",
        "facts_used": ["business.facts.0"],
        "handover": [],
        "ai_disclosure": "Automated reply by Levain & Fils, written with AI.",
        "window_closes_at": None,
        "auto_sendable": True,
        "flags": [],
        "quality": [],
    }
    return ReplySuggestion.model_validate({**plain, **fields})
