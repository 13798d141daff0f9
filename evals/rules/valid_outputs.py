"""The valid outputs, written by hand in `valid/`: each post once for each of its networks."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from evals.rules.samples import FOLDER, Sample, base_brief, is_business

# Any: YAML documents; `Sample` and the models behind it check them.
Entry = dict[str, Any]


@cache
def valid_outputs() -> tuple[Sample, ...]:
    """Return all, in the order of the files. A post's `hashtags`, `media` and the like are those of `Publishable`."""
    files = sorted((FOLDER / "valid").glob("*.yaml"))
    return tuple(sample for file in files if file.stem != "media" for sample in _of_file(file))


def _of_file(file: Path) -> list[Sample]:
    document: dict[str, list[Entry]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    made: list[Sample] = []
    for section, make in (
        ("posts", _posts),
        ("scripts", _script),
        ("replies", _reply),
        ("templates", _template),
        ("answers", _answer),
        ("messages", _message),
    ):
        for index, entry in enumerate(document.get(section, [])):
            slug = entry.get("business", file.stem)
            if not is_business(slug):
                raise ValueError(f"{file.name}: no business {slug!r}: name one of evals/businesses or shops.yaml")
            made += make(entry, slug, f"{file.stem}.{section}.{index}")
    return made


def _posts(entry: Entry, slug: str, name: str) -> list[Sample]:
    return [
        Sample(
            name=f"{name}.{network}",
            business=slug,
            kind="post",
            language=base_brief(slug).business.language,
            network=network,
            fields=_post_fields(entry, network, content_type),
            flags=[*entry.get("flags", []), *_rightly_found(network, entry)],
        )
        for network, content_type in entry["to"].items()
    ]


def _rightly_found(network: str, entry: Entry) -> list[str]:
    """Return the rules that rightly flag a link on X or in an Instagram caption, even the business's own."""
    return [
        f"{short}.link"
        for short, name in (("x", "x"), ("ig", "instagram"))
        if network == name and "http" in entry["caption"]
    ]


def _post_fields(entry: Entry, network: str, content_type: str) -> Entry:
    sets = _media()[network][content_type]
    fields: Entry = {
        "caption": entry["caption"],
        "hashtags": _fitting(entry.get("hashtags", []), network),
        "content_type": content_type,
        "media": sets[len(entry["caption"]) % len(sets)],
    }
    if network in ("youtube", "pinterest") or (network == "tiktok" and content_type == "Carousel"):
        fields["title"] = entry.get("title")
    if network == "threads":
        fields["topic_tag"] = entry.get("topic")
        fields["hashtags"] = [] if entry.get("topic") else fields["hashtags"]
    return fields


def _fitting(hashtags: list[str], network: str) -> list[str]:
    """Return the hashtags that suit a network: fewer on X and Threads."""
    return hashtags[: {"x": 2, "threads": 1}.get(network, 5)]


@cache
def _media() -> dict[str, dict[str, list[list[Entry]]]]:
    return yaml.safe_load((FOLDER / "valid" / "media.yaml").read_text(encoding="utf-8"))


def _script(entry: Entry, slug: str, name: str) -> list[Sample]:
    fields = {key: entry[key] for key in ("hook", "body", "cta", "shots", "duration_s", "theme")}
    return [_sample("script", entry, slug, name, fields)]


def _reply(entry: Entry, slug: str, name: str) -> list[Sample]:
    fields = {key: entry[key] for key in entry if key not in ("business", "language", "flags")}
    return [_sample("reply", entry, slug, name, fields)]


def _template(entry: Entry, slug: str, name: str) -> list[Sample]:
    template = {key: entry[key] for key in entry if key not in ("business", "flags")}
    made = _sample("template", entry, slug, name, {"template": template, "hours_since_customer": 80})
    return [made.model_copy(update={"network": "whatsapp"})]


def _answer(entry: Entry, slug: str, name: str) -> list[Sample]:
    return [_sample("answer", entry, slug, name, {key: entry[key] for key in ("asked", "reply", "facts")})]


def _message(entry: Entry, slug: str, name: str) -> list[Sample]:
    return [_sample("message", entry, slug, name, {"asked": entry["asked"]})]


def _sample(kind: str, entry: Entry, slug: str, name: str, fields: Entry) -> Sample:
    language = entry.get("language", base_brief(slug).business.language)
    return Sample.model_validate(
        {
            "name": name,
            "business": slug,
            "kind": kind,
            "language": language,
            "fields": fields,
            "flags": entry.get("flags", []),
        }
    )
