"""Sentences added to valid outputs, and words replaced in them, from `defects/`."""

from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from evals.rules.samples import FOLDER, Defect, Sample

_FILES = ("ground", "law", "brand", "copy", "video", "messages", "second", "third")
_TEXT = {"post": "caption", "script": "body", "reply": "reply"}
_KINDS = {"video": "script", "messages": "reply", "law.disclosure.spoken": "script"}
_PARTS = ("hook", "body", "cta", "theme", "duration_s", "channel", "hours", "human", "opens", "ad", "template")
_PLACES = ("end", "start", "line")

# Any: YAML documents; `Sample` and the models behind it check them.
Entry = dict[str, Any]


def said_wrongly(valid: Sequence[Sample]) -> Iterator[Defect]:
    """Yield a defect for each entry of the files.

    Raises:
        LookupError: No output suits an entry.
    """
    for stem in _FILES:
        document: dict[str, list[Entry]] = yaml.safe_load((FOLDER / "defects" / f"{stem}.yaml").read_text("utf-8"))
        for rule, entries in document.items():
            for number, entry in enumerate(entries):
                yield _defect(rule, entry, _bases(valid, rule, stem, entry), stem=stem, number=number)


def _bases(valid: Sequence[Sample], rule: str, stem: str, entry: Entry) -> list[Sample]:
    """Return the outputs of the business that satisfy the rule and contain the text to replace."""
    kinds = [entry["as"]] if "as" in entry else [_KINDS.get(rule) or _KINDS.get(stem) or "post"]
    if "swap" in entry and "as" not in entry and rule.startswith("ground."):
        kinds = [*kinds, "reply"]
    replies = [
        sample for sample in valid if stem == "messages" and sample.kind == "reply" and not _talks_of_machine(sample)
    ]
    found = [
        sample
        for sample in (replies or valid)
        if (sample.business == entry["of"] or stem == "messages")
        and sample.kind in kinds
        and rule not in sample.flags
        and entry.get("swap", [""])[0] in _whole(sample)
    ]
    own = [sample for sample in found if sample.business == entry["of"]]
    if not (own or found):
        raise LookupError(f"{rule}: no output of {entry['of']} for {entry}")
    return own or found


def _talks_of_machine(sample: Sample) -> bool:
    return bool(sample.fields.get("opens"))


def _whole(sample: Sample) -> str:
    return "\n".join(value for value in sample.fields.values() if isinstance(value, str))


def _defect(rule: str, entry: Entry, bases: Sequence[Sample], *, stem: str, number: int) -> Defect:
    base = bases[number % len(bases)]
    text = str(base.fields[_TEXT[base.kind]])
    fields: Entry = {key: entry[key] for key in _PARTS if key in entry}
    if rule.startswith(("ms.", "law.bot", "wa.")):
        fields = {"human": False, "opens": False, "ad": False, "template": False, **fields}
    if "swap" in entry:
        fields.update(_swapped(base, *entry["swap"]))
        text = str(fields.get(_TEXT[base.kind], text))
    if "add" in entry:
        text = _with(text, entry["add"], entry.get("place") or _PLACES[number % len(_PLACES)])
    text = entry.get("say", text)
    if "bytes" in entry:
        text = _as_long(text, entry["bytes"])
    if "body" not in entry or base.kind != "script":
        fields[_TEXT[base.kind]] = text
    if "shot" in entry:
        shots = base.fields["shots"]
        fields["shots"] = [*(shots if isinstance(shots, list) else []), entry["shot"]]
    if entry.get("past"):
        fields["past_posts"] = ["Gestern war zu.", _begun_alike(text)]
    sample = base.changed(f"{rule}.{stem}.{number}", **fields)
    return Defect(
        paths=["reply", "caption", "hook", "body", "cta", "shots"],
        rule=rule,
        mutation="; ".join(f"{key}: {value}" for key, value in entry.items() if key != "of"),
        sample=sample.model_copy(update={"changes": entry.get("with", {})}),
    )


def _swapped(base: Sample, old: str, new: str) -> Entry:
    return {
        key: value.replace(old, new) for key, value in base.fields.items() if isinstance(value, str) and old in value
    }


def _with(text: str, sentence: str, place: str) -> str:
    if place == "start":
        return f"{sentence} {text}"
    return f"{text}\n{sentence}" if place == "line" else f"{text} {sentence}"


def _begun_alike(text: str) -> str:
    """Return another post with the same first words; the same first characters in a script without spaces."""
    first_line = text.partition("\n")[0]
    words = first_line.split(" ")
    return f"{' '.join(words[:6])} … 2019" if len(words) > 3 else f"{first_line[:12]}…"


def _as_long(text: str, size: int) -> str:
    """Return the text, repeated until it has so many bytes."""
    goes_on = f"{text} " * (size // len(text.encode()) + 1)
    cut = goes_on.encode()[:size].decode(errors="ignore").strip()
    return cut + "." * (size - len(cut.encode()))
