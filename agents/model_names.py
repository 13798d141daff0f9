"""A model's name in the settings, `provider:model`, and what is meant by one that is incomplete."""

from typing import get_args

from pydantic_ai.models import KnownModelName

_KNOWN = tuple(str(name) for name in get_args(KnownModelName.__value__))


def check_name(name: str) -> None:
    """Raise ValueError for a name without a provider or without a model, with the name that may be meant."""
    provider, colon, model = name.partition(":")
    if colon and provider and model:
        return
    # the shortest: a vendor's own API rather than a gateway to it
    known = min((known for known in _KNOWN if known.partition(":")[2] == name), key=len, default=None)
    way_out = f"did you mean {known}?" if known else "write provider:model, e.g. openai:gpt-5.2"
    raise ValueError(f"{name!r} names no {'model' if colon and provider else 'provider'}: {way_out}")
