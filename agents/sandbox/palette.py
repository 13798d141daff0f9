"""Chooses the colours of a card: the brand's own, or a set chosen by its name, with legible text colours."""

from dataclasses import dataclass

from agents.sandbox.wording import pick
from models.brief import BusinessContext

Colour = tuple[int, int, int]

MIN_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3: text against its background."""

_SETS = (
    ("#f4ede2", "#d9653b", "#f0b45b", "#2f5d62", "#1f2a2e"),
    ("#16324f", "#f2c14e", "#f78154", "#5fad9f", "#f7f3e9"),
    ("#f7efe8", "#b5446e", "#f2a7b0", "#525b76", "#2b1f2b"),
    ("#22382f", "#e8b04a", "#9cc29b", "#d96c4f", "#f5f1e3"),
    ("#eef1ec", "#3a7d6b", "#f2b5a0", "#e4572e", "#1d2f2b"),
    ("#fbf3df", "#275dad", "#fca311", "#e56b6f", "#1b2440"),
    ("#3d2645", "#f0a868", "#c8553d", "#8fa6cb", "#fbf3ea"),
    ("#e9eef4", "#33658a", "#f6ae2d", "#86bbd8", "#17293a"),
    ("#5c1a1b", "#f0c987", "#d88c5a", "#8da47e", "#fbf2e6"),
    ("#f3f0f7", "#6c5b9e", "#f2c57c", "#7fb7a3", "#272038"),
)
"""Background, three colours of shapes, ink."""

_DARK, _LIGHT = (24, 26, 30), (252, 250, 245)
_BLACK, _WHITE = (0, 0, 0), (255, 255, 255)


@dataclass(frozen=True, kw_only=True)
class Palette:
    """The colours of one card."""

    background: Colour
    ink: Colour
    """Of all lettering: at least 4.5:1 on the background, and the background on it."""
    shapes: tuple[Colour, Colour, Colour]


def palette_of(business: BusinessContext) -> Palette:
    """Return the colours of a business."""
    own = [_parsed(colour) for colour in business.brand_colors]
    if not own:
        background, *shapes, ink = map(_parsed, _SETS[pick(business.name, "palette") % len(_SETS)])
        return Palette(background=background, ink=ink, shapes=(shapes[0], shapes[1], shapes[2]))
    background = own[0]
    toward = _WHITE if _luminance(background) < 0.3 else _BLACK
    steps = [_mixed(background, toward, share) for share in (0.22, 0.42, 0.62)]
    shapes = [*own[1:], *steps][:3]
    return Palette(background=background, ink=ink_on(background), shapes=(shapes[0], shapes[1], shapes[2]))


def ink_on(background: Colour) -> Colour:
    """Return the softest ink that can be read on a background; black or white always can."""
    readable = [ink for ink in (_DARK, _LIGHT) if contrast(ink, background) >= MIN_CONTRAST]
    return max(readable or (_BLACK, _WHITE), key=lambda ink: contrast(ink, background))


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of two colours, 1 to 21, as WCAG defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _parsed(colour: str) -> Colour:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
