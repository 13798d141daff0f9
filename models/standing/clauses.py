"""Cuts a sentence into clauses, each of which may stand on a field of its own."""

from collections.abc import Iterator
from itertools import pairwise

from models.grounding import normalised
from models.standing.statements import Statement, read

_BREAKS = {",", ";", ":", "(", ")", "–", "—", "、", "،"}
_AND = {
    *("and", "but", "so", "while", "where", "und", "aber", "et", "mais", "y", "pero", "e", "ma", "mas", "en", "maar"),
    *("och", "men", "i", "ale", "oraz", "та", "і", "але"),
}


def clauses(said: Statement, languages: tuple[str, ...], today: int | None) -> list[Statement]:
    """Return the clauses of a sentence, those too short to say anything joined to the next one."""
    found: list[Statement] = []
    waiting = ""
    for text in _texts(said):
        clause = read(f"{waiting} {text}".strip(), languages, today)
        is_short = not (clause.values or clause.hours or clause.concepts) and len(clause.words) == 1
        waiting = clause.text if is_short else ""
        if not is_short:
            found.append(clause)
    return [*found, read(waiting, languages, today)] if waiting else found


def _texts(said: Statement) -> Iterator[str]:
    normal, text = normalised(said.text), said.marked.text
    taken = {at for step in said.marked.begins.values() for at in range(step.first + 1, step.end)}
    breaks = [at for at, token in enumerate(text) if at not in taken and token.text in _BREAKS | _AND]
    for start, end in pairwise([-1, *breaks, len(text)]):
        if start + 1 < end:
            yield normal[text[start + 1].start : text[end - 1].end]
