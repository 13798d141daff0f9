"""Watches each process of the tests: nothing of ours is imported under a flat name, or from elsewhere."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import ai_service

HOST = Path(__file__).parent
INSTALLED = Path(ai_service.__file__).parent
FLAT = ("agents", "deps", "examples", "models", "storage")


@pytest.fixture(scope="session", autouse=True)
def one_name() -> Iterator[None]:
    """Check at the end what the tests of this process have imported."""
    yield
    assert files_outside(HOST, *FLAT) == {}
    assert files_outside(INSTALLED, "ai_service") == {}
    assert "site-packages" in INSTALLED.parts


def files_outside(folder: Path, *packages: str) -> dict[str, Path]:
    """Return the files of imported modules of these packages that aren't in the folder."""
    modules = {name: module for name, module in sys.modules.items() if name.partition(".")[0] in packages}
    files = {name: Path(module.__file__) for name, module in modules.items() if module.__file__}
    return {name: file for name, file in files.items() if not file.is_relative_to(folder)}
