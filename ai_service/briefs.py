"""Reading a brief from a YAML or JSON file."""

import json
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ai_service.errors import InvalidRequest, Problem, problems_of
from models.brief import Brief, BusinessContext, CampaignContext, KeyDate, Offer

MAX_BYTES = 1_000_000

_NULL = "tag:yaml.org,2002:null"
_SECTIONS = {"business": BusinessContext, "campaign": CampaignContext}
_NAMES = sorted({name for model in (BusinessContext, CampaignContext, Offer, KeyDate) for name in model.model_fields})
_FORMS = {
    "languages": "write a BCP 47 tag, e.g. fr or pt-BR",
    "country": "write the ISO 3166-1 code, e.g. FR",
    "subdivision": "write the ISO 3166-2 part after the hyphen, e.g. BY",
    "currency": "write the ISO 4217 code, e.g. EUR",
    "links": "write the whole address, e.g. https://levain.example",
    "brand_colors": "write it as #rrggbb, e.g. #c0392b",
}
Data = str | bool | None | list["Data"] | dict[str, "Data"]


def load_brief(path: Path | str) -> Brief:
    """Return the brief in a file: JSON where its name ends in `.json`, YAML otherwise.

    An empty field counts as left out. Raises InvalidRequest for a file that can't be read, is larger than 1 MB, isn't
    UTF-8, YAML or JSON, names a key twice or holds no valid brief.
    """
    path = Path(path)
    text = _read(path)
    try:
        data = _from_json(text) if path.suffix.lower() == ".json" else _from_yaml(text)
    except _Unreadable as error:
        raise InvalidRequest([Problem(str(path), *error.args)]) from error
    except RecursionError as error:
        raise InvalidRequest([Problem(str(path), "is nested too deep", "write a business and a campaign")]) from error
    if not data:
        raise InvalidRequest([Problem(str(path), "is empty", "write a business and a campaign")])
    try:
        return Brief.model_validate(_without_empty(data))
    except ValidationError as error:
        raise InvalidRequest(_brief_problems(error)) from error


class _Unreadable(ValueError):
    """A file is no YAML or JSON that can be read safely. Its arguments are message and fix of a Problem."""


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        message = f"can't be read: {error.strerror or error}"
        raise InvalidRequest([Problem(str(path), message, "give the path of a brief, YAML or JSON")]) from error
    if len(content) > MAX_BYTES:
        raise InvalidRequest([Problem(str(path), f"is larger than {MAX_BYTES:,} bytes", "shorten it")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InvalidRequest([Problem(str(path), f"line {line}: is not UTF-8", "save the file as UTF-8")]) from error


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
    """Return the plain data of a YAML node. Scalars stay text: the brief's own types decide what they mean.

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
    """Return the index of the first key that stands earlier too."""
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


def _without_empty(data: Data) -> Data:
    if isinstance(data, dict):
        return {key: _without_empty(item) for key, item in data.items() if item is not None}
    return [_without_empty(item) for item in data] if isinstance(data, list) else data


def _brief_problems(error: ValidationError) -> list[Problem]:
    """Return the problems, with the way out that fits the field of a brief."""
    details = error.errors(include_url=False)
    return [
        Problem(problem.field, problem.message, _fix(item) or problem.fix)
        for problem, item in zip(problems_of(error), details, strict=True)
    ]


def _fix(item: ErrorDetails) -> str | None:
    if item["type"] == "extra_forbidden":
        return _fix_of_unknown(item["loc"])
    if item["type"].startswith("date_"):
        return "write it as YYYY-MM-DD, e.g. 2026-12-01"
    if item["type"] == "string_pattern_mismatch":
        return _FORMS.get(next((str(part) for part in reversed(item["loc"]) if isinstance(part, str)), ""))
    if item["type"] == "string_type" and isinstance(item["input"], dict):
        return "put the text in quotes: it holds a colon"
    return "write its fields below it" if item["type"] == "model_type" else None


def _fix_of_unknown(path: Sequence[int | str]) -> str | None:
    name = str(path[-1])
    home = next((section for section, model in _SECTIONS.items() if name in model.model_fields), None)
    if home and len(path) <= 2:
        return f"move it to {home}"
    close = get_close_matches(name, _NAMES, n=1)
    return f"write {close[0]}, or remove it" if close else None
