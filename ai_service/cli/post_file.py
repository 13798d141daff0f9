"""Reads a post from a file."""

from pathlib import Path

from ai_service.checkable import Content
from ai_service.cli.data_file import read_data, read_text
from ai_service.errors import InvalidRequest, Problem

_WHAT = "a post: caption, hashtags and what goes with them"
_PLAIN = (".txt", ".md")


def load_post(path: Path) -> Content:
    """Return the content of a file, as `check` takes it.

    It holds the fields of a publication, a post or a script as YAML or JSON, a result of `ai-service content --json`,
    or, where its name ends in `.txt` or `.md`, a caption alone. Raises InvalidRequest for a file that can't be read or
    holds no fields.
    """
    if path.suffix.lower() in _PLAIN:
        return read_text(path, what=_WHAT).strip()
    data = read_data(path, what=_WHAT)
    if not isinstance(data, dict):
        raise InvalidRequest([Problem(str(path), "holds no fields", f"write {_WHAT}")])
    output = data.get("output")
    return output if isinstance(output, dict) else data
