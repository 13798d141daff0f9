"""The language that a reply names: corrected by code, since asking again would cost a request."""

from models.brief import Brief
from models.language_tags import UNDETERMINED
from models.messaging import ReplyCopy
from models.rules.languages import is_in_language


def with_language(copy: ReplyCopy, brief: Brief) -> ReplyCopy:
    """Return a reply that names the language it is written in, where that can be told."""
    return copy.model_copy(update={"language": _language(copy, brief)})


def _language(copy: ReplyCopy, brief: Brief) -> str:
    if copy.language != UNDETERMINED and is_in_language(copy.reply, copy.language) is not False:
        return copy.language
    written = (tag for tag in [*brief.business.languages, "en"] if is_in_language(copy.reply, tag))
    return next(written, brief.business.language if copy.language == UNDETERMINED else copy.language)
