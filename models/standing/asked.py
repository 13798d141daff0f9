"""Checks whether a message is understood: each sentence a greeting, thanks, praise, or an answered question."""

from collections.abc import Sequence

from models.standing.grounds import Ground, Grounds
from models.standing.hours import stands_on
from models.standing.marks import Kind
from models.standing.statements import Statement
from models.standing.support import cover, has_value

_STRANGE_IN_PRAISE = 2
"""Words that are not known in a sentence of thanks or praise: what it is that pleased."""


def is_question(said: Statement) -> bool:
    """Whether a sentence asks."""
    return said.text.rstrip(" \"'»”)").endswith(("?", "？", "؟")) or "か" in said.text[-2:]


def is_understood(said: Statement, fields: Sequence[Ground], known: Grounds) -> bool:
    """Return whether a sentence of a customer needs no person: courtesy, praise, or a question that a field answers."""
    if said.is_bare:
        return said.is_courtesy or "polar" in said.tags
    if is_praise(said, known):
        return True
    if not (said.words or said.concepts or said.values):
        # days alone: "tomorrow?"
        return any(ground.said.hours for ground in fields)
    return any(_answers(said, ground, known) for ground in fields)


def is_praise(said: Statement, known: Grounds) -> bool:
    """Whether a sentence thanks or praises, and hardly says anything else."""
    if not {"thanks", "praise"} & said.tags or is_question(said) or {"negation", "aspect", "without"} & said.tags:
        return False
    own = {word for ground in known.fields for word in ground.said.words} | known.own
    return len(said.words - said.pleased - own) <= _STRANGE_IN_PRAISE and not said.values


def is_answered_fully(said: Statement, fields: Sequence[Ground], known: Grounds, *, with_days: bool) -> bool:
    """Return whether one field speaks of all that is asked, so that a yes or no says what the field says.

    `with_days`: whether it must also be of the days and times asked about.
    """
    return any(
        cover(said, ground, known).missing == 0
        and _is_about(said, ground, known)
        and all(has_value(ground.said, value) for value in said.values if value.kind is not Kind.COUNT)
        and (not with_days or stands_on(said.hours, ground.said.hours))
        for ground in fields
    )


def _answers(said: Statement, ground: Ground, known: Grounds) -> bool:
    found = cover(said, ground, known)
    if not _is_about(said, ground, known):
        return False
    if not is_question(said):
        return found.missing == 0
    return found.missing <= 1 and found.found >= 2 * found.missing


def _is_about(said: Statement, ground: Ground, known: Grounds) -> bool:
    return cover(said, ground, known).found > 0 or bool(said.hours and ground.said.hours)
