"""Reads a post from a file."""

from pathlib import Path

from pydantic import ValidationError

from ai_service.cli.data_file import Data, read_data, read_text
from ai_service.errors import InvalidRequest, problems_of
from models.rules.publishable import Publishable

_WHAT = "a post: caption, hashtags and what goes with them"
_PLAIN = (".txt", ".md")
_OF_A_POST = ("caption", "hashtags", "content_type")
"""The fields of a generated post that are published."""


def load_post(path: Path) -> Publishable:
    """Return the post in a file.

    It holds the fields of `Publishable` as YAML or JSON, a result of `ai-service content --json`, or, where its name
    ends in `.txt` or `.md`, a caption alone. Raises InvalidRequest for a file that can't be read or holds no post.
    """
    if path.suffix.lower() in _PLAIN:
        return Publishable(caption=read_text(path, what=_WHAT).strip())
    data = read_data(path, what=_WHAT)
    try:
        return Publishable.model_validate(_as_post(data))
    except ValidationError as error:
        raise InvalidRequest(problems_of(error)) from error


def _as_post(data: Data) -> Data:
    output = data.get("output") if isinstance(data, dict) else None
    if isinstance(output, dict):
        return {name: output[name] for name in _OF_A_POST if name in output}
    return data
