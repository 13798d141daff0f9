"""The public API: exactly the names in `__all__`."""

import subprocess
import sys
from pathlib import Path

import pytest

import ai_service

ROOT = Path(__file__).parent.parent


def test_all_is_exactly_what_can_be_imported() -> None:
    public = {
        name
        for name, value in vars(ai_service).items()
        if not name.startswith("_") and not isinstance(value, type(ai_service))
    }

    assert public == set(ai_service.__all__)
    assert list(ai_service.__all__) == sorted(ai_service.__all__)


def test_the_names_a_host_relies_on_are_there() -> None:
    names = {"AIService", "AIResult", "Brief", "AIServiceError", "AIGenerationError", "generate_content"}

    assert names <= set(ai_service.__all__)


@pytest.mark.parametrize("name", ["agents", "models", "deps", "storage"])
def test_a_package_that_hides_ours_is_named_in_one_clear_error(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text("")
    program = f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(ROOT)!r}]; import ai_service"

    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, check=False)

    assert run.returncode == 1
    assert f"ImportError: package {name!r} is found at {tmp_path}" in run.stderr
