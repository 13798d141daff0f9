"""Runs all tests against the installed wheel, beside a host's own modules of our folders' names and openai-agents."""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.wheel.check import build_wheel
from tests.wheel.project import ROOT, UV, copy_rewritten, run


def main() -> None:
    """Run the tests, with pytest's arguments on the command line, and the type checker on what a host writes."""
    with TemporaryDirectory() as folder:
        work, copy = Path(folder), Path(folder, "copy")
        environment = work / "environment"
        synced = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(environment)}
        run(*UV, "sync", "--frozen", "--quiet", "--no-install-project", "--group", "neighbours", cwd=ROOT, env=synced)
        wheel = build_wheel(work / "dist")
        run(*UV, "pip", "install", "--quiet", "--no-deps", "--python", environment, wheel, cwd=work)
        copy_rewritten(copy)
        # What the tests start elsewhere finds the host's modules first as well.
        hosted = {**os.environ, "PYTHONPATH": str(copy)}
        run(environment / "bin" / "pyright", "--pythonpath", environment / "bin" / "python", cwd=copy, env=hosted)
        pytest = (environment / "bin" / "pytest", "-q", "-n", "auto", "tests", "test_host.py")
        run(*pytest, *sys.argv[1:], cwd=copy, env=hosted)


if __name__ == "__main__":
    main()
