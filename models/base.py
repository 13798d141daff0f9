"""The two base classes of everything that goes in and comes out."""

from pydantic import BaseModel, ConfigDict


class Given(BaseModel):
    """Something a caller hands in: immutable, unknown fields refused, surrounding blanks removed."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, use_attribute_docstrings=True)


class Output(BaseModel):
    """Something a language model fills in, or code hands out.

    What a model fills in has no defaults, dicts, sets or tuples: one of them turns the provider's strict mode off
    (a test asserts on the wire that strict is on).
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, use_attribute_docstrings=True)
