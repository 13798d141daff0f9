"""Reads a brief from a YAML or JSON file."""

from pathlib import Path

from ai_service.cli.data_file import read_data
from ai_service.contexts import refuse_clashes
from ai_service.given_brief import as_brief
from models.brief import Brief


def load_brief(path: Path | str) -> Brief:
    """Return the brief in a file: JSON if its name ends in `.json`, else YAML.

    An empty field counts as left out. Raises InvalidRequest for a file that can't be read, is larger than 1 MB, isn't
    UTF-8, YAML or JSON, names a key twice or holds no valid brief.
    """
    brief = as_brief(read_data(Path(path), what="a business and a campaign"))
    refuse_clashes(brief.business)
    return brief
