"""The build's rewriting: what a wheel of the layout `sources` holds, and what it refuses."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

import hatch_build
from hatch_build import rewrite

MODULES = {"shop", "shop.tills", "shop.tills.coins", "stock"}


def rewritten(source: str) -> str:
    return rewrite(source.encode(), modules=MODULES, path="a.py").decode()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from shop import tills", "from ai_service.shop import tills"),
        ("from shop.tills.coins import CENT as C", "from ai_service.shop.tills.coins import CENT as C"),
        ("from stock import (\n    a,  # é\n    b,\n)", "from ai_service.stock import (\n    a,  # é\n    b,\n)"),
        ("from \\\n  shop import tills", "from \\\n  ai_service.shop import tills"),
        ("x = 'é'; from shop import tills; y = 1", "x = 'é'; from ai_service.shop import tills; y = 1"),
        ("x = '\u2028'\nfrom shop import tills", "x = '\u2028'\nfrom ai_service.shop import tills"),
        ("import shop", "from ai_service import shop"),
        ("import shop as s", "from ai_service import shop as s"),
        ("import shop.tills as t", "import ai_service.shop.tills as t"),
        ("import shop.tills", "import ai_service.shop.tills; from ai_service import shop"),
        ("import os, stock, re as r", "import os; from ai_service import stock; import re as r"),
        ("if x: import shop; print(shop)", "if x: from ai_service import shop; print(shop)"),
        ("def f():\r\n    from shop import a\r\n", "def f():\r\n    from ai_service.shop import a\r\n"),
        ("if TYPE_CHECKING:\n    from stock import a", "if TYPE_CHECKING:\n    from ai_service.stock import a"),
    ],
)
def test_first_party_imports_go_under_the_one_name(source: str, expected: str) -> None:
    assert rewritten(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "from shopping import cart",
        "import stocks.shop",
        "from . import shop",
        "from .shop import tills",
        "from ai_service import shop",
        "shop = 1; shop.tills = 2",
        "# from shop import tills",
        '"""Uses `shop.tills`:\n\nfrom shop import tills\n"""',
        "class A:\n    b: int\n    'As in `shop.tills`.'",
        "x = 'shop'",
        "x = 'https://stock.example/shop.tills'",
        "x = 'shop.name'",
        "x = 'you may import from shop and stock'",
        "x = f'{a}shop.tills'",
    ],
)
def test_all_else_stays(source: str) -> None:
    assert rewritten(source) == source


def test_rewritten_code_binds_the_same_names(tmp_path: Path) -> None:
    folder = tmp_path / "ai_service" / "shop"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    (folder / "tills.py").write_text("CENT = 1")
    imports = rewritten("import shop.tills, shop.tills as t\nfrom shop import tills")
    program = f"{imports}\nprint(shop.tills.CENT, t is tills)"

    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert done.stdout == "1 True\n"


@pytest.mark.parametrize(
    "string",
    [
        "'shop.tills'",
        "'shop.tills.coins.CENT'",
        "'shop.tills:main'",
        "f'shop.{name}'",
        "f'shop.tills.c{name}'",
        "'shop.' + name",
        "'import shop'",
        "'''\n    from shop.tills import a\n    print(a)\n'''",
        "f'from stock import {name}'",
        "f'{x!r:{\"shop.tills\"}}'",
    ],
)
def test_a_string_that_names_a_module_is_refused_with_its_line(string: str) -> None:
    with pytest.raises(ValueError, match=r"^a\.py:2: .* names a module that moves .*: use the module's __name__"):
        rewritten(f"\nx = g({string})")


PROJECT = """
[project]
name = "toy"
version = "1"
[project.scripts]
toy = "shop.tills:main"
other = "ai_service:main"
[project.entry-points.toys]
one = "shop"
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[tool.hatch.build.targets.wheel]
only-include = ["ai_service", "shop"]
[tool.hatch.build.targets.wheel.sources]
shop = "ai_service/shop"
[tool.hatch.build.targets.wheel.hooks.custom]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one folder that moves, and files that have no place in a wheel."""
    files = {
        "pyproject.toml": PROJECT,
        "hatch_build.py": Path(hatch_build.__file__).read_text(encoding="utf-8"),
        ".gitignore": "*.db\n",
        "ai_service/__init__.py": "from shop.tills import main",
        "shop/__init__.py": "",
        "shop/tills.py": "def main(): ...",
        "shop/words/en.yaml": "from: shop",
        "shop/kept.db": "",
        "shop/__pycache__/tills.cpython-311.pyc": "",
        "tests/test_shop.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def build(project: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True)


def test_a_wheel_holds_the_moved_folders_and_their_data_alone(project: Path) -> None:
    done = build(project)

    assert done.returncode == 0, done.stderr
    with ZipFile(next(project.glob("dist/*.whl"))) as wheel:
        names = [name for name in wheel.namelist() if ".dist-info/" not in name]
        contents = {name: wheel.read(name).decode() for name in wheel.namelist()}
    assert sorted(names) == [
        "ai_service/__init__.py",
        "ai_service/shop/__init__.py",
        "ai_service/shop/tills.py",
        "ai_service/shop/words/en.yaml",
    ]
    assert contents["ai_service/__init__.py"] == "from ai_service.shop.tills import main"
    assert contents["ai_service/shop/words/en.yaml"] == "from: shop"
    entry_points = contents["toy-1.dist-info/entry_points.txt"].split("\n")
    assert {"toy = ai_service.shop.tills:main", "other = ai_service:main", "one = ai_service.shop"} <= {*entry_points}


@pytest.mark.parametrize(
    ("double", "name"), [("shop.py", "ai_service/shop"), ("shop/tills.py", "ai_service/shop/tills")]
)
def test_a_file_in_the_place_of_a_moved_one_is_refused(project: Path, double: str, name: str) -> None:
    (project / "ai_service" / "shop").mkdir()
    (project / "ai_service" / double).touch()

    done = build(project)

    assert done.returncode != 0
    assert f"two files or a file and a folder would be {name}: rename" in done.stderr


def test_a_refused_string_ends_the_build(project: Path) -> None:
    (project / "ai_service" / "__init__.py").write_text("import logging\n\nlogging.getLogger('shop.tills')")

    done = build(project)

    assert done.returncode != 0
    assert "ai_service/__init__.py:3: 'shop.tills' names a module" in done.stderr
