"""Shortens a customer's message that is longer than a model is given: quoted lines first, then its end."""

import re
from typing import NamedTuple

from models.vocabulary import Violation

MOST_READ = 4_000
"""Characters of a message that a model is given."""

_QUOTED = re.compile(r"^[ \t]*>.*$\n?", re.MULTILINE)
"""A line of an earlier message, as e-mail programs quote it (RFC 3676, section 4.5)."""


class Shortened(NamedTuple):
    """A message as a model is given it."""

    text: str
    quoted: int
    """Characters of quoted lines that are left out."""
    unread: int
    """Characters of the customer's own words that are left out."""

    @property
    def notes(self) -> list[str]:
        """What is left out, for the host."""
        found = [(self.quoted, "of quoted lines"), (self.unread, "at the end of the customer's message")]
        return [f"{count:,} characters {where} were left out" for count, where in found if count]

    @property
    def flags(self) -> list[Violation]:
        """Why the reply needs a person: nobody has read all that the customer wrote."""
        if not self.unread:
            return []
        message = f"{self.unread:,} characters of the customer's message were not read: read them before it is sent"
        return [Violation(rule_id="reply.unread", severity="soft", path="customer_message", message=message)]


def shortened(message: str) -> Shortened:
    """Return a message with at most `MOST_READ` characters; what fits stays as it is."""
    if len(message) <= MOST_READ:
        return Shortened(message, 0, 0)
    own = _QUOTED.sub("", message)
    quoted = len(message) - len(own) if own.strip() else 0
    rest = own if quoted else message
    text = rest.strip() if len(rest) <= MOST_READ else rest[:MOST_READ].rsplit(None, 1)[0]
    return Shortened(text, quoted, 0 if len(rest) <= MOST_READ else len(rest) - len(text))
