"""Reads a model's answer: accepts what has one certain meaning and notes each change; anything else is retried.

An answer is read in three steps: the one object is found in the text (`surroundings`, `prose`), its JSON is read with
the marks put right (`lenient`), and the value is fitted to the schema that was asked for (`fitting`). No step invents,
drops or reorders a value that was asked for.
"""

from agents.repair.reading import Reading, read
from agents.repair.shapes import described
from agents.repair.unclear import Unclear

__all__ = ["Reading", "Unclear", "described", "read"]
