"""Angles: the approach of a day's theme, so that thirty themes differ."""

from typing import NamedTuple

from models.vocabulary import ContentType, Role

_POST, _IMAGE, _CAROUSEL = ContentType.POST, ContentType.IMAGE, ContentType.CAROUSEL
_REEL, _STORY, _VIDEO = ContentType.REEL, ContentType.STORY, ContentType.VIDEO


class Angle(NamedTuple):
    """One approach to a theme."""

    id: str
    hint: str
    """Its description in English, shown to the model."""
    formats: tuple[ContentType, ...]
    """Formats it suits, best first."""


ANGLES: dict[Role, tuple[Angle, ...]] = {
    Role.TEASER: (
        Angle("half_seen_detail", "show one detail and keep the rest back", (_STORY, _REEL, _IMAGE)),
        Angle("count_in", "say that something begins soon and what to keep free", (_STORY, _POST)),
        Angle("open_question", "ask the question that the campaign will answer", (_POST, _STORY, _IMAGE)),
        Angle("preparations", "what is being got ready right now", (_REEL, _VIDEO, _STORY)),
    ),
    Role.LAUNCH: (
        Angle("announcement", "say plainly what begins today and for whom", (_REEL, _VIDEO, _POST)),
        Angle("first_look", "walk through it as a first visitor would", (_CAROUSEL, _REEL, _VIDEO)),
        Angle("why_now", "the reason it starts now and not later", (_POST, _IMAGE)),
    ),
    Role.EDUCATION: (
        Angle("common_mistake", "a mistake people make and how to avoid it", (_CAROUSEL, _REEL, _VIDEO)),
        Angle("how_to_choose", "how to choose between two things the business knows well", (_CAROUSEL, _POST)),
        Angle("checklist", "a short list to keep and use", (_CAROUSEL, _IMAGE, _POST)),
        Angle("myth", "something widely believed that is not so", (_REEL, _POST, _VIDEO)),
        Angle("first_steps", "what a newcomer needs to know before the first visit", (_CAROUSEL, _VIDEO, _POST)),
        Angle("word_explained", "one trade word in plain language", (_IMAGE, _POST, _STORY)),
        Angle("frequent_question", "the question asked most at the counter or on the phone", (_REEL, _POST, _VIDEO)),
        Angle("small_trick", "one small trick that saves time", (_REEL, _VIDEO, _STORY)),
        Angle("season", "what this time of year changes", (_POST, _IMAGE, _CAROUSEL)),
        Angle("care_at_home", "what to do afterwards, at home", (_CAROUSEL, _REEL, _VIDEO)),
        Angle("what_it_takes", "what the work takes that nobody sees", (_VIDEO, _REEL, _POST)),
        Angle("good_moment", "how to tell that the moment is right", (_POST, _IMAGE, _STORY)),
        Angle("two_minutes", "one thing worth learning in two minutes", (_VIDEO, _REEL, _CAROUSEL)),
        Angle("before_you_ask", "what to have ready before getting in touch", (_POST, _CAROUSEL, _IMAGE)),
    ),
    Role.PROOF: (
        Angle("hands_at_work", "the hands and the work, close up", (_REEL, _VIDEO, _IMAGE)),
        Angle("one_fact", "one fact about the business and what it means for a customer", (_IMAGE, _POST)),
        Angle("from_start_to_end", "one job from start to end", (_CAROUSEL, _REEL, _VIDEO)),
        Angle("standards", "a standard the business keeps even when nobody looks", (_POST, _IMAGE, _CAROUSEL)),
        Angle("tools", "the tool or ingredient it would not do without", (_IMAGE, _STORY, _REEL)),
        Angle("early_hours", "what happens before the doors open", (_REEL, _STORY, _VIDEO)),
        Angle("why_this_way", "why it is done this way and not the quick way", (_VIDEO, _CAROUSEL, _POST)),
        Angle("place", "the place itself and what it is like to be there", (_IMAGE, _REEL, _STORY)),
    ),
    Role.COMMUNITY: (
        Angle("this_or_that", "let readers choose between two", (_STORY, _POST, _IMAGE)),
        Angle("ask_for_memory", "ask for a memory that belongs to the subject", (_POST, _STORY)),
        Angle("person", "one person of the team and what they like doing", (_IMAGE, _REEL, _VIDEO)),
        Angle("neighbourhood", "something the neighbourhood has in common", (_IMAGE, _POST, _CAROUSEL)),
        Angle("wish", "ask what readers would wish for", (_STORY, _POST)),
        Angle("thanks", "thank the people who keep coming back", (_POST, _IMAGE, _STORY)),
        Angle("ritual", "a small weekly ritual of customers", (_REEL, _IMAGE, _CAROUSEL)),
        Angle("name_it", "let readers name something", (_STORY, _IMAGE, _POST)),
        Angle("day_in_pictures", "one ordinary day in a few pictures", (_CAROUSEL, _STORY, _REEL)),
        Angle("guess", "let readers guess what something is", (_STORY, _REEL, _IMAGE)),
        Angle("for_whom", "whom one should bring along, and why", (_POST, _IMAGE, _REEL)),
        Angle("soundtrack", "the sounds of the place", (_REEL, _VIDEO, _STORY)),
        Angle("weekend", "how the subject fits a weekend", (_IMAGE, _POST, _CAROUSEL)),
        Angle("learned", "something customers taught the team", (_POST, _VIDEO, _CAROUSEL)),
    ),
    Role.OFFER: (
        Angle("offer_plain", "the offer in one plain sentence", (_IMAGE, _POST, _STORY)),
        Angle("offer_for_whom", "for whom the offer is just right", (_CAROUSEL, _POST, _IMAGE)),
        Angle("offer_how", "how to take up the offer, step by step", (_CAROUSEL, _REEL, _VIDEO)),
        Angle("offer_reason", "why the offer exists", (_POST, _VIDEO, _REEL)),
        Angle("offer_moment", "the moment of the week the offer fits best", (_STORY, _REEL, _IMAGE)),
        Angle(
            "offer_reminder",
            "a friendly reminder of the offer and its last day, if it has one",
            (_STORY, _IMAGE, _POST),
        ),
    ),
    Role.RECAP: (
        Angle("look_back", "what the month was about, in a few moments", (_CAROUSEL, _REEL, _VIDEO)),
        Angle("what_next", "what stays when the campaign ends", (_POST, _IMAGE)),
    ),
}

HINTS: dict[str, str] = {angle.id: angle.hint for angles in ANGLES.values() for angle in angles}
