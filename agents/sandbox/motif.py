"""Draws the motif of a card: a band of geometric tiles, chosen by the brand's name."""

from collections.abc import Callable
from random import Random

from PIL import Image, ImageChops, ImageDraw

from agents.sandbox.palette import Colour, Palette

_OVERSAMPLING = 3
"""Shapes are drawn larger and scaled down: Pillow draws no smooth edges."""

Box = tuple[int, int, int, int]
Shape = Callable[[ImageDraw.ImageDraw, Box, Colour, Colour, int], None]


def draw_motif(size: tuple[int, int], palette: Palette, *, columns: int, rows: int, random: Random) -> Image.Image:
    """Return a band of tiles, none with the shape of its neighbour on the left or above."""
    width, height = (edge * _OVERSAMPLING for edge in size)
    image = Image.new("RGB", (width, height), palette.background)
    draw = ImageDraw.Draw(image)
    above: list[Shape] = []
    for row in range(rows):
        here: list[Shape] = []
        for column in range(columns):
            taken = {*here[-1:], *above[column : column + 1]}
            shape = random.choice([shape for shape in _SHAPES if shape not in taken])
            box = (
                column * width // columns,
                row * height // rows,
                (column + 1) * width // columns,
                (row + 1) * height // rows,
            )
            ground, front, detail = random.sample([palette.background, *palette.shapes], 3)
            draw.rectangle(box, fill=ground)
            shape(draw, box, front, detail, random.randrange(4))
            here.append(shape)
        above = here
    return image.reduce(_OVERSAMPLING)


def draw_pill(image: Image.Image, box: Box, colour: Colour) -> None:
    """Draw a box with round ends; a disc when it is square."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    mask = Image.new("L", (width * _OVERSAMPLING, height * _OVERSAMPLING))
    edges = (0, 0, mask.width - 1, mask.height - 1)
    ImageDraw.Draw(mask).rounded_rectangle(edges, radius=mask.height // 2, fill=255)
    image.paste(colour, box, mask.reduce(_OVERSAMPLING))


def _quarter(draw: ImageDraw.ImageDraw, box: Box, front: Colour, detail: Colour, turn: int) -> None:
    """A quarter of a disc with a smaller one inside."""
    for share, colour in ((1.0, front), (0.5, detail)):
        draw.pieslice(_around_corner(box, turn, share), turn * 90, turn * 90 + 90, fill=colour)


def _around_corner(box: Box, turn: int, share: float) -> Box:
    left, top, right, bottom = box
    across, down = (right - left) * share, (bottom - top) * share
    x, y = ((left, top), (right, top), (right, bottom), (left, bottom))[turn]
    return round(x - across), round(y - down), round(x + across), round(y + down)


def _disc(draw: ImageDraw.ImageDraw, box: Box, front: Colour, detail: Colour, turn: int) -> None:
    """A disc, one half in another colour."""
    inner = _inset(box, 0.14)
    draw.ellipse(inner, fill=front)
    draw.pieslice(inner, turn * 90, turn * 90 + 180, fill=detail)


def _arches(draw: ImageDraw.ImageDraw, box: Box, front: Colour, detail: Colour, turn: int) -> None:
    """Three bows over one edge."""
    left, top, right, bottom = box
    for share, colour in ((1.0, front), (0.68, detail), (0.36, front)):
        across, down = (right - left) * share / 2, (bottom - top) * share
        middle = (left + right) / 2
        if turn % 2:
            edges, start = (middle - across, bottom - down, middle + across, bottom + down), 180
        else:
            edges, start = (middle - across, top - down, middle + across, top + down), 0
        draw.pieslice(tuple(map(round, edges)), start, start + 180, fill=colour)


def _leaf(draw: ImageDraw.ImageDraw, box: Box, front: Colour, detail: Colour, turn: int) -> None:
    """Two quarters back to back, with a dot."""
    left, top, right, bottom = box
    corners = (turn % 4, (turn + 2) % 4)
    width, height = right - left, bottom - top
    leaf = Image.new("L", (width + 1, height + 1), 255)
    for corner in corners:
        side = Image.new("L", leaf.size, 0)
        edges = _around_corner((0, 0, width, height), corner, 1.0)
        ImageDraw.Draw(side).pieslice(edges, corner * 90, corner * 90 + 90, fill=255)
        leaf.paste(0, mask=ImageChops.invert(side))
    draw.bitmap((left, top), leaf, fill=front)
    draw.ellipse(_inset(box, 0.42), fill=detail)


def _stripes(draw: ImageDraw.ImageDraw, box: Box, front: Colour, detail: Colour, turn: int) -> None:
    """Four bars."""
    left, top, right, bottom = box
    across, down = (right - left) / 8, (bottom - top) / 8
    for bar in range(1, 8, 2):
        colour = detail if bar == 1 + 2 * turn else front
        if turn % 2:
            draw.rectangle((left, round(top + bar * down), right, round(top + (bar + 1) * down)), fill=colour)
        else:
            draw.rectangle((round(left + bar * across), top, round(left + (bar + 1) * across), bottom), fill=colour)


def _inset(box: Box, share: float) -> Box:
    left, top, right, bottom = box
    across, down = round((right - left) * share), round((bottom - top) * share)
    return left + across, top + down, right - across, bottom - down


_SHAPES: tuple[Shape, ...] = (
    _quarter,
    _disc,
    _arches,
    _leaf,
    _stripes,
    _quarter,
)
