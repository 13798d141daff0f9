"""Corrects what a reply says about itself: its language and the brief fields that it cites.

None of it reaches the customer, so it is worked out instead of requested again.
"""

from collections.abc import Iterator

import regex

from models.brief import Brief
from models.language_tags import UNDETERMINED
from models.messaging import ReplyCopy
from models.rules.facts_used import fields_of
from models.rules.languages import is_in_language
from models.texts import every_text

_PARTICULAR = regex.compile(r"https?://\S++|\d++")
_MOST_FIELDS = 10
_UNPUBLISHED = ("business.past_posts", "business.competitors", "business.banned_phrases", "campaign.notes")


def amended(copy: ReplyCopy, brief: Brief) -> ReplyCopy:
    """Return a reply that names its language, and cites fields of the brief alone."""
    known = fields_of(brief)
    cited = [path for path in copy.facts_used if path in known] or list(_sources(copy.reply, brief))
    return copy.model_copy(update={"language": _language(copy, brief), "facts_used": cited[:_MOST_FIELDS]})


def _language(copy: ReplyCopy, brief: Brief) -> str:
    """Return the language that a reply names, or the one it is written in where that is another or it names none."""
    if copy.language != UNDETERMINED and is_in_language(copy.reply, copy.language) is not False:
        return copy.language
    written = (tag for tag in [*brief.business.languages, "en"] if is_in_language(copy.reply, tag))
    return next(written, brief.business.language if copy.language == UNDETERMINED else copy.language)


def _sources(reply: str, brief: Brief) -> Iterator[str]:
    """Yield the fields in which numbers or links of a reply stand."""
    said = set(_PARTICULAR.findall(reply))
    for name, part in brief.parts.items():
        for path, text in every_text(part.model_dump(mode="json"), name):
            if not path.startswith(_UNPUBLISHED) and not said.isdisjoint(_PARTICULAR.findall(text)):
                yield path
