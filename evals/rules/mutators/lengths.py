"""Texts of an exact length in a network's unit, one longer, and far longer.

The weights of the building blocks follow the networks' own documentation: X counts letters of European scripts as one,
other letters and any emoji as two, and any link as 23; Threads counts an emoji as its UTF-8 bytes; TikTok counts UTF-16
units; YouTube counts the bytes of a description. "Characters" may mean code points or UTF-16 units: the larger counts.
"""

from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import NamedTuple

from pydantic import JsonValue

from evals.rules.mutators.changes import posts_for
from evals.rules.samples import Defect, Sample


class Block(NamedTuple):
    """A piece of text that ends in a space or needs none, and its weight in each unit."""

    text: str
    x: int
    threads: int
    utf16: int
    utf8: int
    characters: int


BLOCKS = (
    Block("bread and butter ", 17, 17, 17, 17, 17),
    Block("la pâte rêve déjà ", 18, 18, 18, 22, 18),
    Block("朝のパン", 8, 4, 4, 12, 4),
    Block("خبز الصباح ", 11, 11, 11, 20, 11),
    Block("Київ зранку ", 12, 12, 12, 22, 12),
    Block("🥐 ", 3, 5, 3, 5, 3),
    Block("👨‍👩‍👧‍👦 ", 3, 26, 12, 26, 12),
    Block("👍🏽 ", 3, 9, 5, 9, 5),
    Block("신선한 빵 ", 10, 6, 6, 14, 6),
)
LINK = Block("https://www.bakery.com/a/very/long/path/to/the/bread ", 24, 53, 53, 53, 53)
_FEW = BLOCKS[:5]
"""Blocks for very high limits."""


class Limit(NamedTuple):
    """The maximum length of a field."""

    rule: str
    network: str
    content_type: str | None
    field: str
    unit: str
    most: int
    other_rules: tuple[str, ...] = ()
    """Other rules that a text at this limit breaks."""


LIMITS = (
    Limit("x.text", "x", "Post", "caption", "x", 280),
    Limit("x.alt", "x", "Image", "alt_text", "characters", 1000),
    Limit("ig.caption", "instagram", "Image", "caption", "characters", 2200),
    Limit("ig.alt", "instagram", "Image", "alt_text", "characters", 1000),
    Limit("fb.text", "facebook", "Post", "caption", "characters", 63_206),
    Limit("tt.video", "tiktok", "Video", "caption", "utf16", 2200),
    Limit("tt.photo.title", "tiktok", "Carousel", "title", "utf16", 90),
    Limit("tt.photo.text", "tiktok", "Carousel", "caption", "utf16", 4000),
    Limit("yt.title", "youtube", "Video", "title", "characters", 100),
    Limit("yt.desc", "youtube", "Video", "caption", "utf8", 5000),
    Limit("yt.desc", "youtube", "Reel", "description", "utf8", 5000),
    Limit("li.text", "linkedin", "Post", "caption", "characters", 3000),
    Limit("li.alt", "linkedin", "Image", "alt_text", "characters", 4086, ("li.alt.short",)),
    Limit("li.alt.short", "linkedin", "Image", "alt_text", "characters", 119),
    Limit("th.text", "threads", "Post", "caption", "threads", 500),
    Limit("pin.title", "pinterest", "Image", "title", "characters", 100, ("pin.title.shown",)),
    Limit("pin.title.shown", "pinterest", "Image", "title", "characters", 40),
    Limit("pin.text", "pinterest", "Image", "caption", "characters", 800),
    Limit("pin.alt", "pinterest", "Image", "alt_text", "characters", 500),
    Limit("gbp.text", "google_business", "Post", "caption", "characters", 1500),
    Limit("gbp.event", "google_business", "Post", "event_title", "characters", 58),
    Limit("gbp.code", "google_business", "Post", "coupon_code", "characters", 58),
)
TEMPLATE_LIMITS = (("wa.tpl.body", "body", 1024), ("wa.tpl.header", "header", 60), ("wa.tpl.footer", "footer", 60))
MANY_KEYWORDS = (51, 60, 101, 200, 500)
LONG_LINKS = (2049, 2050, 2100, 3000, 9000)
_FAR = 3
_LONGEST = 99_000


def too_long(valid: Sequence[Sample]) -> Iterator[Defect]:
    """Yield texts one longer than allowed, in several scripts, and one far longer."""
    for limit in LIMITS:
        bases = cycle(posts_for(valid, limit.network, limit.content_type, limit.rule))
        for number, block in enumerate(_blocks(limit)):
            for total in (limit.most + 1, *([min(limit.most * _FAR, _LONGEST)] if number == 0 else [])):
                yield _defect(limit, next(bases), block, total)
    for rule, field, most in TEMPLATE_LIMITS:
        for block in _FEW:
            yield _template_defect(valid, rule, field, block, most + 1)
        yield _template_defect(valid, rule, field, BLOCKS[0], most * _FAR)
    for sample, wrong in zip(cycle(posts_for(valid, "youtube", "Video", "yt.keywords")), MANY_KEYWORDS, strict=False):
        keywords: list[JsonValue] = [f"słowo{number:04}" for number in range(wrong)]
        changed = sample.changed(f"yt.keywords.{wrong}", keywords=keywords).model_copy(update={"kind": "edge"})
        yield Defect(
            rule="yt.keywords", mutation=f"{wrong} keywords of nine characters", sample=changed, paths=["keywords"]
        )
    for sample, length in zip(cycle(posts_for(valid, "pinterest", "Image", "pin.link")), LONG_LINKS, strict=False):
        link = "https://studio-lumen.example/"
        changed = sample.changed(f"pin.link.{length}", link=link + "a" * (length - len(link)))
        changed = changed.model_copy(update={"kind": "edge"})
        yield Defect(rule="pin.link", mutation=f"a link of {length}", sample=changed, paths=["link"])


def at_limit(valid: Sequence[Sample]) -> Iterator[tuple[str, Sample]]:
    """Yield each rule with texts of exactly the allowed length."""
    for limit in LIMITS:
        bases = cycle(posts_for(valid, limit.network, limit.content_type, limit.rule))
        for block in _blocks(limit):
            yield limit.rule, _long(limit, next(bases), block, limit.most)
    for rule, field, most in TEMPLATE_LIMITS:
        for block in _FEW:
            yield rule, _long_template(valid, rule, field, block, most)
    sample = posts_for(valid, "youtube", "Video", "yt.keywords")[0]
    keywords: list[JsonValue] = [f"slowo{number:04}" for number in range(50)]
    yield "yt.keywords", sample.changed("yt.keywords.limit", keywords=keywords).model_copy(update={"kind": "edge"})
    pin = posts_for(valid, "pinterest", "Image", "pin.link")[0]
    link = "https://studio-lumen.example/"
    full = pin.changed("pin.link.limit", link=link + "a" * (2048 - len(link)))
    yield "pin.link", full.model_copy(update={"kind": "edge"})


def made(total: int, unit: str, block: Block) -> str:
    """Return a text of exactly `total` in a unit, mostly of one block, padded with a letter that weighs one."""
    weight: int = getattr(block, unit)
    whole = (total - 1) // weight
    return block.text * whole + "a" * (total - whole * weight)


def _blocks(limit: Limit) -> tuple[Block, ...]:
    if limit.rule == "x.text":
        return (*BLOCKS, LINK)
    return _FEW if limit.rule == "fb.text" else BLOCKS


def _defect(limit: Limit, base: Sample, block: Block, total: int) -> Defect:
    sample = _long(limit, base, block, total)
    mutation = f"{limit.field} of {total} ({limit.unit}), of {block.text.strip()!r}"
    return Defect(rule=limit.rule, mutation=mutation, sample=sample, paths=[limit.field])


def _long(limit: Limit, base: Sample, block: Block, total: int) -> Sample:
    name = f"{limit.rule}.{limit.field}.{total}.{block.text.strip()}"
    flags = [*limit.other_rules, *(["x.link"] if block is LINK else [])]
    fields: dict[str, JsonValue] = {"hashtags": [], limit.field: made(total, limit.unit, block)}
    return base.changed(name, **fields).model_copy(update={"kind": "edge", "flags": flags})


def _template_defect(valid: Sequence[Sample], rule: str, field: str, block: Block, total: int) -> Defect:
    sample = _long_template(valid, rule, field, block, total)
    return Defect(
        rule=rule, mutation=f"{field} of {total}, of {block.text.strip()!r}", sample=sample, paths=["template"]
    )


def _long_template(valid: Sequence[Sample], rule: str, field: str, block: Block, total: int) -> Sample:
    base = next(sample for sample in valid if sample.kind == "template")
    template: dict[str, JsonValue] = {"category": "UTILITY", "body": "Your parcel is on its way today."}
    template[field] = made(total, "characters", block)
    return base.changed(f"{rule}.{total}.{block.text.strip()}", template=template).model_copy(update={"kind": "edge"})
