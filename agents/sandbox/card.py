"""Draws a brand card: the theme in large letters, the business's name, the call to action, and a motif."""

from dataclasses import dataclass
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

from agents.sandbox.lettering import HEADLINE, SMALL, Lines, fit, printable
from agents.sandbox.motif import draw_motif, draw_pill
from agents.sandbox.palette import Colour, Palette, palette_of
from agents.sandbox.wording import pick, shorten
from models.brief import BusinessContext
from models.image import AspectRatio

_SIZES: dict[AspectRatio, tuple[int, int]] = {
    "1:1": (1080, 1080),
    "4:5": (1080, 1350),
    "2:3": (1080, 1620),
    "9:16": (1080, 1920),
    "3:2": (1200, 800),
    "16:9": (1280, 720),
}
_MARGIN = 0.1
"""Of each edge: networks crop, so nothing that is read stands outside the central 80 %."""
_WIDE = 1.25
"""Width over height from which the motif stands beside the text, not above it."""
_ARROW = " →"
_MAX_CTA = 48


Box = tuple[int, int, int, int]
Edges = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class Card:
    """What stands on a card."""

    business: BusinessContext
    name: str
    """The business's name as it is printed."""
    theme: str
    call_to_action: str
    size: tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class _Plan:
    motif: Box
    columns: int
    rows: int
    text: Box | None
    """Where letters may stand; None: nowhere."""


def draw_card(card: Card) -> bytes:
    """Return the card as a PNG, the same bytes for the same card."""
    palette = palette_of(card.business)
    image = Image.new("RGB", card.size, palette.background)
    plan = _plan(card) if _headline(card) else _plain(card)
    left, top, right, bottom = plan.motif
    random = Random(pick(card.business.name, "motif", card.theme))
    size = (right - left, bottom - top)
    motif = draw_motif(size, palette, columns=plan.columns, rows=plan.rows, random=random)
    image.paste(motif, (left, top))
    if plan.text:
        _write(image, card, plan.text, palette)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _plan(card: Card) -> _Plan:
    """Return the motif above the text, or beside it on a wide card, in tiles that are all but square."""
    width, height = card.size
    across, down = round(width * _MARGIN), round(height * _MARGIN)
    if width >= _WIDE * height:
        tile = height // 4
        edge = width - 2 * tile
        text = (across, down, edge - across // 2, height - down)
        return _Plan(motif=(edge, 0, width, height), columns=2, rows=4, text=text)
    columns, rows = (6, 2) if width >= height else (4, round(height / width * 1.6))
    edge = width // columns * rows
    text = (across, edge + down // 2, width - across, height - down)
    return _Plan(motif=(0, 0, width, edge), columns=columns, rows=rows, text=text)


def _plain(card: Card) -> _Plan:
    """Return the motif all over, for a card whose letters the fonts don't have."""
    width, height = card.size
    tile = min(card.size) / 4
    return _Plan(motif=(0, 0, width, height), columns=round(width / tile), rows=round(height / tile), text=None)


def _headline(card: Card) -> str:
    return printable(HEADLINE, card.theme) or printable(HEADLINE, card.name)


def _write(image: Image.Image, card: Card, box: Box, palette: Palette) -> None:
    """Set the name at the top, the call to action at the bottom, and the theme as large as the rest allows."""
    left, top, right, bottom = box
    unit = round((card.size[0] * card.size[1]) ** 0.5 / 27)
    name = printable(SMALL, card.name) if printable(HEADLINE, card.theme) else ""
    if name:
        top = _write_name(image, name, (left, top, right), unit, palette)
    if card.call_to_action:
        bottom = _write_call(image, card.call_to_action, (left, right, bottom), unit, palette)
    lines = fit(
        HEADLINE,
        _headline(card),
        width=right - left,
        height=bottom - top,
        largest=round(unit * 3),
        smallest=unit,
    )
    # A little above the middle of the space is where the eye expects it.
    free = bottom - top - lines.height
    _write_lines(image, lines, (left, top + round(free * 0.4)), palette.ink)


def _write_name(image: Image.Image, name: str, edges: Edges, unit: int, palette: Palette) -> int:
    """Set the name behind a dot, and return where the theme may begin."""
    left, top, right = edges
    lines = fit(SMALL, name, width=right - left - unit, height=unit, largest=round(unit * 0.82), smallest=unit // 2)
    middle = top + lines.leading // 2
    dot = unit // 4
    draw_pill(image, (left, middle - dot, left + 2 * dot, middle + dot), palette.shapes[0])
    _write_lines(image, lines, (left + unit, top), palette.ink)
    return top + lines.height + unit // 3


def _write_call(image: Image.Image, call: str, edges: Edges, unit: int, palette: Palette) -> int:
    """Set the call to action in a pill, and return where the theme has to end."""
    left, right, bottom = edges
    text = printable(SMALL, shorten(call.rstrip(" .!…"), _MAX_CTA))
    if not text:
        return bottom
    padding = unit
    lines = fit(
        SMALL,
        text + _ARROW,
        width=right - left - 2 * padding,
        height=round(unit * 1.1),
        largest=round(unit * 0.85),
        smallest=unit // 2,
    )
    height = lines.height + padding
    width = round(max(map(lines.font.getlength, lines.texts))) + 2 * padding
    draw_pill(image, (left, bottom - height, left + width, bottom), palette.ink)
    _write_lines(image, lines, (left + padding, bottom - height + padding // 2), palette.background)
    return bottom - height - unit


def _write_lines(image: Image.Image, lines: Lines, corner: tuple[int, int], ink: Colour) -> None:
    """Set lines so that their letters, not their line boxes, begin at the corner."""
    left, top = corner
    draw = ImageDraw.Draw(image)
    for number, text in enumerate(lines.texts):
        middle = top + number * lines.leading + lines.leading // 2
        draw.text((left, middle), text, font=lines.font, fill=ink, anchor="lm")


def size_of(aspect_ratio: AspectRatio) -> tuple[int, int]:
    """Return width and height in pixels."""
    return _SIZES[aspect_ratio]
