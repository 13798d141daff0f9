"""Malformed JSON is repaired if its meaning is certain, and requested again if not."""

import json
from random import Random

import pytest
from pydantic import JsonValue

from agents.repair import Repaired, repair

MENDED, FENCE, PROSE = "mended quotes or commas", "removed a code fence", "removed prose around the object"

REPAIRS: dict[str, tuple[str, str, list[str]]] = {
    "nothing to do": ('{"a": "b"}', '{"a": "b"}', []),
    "single quotes": ("{'a': 'b'}", '{"a":"b"}', [MENDED]),
    "quotes of both kinds": ("""{'a': "l'été", "b": '"oui"'}""", r'{"a":"l' + r"""'été","b":"\"oui\""}""", [MENDED]),
    "an escaped apostrophe": (r"""{"a": "l\'été"}""", """{"a":"l'été"}""", [MENDED]),
    "an escape of Python": (r"{'a': 'caf\xe9'}", r'{"a":"caf\u00e9"}', [MENDED]),
    "escapes of JSON": (r"{'a': 'x\n\"\\\u00e9\/'}", r'{"a":"x\n\"\\\u00e9\/"}', [MENDED]),
    "a line break in a string": ('{"a": "b\nc\t"}', r'{"a":"b\nc\t"}', [MENDED]),
    "a trailing comma": ('{"a": ["b", "c",],}', '{"a":["b","c"]}', [MENDED]),
    "literals of Python": ('{"a": True, "b": [False, None]}', '{"a":true,"b":[false,null]}', [MENDED]),
    "numbers": ("{'a': -1.5e3, 'b': 0}", '{"a":-1.5e3,"b":0}', [MENDED]),
    "empty containers": ("{'a': {}, 'b': [], 'c': ''}", '{"a":{},"b":[],"c":""}', [MENDED]),
    "brackets and colons in a string": ("{'a': '}], [{: ```'}", '{"a":"}], [{: ```"}', [MENDED]),
    "a fence": ('```json\n{"a": 1}\n```', '{"a": 1}', [FENCE]),
    "a fence that is left open": ('```\n{"a": 1}', '{"a": 1}', [FENCE]),
    "prose": ('Sure! Here it is: {"a": 1}\nHope that helps.', '{"a": 1}', [PROSE]),
    "an apostrophe in the prose": ("Voici l'objet : {'a': 1}", '{"a":1}', [PROSE, MENDED]),
    "everything": ("So:\n```json\n{'a': True,}\n```\nBye", '{"a":true}', [FENCE, PROSE, MENDED]),
}

REFUSALS = {
    "nothing": "",
    "prose alone": "I can't help with that.",
    "a list": '[{"a": 1}]',
    "a list left open": '[{"a": 1}',
    "a number": "{1}",
    "the inner object of a larger one": '"post": {"a": 1}',
    "the last of some members": '"a": 1, {"b": 2}',
    "two objects": '{"a": 1} {"b": 2}',
    "two objects and a comma": '{"a": 1}, {"b": 2}',
    "two fenced objects": '```\n{"a": 1}\n```\nor\n```\n{"a": 2}\n```',
    "an object within a fence within a string": "{'a': '```' {\"b\": 1}",
    "braces in the prose": 'Fill {in} this: {"a": 1}',
    "a value after the object": '{"a": 1}, "b": 2',
    "a missing brace": '{"a": {"b": 1}',
    "a missing bracket": '{"a": [1, 2}',
    "a bracket too many": '{"a": 1]}',
    "a missing comma": '{"a": "b" "c": "d"}',
    "a missing colon": '{"a" "b"}',
    "a missing value": '{"a": }',
    "two commas": '{"a": [1,, 2]}',
    "a comma alone": '{"a": [,]}',
    "a string cut off": '{"a": "b}',
    "a quote within the text": '{"a": "he said "yes" to it"}',
    "a quote at the end of the text": '{"a": "he said "yes""}',
    "an apostrophe within single quotes": "{'a': 'l'été'}",
    "an apostrophe before a comma": "{'a': 'les amis', dit-il'}",
    "a bare key": "{a: 1}",
    "a bare word": '{"a": yes}',
    "a comment": '{"a": 1 // one\n}',
    "an escape nobody knows": r"{'a': '\d'}",
    "not a number": '{"a": NaN}',
    "a number too long for Python": "{'a': " + "9" * 5000 + "}",
    "a word after a number": "{'a': 1st}",
    "a key twice": "{'a': 1, 'a': 2}",
    "nested too deep": "{'a':" * 101 + "1" + "}" * 101,
}


@pytest.mark.parametrize("name", REPAIRS)
def test_malformed_json_of_certain_meaning_is_repaired(name: str) -> None:
    broken, text, changes = REPAIRS[name]

    assert repair(broken) == Repaired(text, changes)
    assert isinstance(json.loads(text), dict)


@pytest.mark.parametrize("name", REFUSALS)
def test_malformed_json_of_uncertain_meaning_is_not_repaired(name: str) -> None:
    assert repair(REFUSALS[name]) is None


def test_keeps_keys_and_values_in_their_order() -> None:
    repaired = repair("{'b': ['y', 'x'], 'a': {'d': 2, 'c': 1}}")

    assert repaired is not None
    assert repaired.text == '{"b":["y","x"],"a":{"d":2,"c":1}}'


CHARACTERS = "abé'\"\\,:{}[]\n\t 01eTN`…"
KEYS = "abc é"


def any_value(random: Random, depth: int = 0, characters: str = CHARACTERS) -> JsonValue:
    kind = random.randrange(8 if depth < 2 else 6)
    if kind > 5:
        values = [any_value(random, depth + 1, characters) for _ in range(random.randrange(4))]
        return {f"{key}{random.choice(KEYS)}": value for key, value in enumerate(values)} if kind == 6 else values
    simple: list[JsonValue] = [True, False, None, random.choice([0, 1, -2.5, 10**6, 1e-7])]
    return simple[kind] if kind < 4 else "".join(random.choices(characters, k=random.randrange(12)))


def written(value: JsonValue, *, single: bool, trailing: bool, python: bool) -> str:
    """Return JSON as a careless model writes it."""

    def write(item: JsonValue) -> str:
        return written(item, single=single, trailing=trailing, python=python)

    if isinstance(value, str) and single:
        return "'" + json.dumps(value, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
    if isinstance(value, dict | list):
        items = (
            [f"{write(key)}: {write(item)}" for key, item in value.items()]
            if isinstance(value, dict)
            else [write(item) for item in value]
        )
        body = ", ".join(items) + ("," if trailing and items else "")
        return f"{{{body}}}" if isinstance(value, dict) else f"[{body}]"
    return repr(value) if python and (value is None or isinstance(value, bool)) else json.dumps(value)


@pytest.mark.parametrize("seed", range(10))
def test_whatever_a_careless_model_writes_means_the_same_object(seed: int) -> None:
    random = Random(seed)
    for _ in range(200):
        value: JsonValue = {f"k{n}": any_value(random) for n in range(random.randrange(4))}
        single, trailing, python, fenced, prose = random.choices([True, False], k=5)
        text = written(value, single=single, trailing=trailing, python=python)
        text = f"```json\n{text}\n```" if fenced else text
        text = f"Here you go:\n{text}\nHope that helps!" if prose else text

        repaired = repair(text)

        assert repaired is not None, text
        assert json.loads(repaired.text) == value, text


@pytest.mark.parametrize("seed", range(10))
def test_an_answer_cut_anywhere_means_the_same_object_or_nothing(seed: int) -> None:
    random = Random(seed)
    for _ in range(40):
        value: JsonValue = {f"k{n}": any_value(random) for n in range(random.randrange(1, 4))}
        single, trailing, python = random.choices([True, False], k=3)
        text = written(value, single=single, trailing=trailing, python=python)
        for end in range(len(text)):
            assert repair(text[:end]) is None, text[:end]
        text = f"Here:\n```\n{text}\n```\nBye"
        for end in range(len(text)):
            repaired = repair(text[:end])
            assert repaired is None or json.loads(repaired.text) == value, text[:end]


@pytest.mark.parametrize("seed", range(10))
def test_a_mark_too_few_or_too_many_never_changes_a_value(seed: int) -> None:
    random = Random(seed)
    for _ in range(300):
        value = {f"k{n}": any_value(random, characters="abé \\n01eTN…") for n in range(random.randrange(1, 4))}
        text = written(value, single=random.random() < 0.5, trailing=False, python=False)
        at = random.choice([index for index, character in enumerate(text) if character in ",:[]{}\"'"])
        repaired = repair(text[:at] + random.choice(["", text[at] * 2]) + text[at + 1 :])

        assert repaired is None or _leaves(json.loads(repaired.text)) == _leaves(value), text


def _leaves(value: JsonValue) -> list[JsonValue]:
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in [key, *_leaves(item)]]
    return [leaf for item in value for leaf in _leaves(item)] if isinstance(value, list) else [value]
