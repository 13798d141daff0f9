"""What a host with modules of our folders' names gets from the installed package."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import call

import agents
import deps
import models
import storage

HOST = Path(__file__).parent
FLAT = {"agents", "deps", "examples", "models", "storage"}
IMPORT_ALL = """
import json, pkgutil, sys
import ai_service

for module in pkgutil.walk_packages(ai_service.__path__, "ai_service."):
    if not module.name.endswith(("__main__", "migrations.env")):
        __import__(module.name)
print(json.dumps({name: getattr(module, "__file__", None) for name, module in sys.modules.items()}))
"""


def files_after(program: str, *options: str, cwd: Path) -> dict[str, str | None]:
    """Run a program that prints the file of each module it has imported."""
    done = subprocess.run([sys.executable, *options, "-c", program], capture_output=True, text=True, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_hosts_own_modules_come_first() -> None:
    assert {Path(str(module.__file__)).relative_to(HOST).as_posix() for module in (agents, deps, models, storage)} == {
        "agents/__init__.py",
        "deps.py",
        "models.py",
        "storage/__init__.py",
    }


def test_the_host_calls_each_feature(tmp_path: Path) -> None:
    asyncio.run(call.call_each_feature(tmp_path))


def test_no_module_of_ours_is_imported_under_a_flat_name(tmp_path: Path) -> None:
    files = files_after(IMPORT_ALL, cwd=tmp_path)

    assert [name for name in files if name.partition(".")[0] in FLAT] == []
    assert len([name for name in files if name.startswith("ai_service.")]) > 100


def test_the_openai_agents_sdk_works_beside_it(tmp_path: Path) -> None:
    program = f"import agents\nagents.Agent(name='a')\n{IMPORT_ALL}"

    files = files_after(program, "-I", cwd=tmp_path)

    assert Path(str(files["agents"])).parent.name == "agents"
    assert "ai_service.agents" in files


def test_one_path_entry_has_the_package(tmp_path: Path) -> None:
    paths = files_after("import json, sys; print(json.dumps(dict.fromkeys(sys.path)))", cwd=tmp_path)

    found = [Path(path) for path in paths if Path(path, "ai_service").exists()]

    assert [path.name for path in found] == ["site-packages"]
    assert {path.name for path in found[0].iterdir()} & FLAT == {"agents"}  # the SDK's
