"""What a host wants checked: a text, a publication, a generated post or script, or the fields of one of them."""

from collections.abc import Mapping
from typing import NamedTuple, cast

from pydantic import Field, ValidationError

from ai_service.errors import InvalidRequest, Problem, problems_of
from models.base import Given
from models.content import Post, Published
from models.receiving import is_blank
from models.rules.publishable import Publishable, Text
from models.texts import texts_of
from models.video import VideoCopy, VideoScript
from models.vocabulary import ContentType

Content = str | Publishable | Published | VideoCopy | Mapping[str, object]
"""What `check` takes."""


class Checkable(NamedTuple):
    """What of a content the rules read."""

    published: Publishable
    """For the rules of a network."""
    texts: dict[str, str]
    """For the rules of the brief and the law, by path."""
    is_script: bool = False
    labelled: bool = False
    """Whether a script has an advertising label on the screen."""


class _Spoken(Given):
    """The words of a script."""

    hook: Text | None = None
    body: Text | None = None
    cta: Text | None = None
    shots: list[Text] = Field(default_factory=list[Text])


class _Shown(Given):
    """What a post shows."""

    script: Text | None = None


_OF_POSTS = Post.model_fields.keys() - Publishable.model_fields.keys()
_NOT_PUBLISHED = {*_OF_POSTS, "link"}
"""Fields of a post that are not published as they are: its link stands in the text, or in a profile."""
_OF_SCRIPTS = VideoScript.model_fields.keys() - Post.model_fields.keys()
_NOT_SPOKEN = VideoScript.model_fields.keys() - _Spoken.model_fields.keys()


def checkable(content: object) -> Checkable:
    """Return what of a content is checked. Raises InvalidRequest for what holds no content."""
    try:
        return _read(content)
    except ValidationError as error:
        raise InvalidRequest(problems_of(error, prefix="content.")) from error


def _read(content: object) -> Checkable:
    if isinstance(content, str) and not is_blank(content):
        return _publication(Publishable(caption=content))
    if isinstance(content, Publishable):
        return _publication(content)
    if isinstance(content, Published | VideoCopy):
        return _of_fields(dict(content))
    if isinstance(content, Mapping):
        return _of_fields(cast("Mapping[str, object]", content))
    kinds = "a text, a Publishable, a Post, a Variant, a VideoScript, or the fields of one of them"
    message = "is empty" if isinstance(content, str) else f"is of the type {type(content).__name__}"
    raise InvalidRequest([Problem("content", message, f"pass {kinds}")])


def _of_fields(fields: Mapping[str, object]) -> Checkable:
    """Return what the fields of a script, a post or a publication hold. An unknown field is refused."""
    if fields.keys() & _OF_SCRIPTS:
        spoken = _Spoken.model_validate(_without(_NOT_SPOKEN, fields))
        video = Publishable(content_type=ContentType.VIDEO)
        return Checkable(video, texts_of(spoken), is_script=True, labelled=fields.get("on_screen") is not None)
    if not fields.keys() & _OF_POSTS:
        return _publication(Publishable.model_validate(fields))
    published = _publication(Publishable.model_validate(_without({*_NOT_PUBLISHED}, fields)))
    shown = _Shown.model_validate({name: value for name, value in fields.items() if name in _Shown.model_fields})
    return published._replace(texts=published.texts | texts_of(shown))


def _without(names: set[str], fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if name not in names}


def _publication(content: Publishable) -> Checkable:
    texts = {path: text for path, text in texts_of(content).items() if path != "content_type"}
    return Checkable(content, texts)
