"""What a shop has under this name."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Customer:
    """Somebody who writes to the shop."""

    name: str
    language: str = "fr"
