"""Replies that promise, repeat or decide too much, and messages that need a person, from `defects/`."""

from collections.abc import Iterator
from typing import Any

import yaml

from evals.rules.samples import FOLDER, Defect, Sample, base_brief

# Any: YAML documents; `Sample` and the models behind it check them.
Entry = dict[str, Any]


def answered_wrongly() -> Iterator[Defect]:
    """Yield a defect for each reply."""
    for name, rule, entry in _entries("answers"):
        fields = {"asked": entry["asked"], "reply": entry["reply"], "facts": entry.get("facts", [])}
        sample = Sample(name=name, business=entry["of"], kind="answer", language=_language(entry), fields=fields)
        yield Defect(rule=rule, mutation=entry["reply"], sample=sample, paths=["reply", "facts_used"])


def for_a_person() -> Iterator[Defect]:
    """Yield a defect for each message: the fault would be an automatic answer."""
    for name, rule, entry in _entries("handover"):
        fields = {"asked": entry["asked"]}
        sample = Sample(name=name, business=entry["of"], kind="message", language=_language(entry), fields=fields)
        yield Defect(rule=rule, mutation=entry["asked"], sample=sample, paths=["asked"])


def _entries(stem: str) -> Iterator[tuple[str, str, Entry]]:
    """Yield a name, the rule and its entry."""
    document: dict[str, list[Entry]] = yaml.safe_load((FOLDER / "defects" / f"{stem}.yaml").read_text("utf-8"))
    for rule, entries in document.items():
        for number, entry in enumerate(entries):
            yield f"{rule}.{stem}.{number}", rule, entry


def _language(entry: Entry) -> str:
    return str(entry.get("in", base_brief(entry["of"]).business.language))
