"""Run by `make lint`: what the build refuses is said before a wheel is built."""

import sys

from hatch_build import rewrite
from tests.wheel.project import ROOT, moved_modules, project_files, python_files


def main() -> None:
    """Exit with each string that names a module which moves in the wheel."""
    files = project_files()
    modules = moved_modules(files)
    refused: list[str] = []
    for path in python_files(files):
        try:
            rewrite((ROOT / path).read_bytes(), modules=modules, path=str(path))
        except ValueError as error:
            refused.append(str(error))
    if refused:
        sys.exit("\n".join(refused))


if __name__ == "__main__":
    main()
