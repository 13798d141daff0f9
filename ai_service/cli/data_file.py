"""Reads YAML and JSON files that people wrote as plain data, and names the line of each error."""

import json
from pathlib import Path
from typing import NoReturn

import yaml

from ai_service.errors import InvalidRequest, Problem

MAX_BYTES = 1_000_000

_NULL = "tag:yaml.org,2002:null"
Data = str | bool | None | list["Data"] | dict[str, "Data"]


def read_data(path: Path, *, what: str) -> Data:
    """Return the data in a file: JSON if its name ends in `.json`, else YAML.

    Scalars are text, and an empty field is None. `what` says what belongs into the file. Raises InvalidRequest for a
    file that can't be read, is empty, larger than 1 MB, isn't UTF-8, YAML or JSON, or names a key twice.
    """
    text = read_text(path, what=what)
    try:
        data = _from_json(text) if path.suffix.lower() == ".json" else _from_yaml(text)
    except _Unreadable as error:
        raise InvalidRequest([Problem(str(path), *error.args)]) from error
    except RecursionError as error:
        raise InvalidRequest([Problem(str(path), "is nested too deep", f"write {what}")]) from error
    if not data:
        raise InvalidRequest([Problem(str(path), "is empty", f"write {what}")])
    return data


def read_text(path: Path, *, what: str) -> str:
    """Return the text of a file. Raises InvalidRequest if it cannot be read, is too large or is not UTF-8."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        message = f"can't be read: {error.strerror or error}"
        raise InvalidRequest([Problem(str(path), message, f"give the path of a file with {what}")]) from error
    if len(content) > MAX_BYTES:
        raise InvalidRequest([Problem(str(path), f"is larger than {MAX_BYTES:,} bytes", "shorten it")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InvalidRequest([Problem(str(path), f"line {line}: is not UTF-8", "save the file as UTF-8")]) from error


class _Unreadable(ValueError):
    """A file is not valid YAML or JSON. The arguments are the message and the fix of a Problem."""


def _from_yaml(text: str) -> Data:
    try:
        node = yaml.SafeLoader(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise _Unreadable(f"{where}{error.problem}", "correct the YAML; quote text that holds a colon or #") from error
    except yaml.YAMLError as error:
        raise _Unreadable(str(error).partition("\n")[0], "remove the character") from error
    return None if node is None else _data_of(node, seen=set())


def _data_of(node: yaml.Node, *, seen: set[int]) -> Data:
    """Return the plain data of a YAML node. Scalars stay text: the types of the brief parse them.

    So the language `no`, the code `010` and the price 12.90 are what was written. Aliases are refused: they let a small
    file stand for a huge one.
    """
    line = node.start_mark.line + 1
    if id(node) in seen:
        raise _Unreadable(f"line {line}: has an anchor (&) that is used again", "write it out where it is used")
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        keys = [str(key.value) for key, _ in node.value]
        if twice := _first_repeated(keys):
            line = node.value[twice][0].start_mark.line + 1
            raise _Unreadable(f"line {line}: has the key {keys[twice]!r} a second time", "keep one of them")
        return {key: _data_of(item, seen=seen) for key, (_, item) in zip(keys, node.value, strict=True)}
    if isinstance(node, yaml.SequenceNode):
        return [_data_of(item, seen=seen) for item in node.value]
    return None if node.tag == _NULL else str(node.value)


def _first_repeated(keys: list[str]) -> int | None:
    """Return the index of the first repeated key; None if there is none."""
    seen: set[str] = set()
    for index, key in enumerate(keys):
        if key in seen:
            return index
        seen.add(key)
    return None


def _from_json(text: str) -> Data:
    """Return the data of a JSON document; numbers stay text, as in YAML."""
    try:
        return json.loads(
            text, object_pairs_hook=_json_object, parse_constant=_refuse_constant, parse_int=str, parse_float=str
        )
    except json.JSONDecodeError as error:
        raise _Unreadable(f"line {error.lineno}, column {error.colno}: {error.msg}", "correct the JSON") from error


def _json_object(pairs: list[tuple[str, Data]]) -> dict[str, Data]:
    keys = [key for key, _ in pairs]
    if twice := _first_repeated(keys):
        raise _Unreadable(f"has the key {keys[twice]!r} twice in one object", "keep one of them")
    return dict(pairs)


def _refuse_constant(name: str) -> NoReturn:
    raise _Unreadable(f"holds {name}, which is not a number", "write a number")
