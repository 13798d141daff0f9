"""Answers as models write them: what is certain is accepted at once, what is not is asked again, nothing is guessed."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from pydantic import JsonValue, ValidationError

from agents.repair import Unclear, read
from models.base import Output
from models.content import PostCopy
from models.messaging import ReplyCopy
from models.strategy import PillarSet, ThemeSlice
from models.texts import every_text
from models.video import VideoCopy
from tests.test_repair import written

OUTPUTS: dict[str, type[Output]] = {
    "post": PostCopy,
    "reply": ReplyCopy,
    "pillars": PillarSet,
    "themes": ThemeSlice,
    "video": VideoCopy,
}
# Any: a file's own shape
CASES: list[dict[str, Any]] = [
    case
    for name in ("plausible", "held_out")
    for case in yaml.safe_load((Path(__file__).parent / "answers" / f"{name}.yaml").read_text(encoding="utf-8"))
]
ACCEPTED = [case for case in CASES if "expect" not in case]
ASKED_AGAIN = [case for case in CASES if "expect" in case]


def accepted(feature: str, answer: str) -> Output:
    output = OUTPUTS[feature]
    return output.model_validate_json(read(answer, output.model_json_schema()).text)


def ids(case: dict[str, Any]) -> str:
    return case["id"]


@pytest.mark.parametrize("case", ACCEPTED, ids=ids)
def test_is_accepted_at_once_with_the_value_that_is_meant(case: dict[str, Any]) -> None:
    output = accepted(case["feature"], case["answer"])

    assert output.model_dump(mode="json", include=set(case["value"])) == case["value"]


@pytest.mark.parametrize("case", ASKED_AGAIN, ids=ids)
def test_is_asked_again(case: dict[str, Any]) -> None:
    with pytest.raises((Unclear, ValidationError)):
        accepted(case["feature"], case["answer"])


WHOLE: dict[str, JsonValue] = {
    "post": {"caption": "Warm kiln, {two} mugs: 'left'.", "hashtags": ["#Clay", "#Wheel"], "script": "A bowl\nturns."},
    "reply": {
        "reply": 'Yes, "every" day: 10 to 5.',
        "intent": "question",
        "needs_human": True,
        "needs_human_reason": "It's [unclear], ask",
        "language": "en",
        "facts_used": ["business.facts.0", "business.facts.1"],
    },
    "pillars": {"pillars": [{"name": name, "description": f"{name}'s, why"} for name in ("A b", "C", "D", "E")]},
    "themes": {"days": [{"day": day, "theme": f"Twelve bowls, row {day}"} for day in range(1, 7)]},
    "video": {"hook": "Look.", "body": "A bowl.\nAnd a foot.", "cta": "Come.", "shots": ["One", "Two, three"]},
}
ENGLISH = ["Here is the answer you asked for:", "Sure!", "JSON:", "I left out the price on purpose.", "", ""]


def wrapped(random: Random, text: str) -> str:
    """Put around an answer what models put around it."""
    match random.randrange(8):
        case 0:
            return f"```json\n{text}\n```"
        case 1:
            return f"{random.choice(ENGLISH)}\n{text}\n{random.choice(ENGLISH)}"
        case 2:
            return f"<think>It's {{x}}, or [y] …</think>\n{text}"
        case 3:
            return f"Hm, {{x: 1}}…</reasoning>{text}"
        case 4:
            return f"<|channel|>analysis<|message|>Hm {{<|end|><|start|>assistant<|channel|>final<|message|>{text}"
        case 5:
            return f"<out>{text}</out>"
        case 6:
            return f"{text}\n{text}"
        case _:
            return text


def respelt(random: Random, value: JsonValue) -> JsonValue:
    """Write the keys of an answer in another way, and add one."""
    if isinstance(value, list):
        return [respelt(random, item) for item in value]
    if not isinstance(value, dict):
        return value
    mark, in_capitals = random.choice("_- "), random.random() < 0.5
    keys = [key.replace("_", mark) for key in value]
    spelt = [key.upper() if in_capitals else key for key in keys]
    items = list(zip(spelt, [respelt(random, item) for item in value.values()], strict=True))
    random.shuffle(items)
    extra: list[JsonValue] = [0.9, "high", None, [1], {"a": 1}]
    return {**dict(items), "confidence": random.choice(extra)}


def boxed(random: Random, value: JsonValue) -> JsonValue:
    """Wrap an answer up in an object, a list or a string."""
    boxes: list[JsonValue] = [
        {"result": value},
        [value],
        {"name": "final_result", "arguments": value},
        {"function": {"name": "answer", "arguments": as_text(random, value)}},
        {"data": {"answer": value}, "status": "ok"},
        as_text(random, value),
        value,
    ]
    return random.choice(boxes)


def as_text(random: Random, value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=random.random() < 0.5, indent=random.choice([None, 2]))


@pytest.mark.parametrize("feature", OUTPUTS)
def test_an_answer_written_in_any_certain_way_means_the_same(feature: str) -> None:
    random = Random(feature)
    for _ in range(300):
        value = WHOLE[feature]
        if random.random() < 0.5:
            value = respelt(random, value)
        if random.random() < 0.4:
            value = boxed(random, value)
        text = as_text(random, value)
        if random.random() < 0.3 and isinstance(value, dict):
            text = written(value, single=random.random() < 0.5, trailing=True, python=True)
        text = wrapped(random, text)

        assert accepted(feature, text).model_dump(mode="json") == WHOLE[feature], text


def slips(text: str) -> Iterator[str]:
    """Yield an answer with one mark too few, too many or another, and cut off."""
    for at, mark in enumerate(text):
        yield text[:at]
        if mark in "{}[]:,\"'":
            yield text[:at] + text[at + 1 :]
            yield text[:at] + mark + text[at:]
            yield from (text[:at] + other + text[at + 1 :] for other in "{}[]:,\"'“”" if other != mark)


@pytest.mark.parametrize("feature", OUTPUTS)
def test_no_slip_in_a_mark_changes_what_is_accepted(feature: str) -> None:
    """Only a mark within a text may be another: what a text says is the model's own."""
    text = json.dumps(WHOLE[feature])
    for slip in slips(text):
        try:
            output = accepted(feature, slip).model_dump(mode="json")
        except (Unclear, ValidationError):
            continue
        assert bare(output) == bare(WHOLE[feature]), slip


def bare(value: JsonValue) -> str:
    """Return the letters of all values in order, and what holds them."""
    return re.sub(r"[{}\[\]:,\"'“”]", "", " ".join(text for _, text in every_text({"": value})))
