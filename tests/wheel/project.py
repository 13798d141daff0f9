"""The files of this checkout, as they are and as the wheel's own names have them."""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from hatch_build import modules_in, rewrite

ROOT = Path(__file__).parents[2]
HOST = Path(__file__).with_name("host")
"""A host's own modules, with the names of our folders, and what it does with the package."""
UV = (sys.executable, "-m", "uv")


def project_files() -> list[Path]:
    """Return the relative paths of what is tracked, or would be by `git add`."""
    listed = subprocess.check_output(["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, text=True)
    return [Path(name) for name in listed.split("\0") if name and (ROOT / name).exists()]


def packages() -> tuple[set[str], set[str]]:
    """Return the folders that the wheel holds, and those among them that it moves."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    return set(wheel["only-include"]), set(wheel["sources"])


def copy_files(paths: Iterable[Path], target: Path) -> None:
    """Copy files of the checkout to the same places under `target`."""
    for path in paths:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, target / path)


def moved_modules(files: Iterable[Path]) -> frozenset[str]:
    """Return the dotted names of what moves, as the source has them."""
    _, moved = packages()
    return modules_in(path for path in files if path.parts[0] in moved)


def copy_rewritten(target: Path) -> None:
    """Copy all that the wheel doesn't hold, with imports of the wheel's names, and the host's own modules."""
    files = project_files()
    held, _ = packages()
    rest = [path for path in files if path.parts[0] not in held]
    copy_files(rest, target)
    modules = moved_modules(files)
    for path in python_files(rest):
        (target / path).write_bytes(rewrite((ROOT / path).read_bytes(), modules=modules, path=str(path)))
    shutil.copytree(HOST, target, dirs_exist_ok=True)


def python_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the Python files among these, but not the host's: they have the wheel's names already."""
    yield from (path for path in paths if path.suffix == ".py" and not (ROOT / path).is_relative_to(HOST))


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> None:
    """Run a command, with the variables of this environment unless `env` is given; an exit code is an error."""
    subprocess.run(command, cwd=cwd, env=env, check=True)
