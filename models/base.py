"""The base classes of all input and output types."""

from pydantic import BaseModel, ConfigDict, model_validator

from models.receiving import received


class Frozen(BaseModel):
    """What code builds: immutable, rejects unknown fields, strips surrounding white space."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, use_attribute_docstrings=True)


class Given(Frozen):
    """Input from a caller.

    What is blank counts as left out where it may be left out, and a name of a closed set may be written in any case.
    NUL characters, and truth values where a number belongs, are refused.
    """

    @model_validator(mode="before")
    @classmethod
    def _receive(cls, data: object) -> object:
        return received(cls, data)


class Output(BaseModel):
    """Output that a language model fills in, or that code returns.

    A class that a model fills in has no defaults, dicts, sets or tuples: any of them turns the provider's strict mode
    off. A test asserts on the wire that it is on.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, use_attribute_docstrings=True)
