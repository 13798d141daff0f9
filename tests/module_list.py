"""`docs/modules.md`: each module of the repository with the first line of its docstring.

`python -m tests.module_list` writes it, with `--check` it fails where the file is not up to date.
"""

import ast
import sys
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIST = ROOT / "docs" / "modules.md"
FOLDERS = ("ai_service", "agents", "deps", "models", "storage", "evals", "tests")

_HEAD = """\
# The modules

Each module with the first line of its docstring, from which `make format` writes this page. CONTRIBUTING.md says which
of them a change begins with.
"""


def module_list() -> str:
    """Return the page. A module without a docstring (an empty `__init__.py`) is left out."""
    files = (file.relative_to(ROOT) for folder in FOLDERS for file in _modules(ROOT / folder))
    own = (file for file in files if not any(part.startswith(".") for part in file.parts))
    lines = [(file, line) for file in own if (line := _first_line(ROOT / file))]
    sections = [
        f"## {folder.as_posix()}/\n\n" + "\n".join(f"- `{path.name}`: {line}" for path, line in of_folder)
        for folder, of_folder in groupby(lines, key=lambda entry: entry[0].parent)
    ]
    return "\n\n".join([_HEAD.rstrip(), *sections]) + "\n"


def main(*arguments: str) -> None:
    """Write the page, or check it: exits with what to do where it is not up to date."""
    if "--check" not in arguments:
        LIST.write_text(module_list(), encoding="utf-8")
    elif LIST.read_text(encoding="utf-8") != module_list():
        sys.exit(f"{LIST.relative_to(ROOT)} is not up to date: run `make format`")


def _modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"), key=lambda file: (file.parent, file.name))


def _first_line(file: Path) -> str:
    return (ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "").partition("\n")[0]


if __name__ == "__main__":
    main(*sys.argv[1:])
