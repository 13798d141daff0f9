"""Checks a reply sentence by sentence: what stands on the brief, what contradicts it, what no field says."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from models.brief import Brief
from models.standing.asked import is_answered_fully, is_question, is_understood
from models.standing.clauses import clauses
from models.standing.contradictions import contradicted
from models.standing.grounds import Ground, Grounds, grounds
from models.standing.marks import Kind
from models.standing.statements import Statement, read
from models.standing.stems import covered
from models.standing.support import own_years, stands
from models.standing.tags import languages_of
from models.standing.tokens import sentences
from models.vocabulary import Severity, Violation

_OFFERED = {Kind.MONEY, Kind.PERCENT, Kind.MULTIBUY}
_LONGEST = 160
"""Letters of a sentence in a message."""


class Judged(NamedTuple):
    """What was found of a reply."""

    violations: list[Violation]
    used: list[str]
    """Fields that its sentences stand on, in order."""


class _Reply(NamedTuple):
    languages: tuple[str, ...]
    today: int
    day: date
    known: Grounds
    asked: list[Statement]
    cited: frozenset[str]

    @property
    def holding(self) -> list[Ground]:
        return [ground for ground in self.known.fields if ground.holds_on(self.day) and not ground.is_review]


def judge(reply: str, message: str, brief: Brief, *, language: str, cited: Sequence[str], day: date) -> Judged:
    """Return which sentences of a reply stand on the brief.

    `language` is that of the reply, `cited` the fields that it says it works from, `day` the day it is sent on. Hard
    is what contradicts a field or an offer that does not hold; soft is what no field says, and what of the message is
    not understood.
    """
    languages, today = languages_of(language), day.weekday()
    asked = [read(sentence, languages, today) for sentence in sentences(message)]
    context = _Reply(languages, today, day, grounds(brief), asked, frozenset(cited))
    violations, used = list[Violation](), list[str]()
    said = [read(sentence, languages, today) for sentence in sentences(reply)]
    for sentence in said:
        found, paths = _judged(sentence, context)
        violations += found
        used += paths
    if any(_is_polar(sentence) for sentence in said):
        violations += _unanswered(context, said)
    violations += _strange(context)
    return Judged(violations, list(dict.fromkeys(used)))


def _judged(said: Statement, reply: _Reply) -> tuple[list[Violation], list[str]]:
    if said.is_bare:
        return [], []
    if is_question(said):
        return ([] if _asks_back(said, reply) else [_unsupported(said)]), []
    parts = _standing(said, reply, reply.holding)
    if parts is not None:
        return [], parts
    expired = [ground for ground in reply.known.fields if not ground.holds_on(reply.day)]
    if _is_of_offer(said) and any(_stands(said, ground, reply) for ground in expired):
        return [_not_now(said)], []
    for clause in (said, *clauses(said, reply.languages, reply.today)):
        if not clause.is_bare and (found := _contradiction(clause, reply)):
            return [found], []
    return [_unsupported(said)], []


def _standing(said: Statement, reply: _Reply, fields: Sequence[Ground]) -> list[str] | None:
    """Return the fields that a sentence stands on, as a whole or clause by clause; None: it does not stand."""
    whole = _field_of(said, reply, fields)
    if whole:
        return [whole]
    paths = list[str]()
    for clause in clauses(said, reply.languages, reply.today):
        if clause.is_bare:
            continue
        path = _field_of(clause, reply, fields)
        if path is None:
            return None
        paths.append(path)
    return paths or None


def _field_of(said: Statement, reply: _Reply, fields: Sequence[Ground]) -> str | None:
    ordered = sorted(fields, key=lambda ground: ground.path not in reply.cited)
    return next((ground.path for ground in ordered if _stands(said, ground, reply)), None)


def _stands(said: Statement, ground: Ground, reply: _Reply) -> bool:
    years = own_years(reply.asked)
    if not stands(said, ground, reply.known, own=years):
        return False
    if said.words or said.concepts:
        return True
    # "It is £55." says nothing of what is: the question does
    return all(
        is_answered_fully(question, [ground], reply.known, with_days=False)
        for question in reply.asked
        if question.words
    )


def _contradiction(said: Statement, reply: _Reply) -> Violation | None:
    fields = [ground for ground in reply.holding if ground.offer or ground.path.startswith("business.facts")]
    found = contradicted(said, reply.known, fields=fields, cited=reply.cited)
    if found is None:
        return None
    kind, path = found
    fix = "say what that field says"
    return _violation("reply.contradicts", "hard", f"{_quoted(said)}: {path} names another {kind}", fix)


def _asks_back(said: Statement, reply: _Reply) -> bool:
    """Whether a question of the reply speaks only of what the customer or the brief speaks of."""
    own = {word for sentence in reply.asked for word in sentence.words} | reply.known.own
    own |= {word for ground in reply.known.fields for word in ground.said.words}
    return not said.values and len(covered(said.words, frozenset(own), reply.known.language)) == len(said.words)


def _is_of_offer(said: Statement) -> bool:
    return "discount" in said.concepts or bool(said.codes) or any(value.kind in _OFFERED for value in said.values)


def _is_polar(said: Statement) -> bool:
    """Whether a sentence says yes or no: by a word at its start, or since it names nothing and is no courtesy."""
    first = said.marked.begins.get(0)
    if first and "polar" in first.tags:
        is_sure = not {"negation", "function"} & first.tags.keys() or not said.marked.word(first.end)[:1].isalnum()
        if is_sure:
            return True
    return said.is_bare and not said.is_courtesy and not is_question(said)


def _unanswered(reply: _Reply, said: Sequence[Statement]) -> Iterator[Violation]:
    """Yield the questions that a yes or no leaves open, since no one field answers all of them."""
    denies = any("negation" in sentence.tags or "closed" in sentence.tags for sentence in said)
    for question in reply.asked:
        if not is_question(question) or (question.is_bare and question.is_courtesy):
            continue
        has_subject = bool(question.words or question.concepts or question.values or question.hours)
        if has_subject and not is_answered_fully(question, reply.holding, reply.known, with_days=not denies):
            problem = f"a yes or no to {_quoted(question)}, which no field of the brief answers"
            yield _violation("reply.unsupported", "soft", problem, "let a person answer it")


def _strange(reply: _Reply) -> Iterator[Violation]:
    for question in reply.asked:
        if not is_understood(question, reply.holding, reply.known):
            problem = f"no field of the brief answers {_quoted(question)}"
            yield _violation("reply.not_understood", "soft", problem, "let a person read the message")


def _unsupported(said: Statement) -> Violation:
    return _violation(
        "reply.unsupported", "soft", f"no field of the brief says {_quoted(said)}", "let a person read it"
    )


def _not_now(said: Statement) -> Violation:
    fix = "leave it out; name only offers that hold today"
    return _violation("reply.offer", "hard", f"{_quoted(said)}: the offer does not hold today", fix)


def _quoted(said: Statement) -> str:
    return repr(said.text if len(said.text) <= _LONGEST else f"{said.text[:_LONGEST]}…")


def _violation(rule_id: str, severity: Severity, problem: str, fix: str) -> Violation:
    return Violation(rule_id=rule_id, severity=severity, path="reply", message=f"{problem}: {fix}", fix=fix)
