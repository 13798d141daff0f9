"""The two base classes of all input and output types."""

from pydantic import BaseModel, ConfigDict


class Given(BaseModel):
    """Input from a caller: immutable, rejects unknown fields, strips surrounding white space."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, use_attribute_docstrings=True)


class Output(BaseModel):
    """Output that a language model fills in, or that code returns.

    A class that a model fills in has no defaults, dicts, sets or tuples: any of them turns the provider's strict mode
    off. A test asserts on the wire that it is on.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, use_attribute_docstrings=True)
