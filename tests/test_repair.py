"""Malformed JSON is read if its meaning is certain, and requested again if not."""

import json
from random import Random

import pytest
from pydantic import JsonValue

from agents.repair import Unclear, read
from agents.repair.surroundings import find

MENDED, FENCE, PROSE = "mended quotes or commas", "removed a code fence", "removed prose around the object"
TAGS, SAME = "removed reasoning or tags", "took one of several objects that are the same"

READINGS: dict[str, tuple[str, JsonValue, list[str]]] = {
    "nothing to do": ('{"a": "b"}', {"a": "b"}, []),
    "single quotes": ("{'a': 'b'}", {"a": "b"}, [MENDED]),
    "back quotes": ('{`a`: `b "c"`}', {"a": 'b "c"'}, [MENDED]),
    "curly quotes": ('{“a”: “it\'s "b".”, ‘c’: „d“}', {"a": 'it\'s "b".', "c": "d"}, [MENDED]),
    "quotes of both kinds": ("""{'a': "l'été", "b": '"oui"'}""", {"a": "l'été", "b": '"oui"'}, [MENDED]),
    "an escaped apostrophe": (r"""{"a": "l\'été"}""", {"a": "l'été"}, [MENDED]),
    "an escape of Python": (r"{'a': 'caf\xe9'}", {"a": "café"}, [MENDED]),
    "an escape of Python for ASCII": (r"{'a': 'b\x20\x22c'}", {"a": 'b "c'}, [MENDED]),
    "escapes that are no UTF-8": (r"{'a': '\xe9\xe0'}", {"a": "éà"}, [MENDED]),
    "escapes of JSON": (r"{'a': 'x\n\"\\\u00e9\/'}", {"a": 'x\n"\\é/'}, [MENDED]),
    "an emoji in two halves": (r"{'a': '\ud83d\udd25'}", {"a": "🔥"}, [MENDED]),
    "a line break in a string": ('{"a": "b\nc\t"}', {"a": "b\nc\t"}, [MENDED]),
    "a trailing comma": ('{"a": ["b", "c",],}', {"a": ["b", "c"]}, [MENDED]),
    "literals of Python": ('{"a": True, "b": [False, None]}', {"a": True, "b": [False, None]}, [MENDED]),
    "numbers": ("{'a': -1.5e3, 'b': 0}", {"a": -1500.0, "b": 0}, [MENDED]),
    "empty containers": ("{'a': {}, 'b': [], 'c': ''}", {"a": {}, "b": [], "c": ""}, [MENDED]),
    "brackets and colons in a string": ("{'a': '}], [{: ```'}", {"a": "}], [{: ```"}, [MENDED]),
    "bare keys": ("{a: 1, b_c: {$d: 2}, été: 3, 4: 5}", {"a": 1, "b_c": {"$d": 2}, "été": 3, "4": 5}, [MENDED]),
    "comments": ("{ // one\n'a': /* two: } */ 1, # three\n}", {"a": 1}, [MENDED]),
    "what looks like a comment": ('{"a": "// b # c /* d */",}', {"a": "// b # c /* d */"}, [MENDED]),
    "a key twice with one value": ('{"a": {"b": 1}, "a": {"b": 1}}', {"a": {"b": 1}}, []),
    "a list": ('[{"a": 1}]', [{"a": 1}], []),
    "a string": (r'"{\"a\": 1}"', '{"a": 1}', []),
    "escapes without the quotes of their string": (r"{\"a\": \"b\"}", '{"a": "b"}', []),
    "a fence": ('```json\n{"a": 1}\n```', {"a": 1}, [FENCE]),
    "a fence that is left open": ('```\n{"a": 1}', {"a": 1}, [FENCE]),
    "a list in a fence": ('```\n["a", "b"]\n```', ["a", "b"], [FENCE]),
    "prose": ('Sure! Here it is: {"a": 1}\nHope that helps.', {"a": 1}, [PROSE]),
    "prose with quotes and brackets": ('{"a": 1}\nI left "b" out; add [c] if you like.', {"a": 1}, [PROSE]),
    "an apostrophe in the prose": ("Voici l'objet : {'a': 1}", {"a": 1}, [PROSE, MENDED]),
    "a label": ('JSON output => {"a": 1};', {"a": 1}, [PROSE]),
    "prose in a language without blanks": ('以下是您要的帖子：{"a": 1}', {"a": 1}, [PROSE]),
    "quotes around": ('"{"a": 1}"', {"a": 1}, [PROSE]),
    "brackets around": ('({"a": 1})', {"a": 1}, [PROSE]),
    "braces doubled": ('{{"a": {"b": 1}}}', {"a": {"b": 1}}, [PROSE]),
    "everything": ("So:\n```json\n{'a': True,}\n```\nBye", {"a": True}, [FENCE, PROSE, MENDED]),
    "two objects that are the same": ('{"a": 1, "b": 2}\n{"b": 2, "a": 1}', {"a": 1, "b": 2}, [SAME]),
    "two fenced objects that are the same": ('```\n{"a": 1}\n```\n```\n{"a": 1}\n```', {"a": 1}, [FENCE, SAME]),
    "thoughts": ('<think>{b, "c": {"d": 1}</think>\n{"a": 1}', {"a": 1}, [TAGS]),
    "thoughts of another name": ('<inner>{"b": 1}</inner> So: {"a": 1}', {"a": 1}, [TAGS, PROSE]),
    "thoughts in capitals": ('[THINK]{b}[/THINK]{"a": 1}', {"a": 1}, [TAGS]),
    "thoughts between triangles": ('◁think▷{b}◁/think▷{"a": 1}', {"a": 1}, [TAGS]),
    "the end of thoughts": ('No, {"b": 1}.</think>{"a": 1}', {"a": 1}, [TAGS]),
    "two thoughts": ('<think>{b}</think><plan>{c}</plan>{"a": 1}', {"a": 1}, [TAGS]),
    "an answer in a tag": ('<answer>{"a": 1}</answer>', {"a": 1}, [TAGS]),
    "thoughts and an answer in a tag": ('<think>{b}</think><out>\n{"a": 1}\n</out>', {"a": 1}, [TAGS]),
    "tags in a text": ('{"a": "<b>c</b> </think>"}', {"a": "<b>c</b> </think>"}, []),
    "tags in a text after prose": ('Here is it: {"a": "<b>c</b>"}', {"a": "<b>c</b>"}, [PROSE]),
    "the final channel": (
        '<|channel|>analysis<|message|>{b}<|end|><|start|>assistant<|channel|>final<|message|>{"a": 1}<|return|>',
        {"a": 1},
        [TAGS],
    ),
    "a turn": ('<|im_start|>assistant\n{"a": 1}<|im_end|>', {"a": 1}, [TAGS, PROSE]),
    "a mark at the end": ('{"a": 1}<|eot_id|></s>', {"a": 1}, [TAGS]),
}

REFUSALS = {
    "nothing": "",
    "prose alone": "I can't help with that.",
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
    "a value after the object in single quotes": "{'a': 'b'}, 'c': 'd'",
    "a member below the object": '{"a": 1}\n"b": 2',
    "a member further below": '{"a": 1}\nand "b": 2',
    "a missing brace": '{"a": {"b": 1}',
    "a missing bracket": '{"a": [1, 2}',
    "a bracket too many": '{"a": 1]}',
    "a missing comma": '{"a": "b" "c": "d"}',
    "a missing comma between numbers": "{'a': 7 50}",
    "a missing comma in a list": '{"a": [7 50, "b" "c"]}',
    "a missing comma after an object": '{"a": [{"b": 1} {"b": 2}]}',
    "a missing colon": '{"a" "b"}',
    "a missing value": '{"a": }',
    "two commas": '{"a": [1,, 2]}',
    "a comma alone": '{"a": [,]}',
    "a string cut off": '{"a": "b}',
    "a quote within the text": '{"a": "he said "yes" to it"}',
    "a quote at the end of the text": '{"a": "he said "yes""}',
    "an apostrophe within single quotes": "{'a': 'l'été'}",
    "an apostrophe within curly quotes": "{‘a’: ‘l’été’}",
    "an apostrophe before a comma": "{'a': 'les amis', dit-il'}",
    "quotes of two kinds mixed": '{“a": “b", “c”: “d”}',
    "a member within mixed quotes": '{"a": “b", "c": "d”}',
    "a bare word": '{"a": yes}',
    "a comment that hides the end": '{"a": 1 // one}',
    "a comment left open": '{"a": 1 /* one}',
    "an escape nobody knows": r"{'a': '\d'}",
    "the bytes of UTF-8": r"{'a': 'cr\xc3\xa8me'}",
    "half an emoji": r'{"a": "\ud83d"}',
    "half an emoji in single quotes": r"{'a': '\udd25\ud83d'}",
    "not a number": '{"a": NaN}',
    "no end of a number": '{"a": -Infinity}',
    "a number too large": '{"a": 1e999}',
    "a number too long for Python": "{'a': " + "9" * 5000 + "}",
    "a word after a number": "{'a': 1st}",
    "a key twice": "{'a': 1, 'a': 2}",
    "a key twice in valid JSON": '{"a": 1, "a": 2}',
    "a key twice within": '{"a": [{"b": 1, "b": true}]}',
    "nested without end": "{'a':" * 100_000,
    "nested too deep": "{'a':" * 30_000 + "1" + "}" * 30_000,
    "too long": '{"a": "' + "b" * 300_000 + '"}',
    "too many words": '{"a": [' + "'b'," * 30_000 + "]}",
    "thoughts alone": '<think>{"a": 1}</think>',
    "thoughts cut off": '<think>So {"a": 1}',
    "thoughts whose beginning is missing": 'So {"a": 1}</thinking>',
    "the channel of thoughts": '<|channel|>analysis<|message|>{"a": 1}<|end|>',
    "an answer cut off behind thoughts": '<think>{"a": 1}</think>{"a": 1',
    "a refusal": 'I would rather not. It would look like this: {"a": 1}',
    "a refusal behind": '{"a": 1}\nSorry, this is only a template.',
    "a refusal in French": 'Je préfère ne pas répondre. Un gabarit : {"a": 1}',
    "a refusal in Korean": '죄송하지만 작성할 수 없습니다: {"a": 1}',
    "prose that nobody reads": 'Siin on postitus, mida sa palusid: {"a": 1}',
    "a correction": '{"a": 1}\nCorrection: it should be two.',
}


@pytest.mark.parametrize("name", READINGS)
def test_an_answer_of_certain_meaning_is_read(name: str) -> None:
    text, value, changes = READINGS[name]

    found = find(text)

    assert (found.value, found.changes) == (value, changes)


@pytest.mark.parametrize("name", REFUSALS)
def test_an_answer_of_uncertain_meaning_is_not_read(name: str) -> None:
    with pytest.raises(Unclear):
        read_alone(REFUSALS[name])


def read_alone(text: str) -> JsonValue:
    """Return what an answer means where any object will do."""
    return json.loads(read(text, {"type": "object", "properties": {"a": {}}}).text)


def test_keeps_keys_and_values_in_their_order() -> None:
    value = find("{'b': ['y', 'x'], 'a': {'d': 2, 'c': 1}}").value

    assert json.dumps(value) == '{"b": ["y", "x"], "a": {"d": 2, "c": 1}}'


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

        assert find(text).value == value, text


@pytest.mark.parametrize("seed", range(10))
def test_an_answer_cut_anywhere_means_the_same_object_or_nothing(seed: int) -> None:
    random = Random(seed)
    for _ in range(40):
        value: JsonValue = {f"k{n}": any_value(random) for n in range(random.randrange(1, 4))}
        single, trailing, python = random.choices([True, False], k=3)
        text = written(value, single=single, trailing=trailing, python=python)
        for end in range(len(text)):
            assert meaning(text[:end]) is None, text[:end]
        text = f"Here:\n```\n{text}\n```\nBye"
        for end in range(len(text)):
            assert meaning(text[:end]) in (None, value), text[:end]


@pytest.mark.parametrize("seed", range(10))
def test_a_mark_too_few_or_too_many_never_changes_a_value(seed: int) -> None:
    random = Random(seed)
    for _ in range(300):
        value = {f"k{n}": any_value(random, characters="abé \\n01eTN…") for n in range(random.randrange(1, 4))}
        text = written(value, single=random.random() < 0.5, trailing=False, python=False)
        at = random.choice([index for index, character in enumerate(text) if character in ",:[]{}\"'"])
        read = meaning(text[:at] + random.choice(["", text[at] * 2]) + text[at + 1 :])

        assert read is None or _leaves(read) == _leaves(value), text


def meaning(text: str) -> JsonValue:
    """Return the object that a text means; None where that isn't certain."""
    try:
        found = find(text).value
    except Unclear:
        return None
    return found if isinstance(found, dict) else None


def _leaves(value: JsonValue) -> list[JsonValue]:
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in [key, *_leaves(item)]]
    return [leaf for item in value for leaf in _leaves(item)] if isinstance(value, list) else [value]
