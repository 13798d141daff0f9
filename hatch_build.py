"""Builds the wheel under one import name: the folders of `sources` move into `ai_service`, their imports with them."""

import ast
import re
import tempfile
import textwrap
import warnings
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = "ai_service"


def rewrite(source: bytes, *, modules: Collection[str], path: str) -> bytes:
    """Return Python source with its absolute imports of `modules` put under `ROOT`; nothing else changes.

    `modules` are the dotted names of what moves, packages included. Comments and docstrings stay as they are: a
    language model reads some of them.

    Raises:
        ValueError: A string names one of the modules, or holds code that imports one. `path` says where.
    """
    tree = ast.parse(source, filename=path)
    for text in _texts(tree):
        if _is_dotted_name(text.head, modules) or _imports(text.code, modules):
            raise ValueError(
                f"{path}:{text.line}: {text.code!r} names a module that moves under {ROOT!r} in the wheel: "
                f"use the module's __name__ or __file__, or an object's __module__"
            )
    starts = [0, *(end.end() for end in re.finditer(rb"\r\n|\r|\n", source))]
    for node in sorted(_imports_of(tree, modules), key=lambda node: (node.lineno, node.col_offset), reverse=True):
        assert node.end_lineno is not None and node.end_col_offset is not None
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[node.end_lineno - 1] + node.end_col_offset
        source = source[:start] + _moved(node, source[start:end], modules) + source[end:]
    return source


def modules_in(paths: Iterable[PurePath]) -> frozenset[str]:
    """Return the dotted names of the Python files at these relative paths, and of the packages above them."""
    names = (path.with_suffix("").parts for path in paths if path.suffix == ".py")
    return frozenset(".".join(parts[:depth]) for parts in names for depth in range(1, len(parts) + 1))


def _imports_of(tree: ast.AST, modules: Collection[str]) -> Iterator[ast.Import | ast.ImportFrom]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and _top(node.module) in modules:
            yield node
        elif isinstance(node, ast.Import) and any(_top(alias.name) in modules for alias in node.names):
            yield node


def _moved(node: ast.Import | ast.ImportFrom, statement: bytes, modules: Collection[str]) -> bytes:
    if isinstance(node, ast.ImportFrom):
        # The module's name may come after a continued line.
        return re.sub(rb"from(?:\s|\\)+", lambda found: found[0] + f"{ROOT}.".encode(), statement, count=1)
    return "; ".join(_one_import(alias, modules) for alias in node.names).encode()


def _one_import(alias: ast.alias, modules: Collection[str]) -> str:
    """Return statements that bind what `import` of this one name binds."""
    top, below = _top(alias.name), "." in alias.name
    renamed = f" as {alias.asname}" if alias.asname else ""
    if top not in modules:
        return f"import {alias.name}{renamed}"
    if below and renamed:
        return f"import {ROOT}.{alias.name}{renamed}"
    if below:
        return f"import {ROOT}.{alias.name}; from {ROOT} import {top}"
    return f"from {ROOT} import {top}{renamed}"


def _top(name: str | None) -> str:
    return (name or "").partition(".")[0]


class _Text(NamedTuple):
    """A string of the source."""

    line: int
    head: str
    """What it begins with; of an f-string up to the last dot before its first value."""
    code: str
    """The whole; of an f-string with a name for each value."""


def _texts(node: ast.AST) -> Iterator[_Text]:
    """Yield each string but docstrings, which no code reads."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield _Text(node.lineno, node.value, node.value)
    if isinstance(node, ast.JoinedStr):
        parts = [str(part.value) if isinstance(part, ast.Constant) else "_" for part in node.values]
        head = parts[0] if isinstance(node.values[0], ast.Constant) else ""
        yield _Text(node.lineno, head[: head.rfind(".") + 1], "".join(parts))
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant)):
            yield from _texts(child)


def _is_dotted_name(text: str, modules: Collection[str]) -> bool:
    """Whether it is a module's name, an object's in a module (`a.b.c`, `a.b:c`), or the beginning of one (`a.`)."""
    if not re.fullmatch(r"[\w.]+(?::\w+)?", text):
        return False
    name = text.partition(":")[0]
    if name.endswith("."):
        return name[:-1] in modules
    parts = name.split(".")
    return any(".".join(parts[:depth]) in modules for depth in range(2, len(parts) + 1))


def _imports(text: str, modules: Collection[str]) -> bool:
    """Whether it is Python code that imports one of the modules."""
    if "import" not in text:
        return False
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(textwrap.dedent(text))
    except (SyntaxError, ValueError):
        return False
    return any(_imports_of(tree, modules))


def _refuse_doubles(paths: Iterable[str]) -> None:
    imported = Counter(path.removesuffix("/__init__.py").removesuffix(".py") for path in paths)
    if doubles := [name for name, count in imported.items() if count > 1]:
        raise ValueError(f"two files or a file and a folder would be {', '.join(doubles)}: rename one of them")


class OneNameHook(BuildHookInterface[BuilderConfig]):
    """Rewrites what goes into a wheel; an editable install sees the folders as they lie."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Put the rewritten files in place of those that hatchling selected."""
        if self.target_name != "wheel" or version == "editable":
            return
        # hatchling leaves the parameters of these two properties' types open.
        files = list(self.build_config.builder.recurse_selected_project_files())  # pyright: ignore[reportUnknownMemberType]
        core = self.metadata.core  # pyright: ignore[reportUnknownMemberType]
        modules = modules_in(PurePath(f.relative_path) for f in files if f.relative_path != f.distribution_path)
        _refuse_doubles(file.distribution_path for file in files)
        self._stage = tempfile.TemporaryDirectory()
        for file in (file for file in files if file.path.endswith(".py")):
            staged = Path(self._stage.name, file.distribution_path)
            staged.parent.mkdir(parents=True, exist_ok=True)
            staged.write_bytes(rewrite(Path(file.path).read_bytes(), modules=modules, path=file.relative_path))
            build_data["force_include"][str(staged)] = file.distribution_path
        for commands in (core.scripts, core.gui_scripts, *core.entry_points.values()):
            commands.update({name: f"{ROOT}.{goal}" for name, goal in commands.items() if _top(goal) in modules})

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the rewritten files."""
        if hasattr(self, "_stage"):
            self._stage.cleanup()
