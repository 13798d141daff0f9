"""Posts in another shape than was asked for: of certain meaning, or of none that is certain."""

import json
from enum import StrEnum
from random import Random

from evals.benchmarks.model_answers import TAGS, caption_of, post


class Shape(StrEnum):
    """One way in which a model writes an object."""

    PLAIN = "as asked"
    PROSE = "prose around a fence"
    THOUGHT = "reasoning with braces before it"
    CHANNELS = "harmony channels"
    WRAPPED = "under one key"
    LISTED = "in a list"
    QUOTED = "as a JSON string"
    TWICE = "twice and equal"
    CASED = "keys in another case"
    COMMENTED = "comments and bare keys"
    EXTRA = "an extra key"
    TAGS = "hashtags in one string"
    TWO = "two different objects"
    OPEN = "ends in the middle, as if it were whole"
    QUOTES = "quotes inside a text, unescaped"
    LACKING = "a key is missing"

    def text(self, call: int | None) -> str:
        """Return the post of a call in this shape."""
        return _written(self, call)


UNCLEAR = {Shape.TWO, Shape.OPEN, Shape.QUOTES, Shape.LACKING}
"""Shapes without a certain meaning: they must be asked again."""
CERTAIN = set(Shape) - UNCLEAR


def shape_of(call: int | None, asked: int) -> Shape:
    """Return the shape of a request's answer, drawn from the call's number: the second time it is as asked for."""
    if call is None or asked > 1:
        return Shape.PLAIN
    return Random(call).choice([shape for shape in Shape if shape is not Shape.PLAIN])


def _written(shape: Shape, call: int | None) -> str:
    values = post(call)
    whole = json.dumps(values)
    other = json.dumps({**values, "caption": f"Another one. {caption_of(call)}"})
    bare = ", ".join(f"{key}: {json.dumps(value)}" for key, value in values.items())
    return {
        Shape.PLAIN: whole,
        Shape.PROSE: f"Sure, here it is:\n\n```json\n{whole}\n```\n\nShall I write another one?",
        Shape.THOUGHT: f'<think>Perhaps {{"caption": "too short"}}? No, longer.</think>\n{whole}',
        Shape.CHANNELS: f"<|channel|>analysis<|message|>Keep it warm.<|end|><|channel|>final<|message|>{whole}",
        Shape.WRAPPED: json.dumps({"post": values}),
        Shape.LISTED: json.dumps([values]),
        Shape.QUOTED: json.dumps(whole),
        Shape.TWICE: f"{whole}\n{whole}",
        Shape.CASED: json.dumps({key.title(): value for key, value in values.items()}),
        Shape.COMMENTED: f"{{{bare} /* ready */}}",
        Shape.EXTRA: json.dumps({**values, "confidence": 0.9}),
        Shape.TAGS: json.dumps({**values, "hashtags": " ".join(TAGS)}),
        Shape.TWO: f"{whole}\n{other}",
        Shape.OPEN: whole[: len(whole) * 2 // 3],
        Shape.QUOTES: whole.replace("The oven has", 'The "oven" has', 1),
        Shape.LACKING: json.dumps({"hashtags": values["hashtags"]}),
    }[shape]
