"""Changes to posts and templates, from `defects/publishing.yaml` and `defects/templates.yaml`."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import cycle
from typing import Any

import yaml

from evals.rules.samples import FOLDER, Defect, Sample

# Any: YAML documents; `Sample` and the models behind it check them.
Entry = dict[str, Any]


def changed_posts(valid: Sequence[Sample]) -> Iterator[Defect]:
    """Yield a defect for each change under `breaks`."""
    for rule, entry in _document("publishing").items():
        bases = cycle(posts_for(valid, entry["network"], entry["format"], rule))
        for number, change in enumerate(entry["breaks"]):
            sample = _changed(next(bases), change, f"{rule}.{number}")
            yield Defect(rule=rule, mutation=_words(change), sample=sample, paths=_paths(change))


def posts_at_limit(valid: Sequence[Sample]) -> Iterator[tuple[str, Sample]]:
    """Yield each rule with a post that satisfies it, at its limit or close to what it forbids."""
    for rule, entry in _document("publishing").items():
        bases = cycle(posts_for(valid, entry["network"], entry["format"], rule))
        for number, change in enumerate(entry["keeps"]):
            yield rule, _changed(next(bases), change, f"{rule}.limit.{number}")


def changed_templates(valid: Sequence[Sample]) -> Iterator[Defect]:
    """Yield a defect for each change of a template under `breaks`."""
    for rule, entry in _document("templates").items():
        bases = cycle(_templates(valid, rule))
        for number, change in enumerate(entry["breaks"]):
            sample = _refiled(next(bases), change, f"{rule}.{number}")
            yield Defect(rule=rule, mutation=_words(change), sample=sample, paths=["template"])


def templates_at_limit(valid: Sequence[Sample]) -> Iterator[tuple[str, Sample]]:
    """Yield each rule with a template that satisfies it."""
    for rule, entry in _document("templates").items():
        bases = cycle(_templates(valid, rule))
        for number, change in enumerate(entry["keeps"]):
            yield rule, _refiled(next(bases), change, f"{rule}.limit.{number}")


def posts_for(valid: Sequence[Sample], network: str, content_type: str | None, rule: str) -> list[Sample]:
    """Return the valid posts of a network and format that satisfy a rule.

    Raises:
        LookupError: There is none.
    """
    found = [
        sample
        for sample in valid
        if sample.kind == "post"
        and sample.network == network
        and content_type in (None, sample.fields["content_type"])
        and rule not in sample.flags
    ]
    if not found:
        raise LookupError(f"no valid {content_type} for {network}: write one in evals/rules/valid")
    return found


def _templates(valid: Sequence[Sample], rule: str) -> list[Sample]:
    return [sample for sample in valid if sample.kind == "template" and rule not in sample.flags]


def _changed(base: Sample, change: Entry, name: str) -> Sample:
    fields = {key: _value(value) for key, value in change.items()}
    return base.changed(name, **fields).model_copy(update={"kind": "edge"})


def _refiled(base: Sample, change: Entry, name: str) -> Sample:
    template: Entry = {**base.fields["template"]}  # pyright: ignore[reportGeneralTypeIssues] # a template is a mapping
    template.update({key: _value(value) for key, value in change.items()})
    return base.changed(name, template=template).model_copy(update={"kind": "edge"})


def _value(value: Any) -> Any:
    """Return the value of a YAML entry: `{times: 3, of: x}` is a list of three, with `join` a text."""
    return _repeated(**value) if _is_repeated(value) else value


def _is_repeated(value: Any) -> bool:
    return isinstance(value, dict) and "times" in value


def _repeated(*, times: int, of: Any, join: str | None = None) -> Any:
    parts = [of.replace("{n}", str(n)) if isinstance(of, str) else of for n in range(1, times + 1)]
    return parts if join is None else join.join(parts)


def _paths(change: Entry) -> list[str]:
    """Return the changed fields, and those in which a label is missing."""
    labels = {"ai_generated": "ai_labelled", "sponsored": "sponsorship_labelled"}
    return [path for key in change for path in (key, labels.get(key)) if path]


def _words(change: Entry) -> str:
    text = yaml.safe_dump(change, default_flow_style=True, allow_unicode=True, width=10_000).strip()
    return f"set {text[:120]}"


@cache
def _document(stem: str) -> dict[str, Entry]:
    return yaml.safe_load((FOLDER / "defects" / f"{stem}.yaml").read_text(encoding="utf-8"))
