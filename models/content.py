"""A post for one day of the calendar: the part that a model writes, and the finished post."""

from typing import Annotated, cast

from pydantic import BeforeValidator, Field, StringConstraints

from models.base import Output
from models.hashtags import PATTERN, hashtags_in
from models.partial import Partial
from models.texts import Lines
from models.vocabulary import ContentType, Network, Quality, Violation

MAX_CAPTION = 2200
"""Characters, where the network sets no lower limit."""
_LONGEST = 6000
"""Characters; a longer answer is not accepted as a caption and is requested again as a whole."""

_MAX_HASHTAGS = 5


def _as_hashtag(value: object) -> object:
    """Accept a hashtag without its sign, or of several words: its meaning is certain."""
    found = hashtags_in(value) if isinstance(value, str) else []
    return found[0] if len(found) == 1 else value


def _as_hashtags(value: object) -> object:
    """Accept several hashtags in one text, each once and no more than are published.

    Words without signs or commas between them may be one hashtag or several: they stay as they are.
    """
    if isinstance(value, str):
        found = hashtags_in(value)
        return value if len(found) == 1 and " " in value.strip() else found[:_MAX_HASHTAGS]
    if not isinstance(value, list):
        return value
    items = [tag for item in cast(list[object], value) for tag in _each(item)]
    once: dict[str, object] = {}
    for item in items:
        once.setdefault(str(item).casefold(), item)
    return list(once.values())[:_MAX_HASHTAGS]


def _each(item: object) -> list[object]:
    if not isinstance(item, str):
        return [item]
    found: list[object] = [*hashtags_in(item)]
    return found or [item] * bool(item.strip())


Hashtag = Annotated[str, StringConstraints(pattern=PATTERN, max_length=60), BeforeValidator(_as_hashtag)]
HashtagList = Annotated[list[Hashtag], Field(min_length=1, max_length=_MAX_HASHTAGS), BeforeValidator(_as_hashtags)]


class Caption(Output):
    """The text of a post."""

    caption: str = Field(min_length=1, max_length=_LONGEST)
    """The text under the picture or video. The first line makes sense alone; no hashtags and no links in it."""


class Hashtags(Output):
    """The hashtags of a post."""

    hashtags: HashtagList
    """One to five hashtags, each starting with #, local and specific rather than generic, none twice."""


class Script(Output):
    """What a post shows."""

    script: Lines = Field(min_length=1, max_length=3000)
    """What is seen and said: shots of a video, slides of a carousel, or what the picture shows."""


class VariantCopy(Hashtags, Caption):
    """What a model writes of a variant: the same idea for another network."""


class PostCopy(Script, VariantCopy):
    """What a model writes of a post."""


class Published(Output):
    """Content for one network, with the results of its checks."""

    network: Network | None
    """The network; None if the brief names none."""
    content_type: ContentType
    """Its format there."""
    caption: str = Field(min_length=1)
    """The complete text, with the advertising label and the link in place, and without hashtags."""
    hashtags: list[Hashtag] = Field(max_length=5)
    """As many hashtags as the network accepts."""
    text: str = Field(min_length=1)
    """Caption and hashtags as one text, in the network's form."""
    link: str | None
    """The business's link for this post, with UTM parameters if requested. It belongs into a profile, a sticker or a
    button where the network accepts none in the text. None if the brief has no link."""
    flags: list[Violation]
    """Soft rules that it breaks, for a person to review. Not legal advice: a text without a flag may break the law."""
    quality: list[Quality]
    """The measured quality of the caption."""


class Variant(Published):
    """The idea of a post, written for another network."""


class Post(Partial, Published):
    """A publishable post."""

    script: Lines = Field(min_length=1, max_length=3000)
    """What is seen and said: shots of a video, slides of a carousel, or what the picture shows."""
    variants: list[Variant]
    """The same idea for each further requested network, in that order; those that could not be had are in `missing`."""
