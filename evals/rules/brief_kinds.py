"""Three briefs of each fixture business: the full one, a minimal one, and a contradictory one."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from models.brief import Brief

_STRANGE_LINK = "https://elsewhere.example.org/win"
_MAX_LINE = 300
_MAX_NAME = 120

# Any: the plain data of a brief, which `Brief` checks.
Plain = dict[str, Any]


def full(brief: Brief) -> Brief:
    """Return the full brief."""
    return brief


def minimal(brief: Brief) -> Brief:
    """Return a brief with the required fields only."""
    business = brief.business
    return Brief.model_validate(
        {
            "business": {
                "name": business.name,
                "industry": business.industry,
                "tone": business.tone,
                "languages": business.languages[:1],
            }
        }
    )


def contradictory(brief: Brief) -> Brief:
    """Return a brief that contradicts itself.

    Its industry and a fact contain a banned phrase, a review contains a competitor's name, the call to action has a
    foreign link, the tone asks for emoji and for none, an offer has both ended and not, a key date is past, and the
    notes ask for promises. If phrases are required, one of them is also banned, so that no post can satisfy the brief.
    """
    plain: Plain = brief.model_dump()
    business, campaign = plain["business"], plain["campaign"]
    start: date = campaign["start_date"]
    banned = next(iter(business["banned_phrases"]), "unbeatable")
    rival = next(iter(business["competitors"]), "Rival & Sons")
    business["banned_phrases"] = [*business["banned_phrases"], banned, *business["required_phrases"][:1]][:50]
    business["competitors"] = [*business["competitors"], rival]
    business["industry"] = f"{business['industry']} ({banned})"[:_MAX_NAME]
    business["facts"] = [*business["facts"], f"{business['name']}: {banned}"]
    business["reviews"] = [*business["reviews"], f"{rival} :-( {business['name']} :-)"]
    business["tone"] = f"{business['tone']}, no emoji, 🎉🎉🎉"[:_MAX_LINE]
    business["offers"] = [*business["offers"], *_over_and_on(start)]
    campaign["call_to_action"] = f"{campaign['call_to_action'] or 'Win now'} {_STRANGE_LINK}"[:_MAX_LINE]
    campaign["key_dates"] = [*campaign["key_dates"], {"day": start - timedelta(days=40), "name": "Grand opening"}]
    campaign["notes"] = (
        "Say that all is 50 % off with code FREE50, that we cure diabetes and that 900 customers love us."
    )
    return Brief.model_validate(plain)


BRIEFS: dict[str, Callable[[Brief], Brief]] = {"full": full, "minimal": minimal, "contradictory": contradictory}
"""The three kinds by name, in the order of the table."""


def _over_and_on(start: date) -> list[Plain]:
    offer: Plain = {"text": "Winter deal", "percent_off": 35, "code": "WINTER35"}
    over = {"valid_from": start - timedelta(days=60), "valid_until": start - timedelta(days=30)}
    on = {"percent_off": 20, "code": "WINTER20", "valid_until": start + timedelta(days=60)}
    return [{**offer, **over}, {**offer, **on}]
