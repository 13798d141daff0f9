"""Checking a post in a file against the rules of a network, and of a brief where one is given."""

from pathlib import Path

from pydantic import ValidationError

from ai_service.errors import InvalidRequest, problems_of
from ai_service.files import Data, read_data, read_text
from models.brief import Brief
from models.publishing import missing_phrases, violations
from models.rules.checking import check
from models.rules.publishable import Publishable
from models.texts import texts_of
from models.vocabulary import Network, Violation

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


def check_post(post: Publishable, network: Network, *, brief: Brief | None = None) -> list[Violation]:
    """Return the rules that a post breaks on a network; with a brief also those of grounding, brand and law."""
    found = check(post, network)
    if brief is None:
        return found
    texts = {path: text for path, text in texts_of(post).items() if path != "content_type"}
    found += violations(texts, brief)
    return found + missing_phrases(post.caption or "", brief.business)


def _as_post(data: Data) -> Data:
    output = data.get("output") if isinstance(data, dict) else None
    if isinstance(output, dict):
        return {name: output[name] for name in _OF_A_POST if name in output}
    return data
