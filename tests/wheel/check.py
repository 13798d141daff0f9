"""Installs the package in three ways, compares the files, and calls it from an empty environment in another folder."""

import hashlib
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.wheel.project import HOST, ROOT, UV, copy_files, project_files, run


def main() -> None:
    """Check the wheel, and print what it weighs."""
    with TemporaryDirectory() as folder:
        work = Path(folder)
        wheel = build_wheel(work / "dist")
        installed = install_each_way(wheel, work)
        same_files(installed)
        call(wheel, work)
        files = [path for path in (installed["wheel"] / "ai_service").rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files)
        print(f"{wheel.name}: {wheel.stat().st_size:,} bytes, installs {len(files)} files of {size:,} bytes")  # noqa: T201


def build_wheel(folder: Path) -> Path:
    """Build the wheel of this checkout."""
    run(*UV, "build", "--quiet", "--wheel", "--out-dir", folder, cwd=ROOT)
    return next(folder.glob("*.whl"))


def install_each_way(wheel: Path, work: Path) -> dict[str, Path]:
    """Install the wheel, the sdist and a git URL without dependencies; return the folders by what was installed."""
    run(*UV, "build", "--quiet", "--sdist", "--out-dir", work / "dist", cwd=ROOT)
    sdist = next((work / "dist").glob("*.tar.gz"))
    goals = {"wheel": str(wheel), "sdist": str(sdist), "git": f"git+{make_repository(work / 'repository').as_uri()}"}
    for name, goal in goals.items():
        pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile")
        run(*pip, "--target", work / name, goal, cwd=work)
    return {name: work / name for name in goals}


def make_repository(folder: Path) -> Path:
    """Commit the files of the checkout, also those changed since its last commit, to a repository of its own."""
    copy_files(project_files(), folder)
    git = ("git", "-c", "user.name=wheel", "-c", "user.email=wheel@example.com")
    for command in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "As it is")):
        run(*git, *command, cwd=folder)
    return folder


def same_files(installed: dict[str, Path]) -> None:
    """Exit with the paths that differ between what was installed."""
    hashes = {name: hashes_in(folder) for name, folder in installed.items()}
    first, *others = hashes.values()
    differing = {path for other in others for path, _ in first.items() ^ other.items()}
    if differing or not first:
        sys.exit(f"{', '.join(installed)} install other files: {', '.join(sorted(differing))}")


def hashes_in(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file under its relative path, but for what the installer notes for itself."""
    notes = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in notes)
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def call(wheel: Path, work: Path) -> None:
    """Install the wheel alone, use it as a host does, and run the command line in an empty folder."""
    environment = work / "environment"
    run(*UV, "venv", "--quiet", "--python", sys.executable, environment, cwd=work)
    run(*UV, "pip", "install", "--quiet", "--python", environment, wheel, cwd=work)
    for folder in ("program", "empty"):
        (work / folder).mkdir()
    nothing = {"PATH": "/usr/bin:/bin", "HOME": str(work)}
    python, command = (environment / "bin" / name for name in ("python", "ai-service"))
    run(python, "-W", "error::ResourceWarning", HOST / "call.py", cwd=work / "program", env=nothing)
    run(command, "--version", cwd=work / "empty", env=nothing)
    shown = subprocess.check_output((command, "demo"), cwd=work / "empty", env=nothing, text=True)
    if "What it cost" not in shown:
        sys.exit(f"ai-service demo ended early:\n{shown}")


if __name__ == "__main__":
    main()
