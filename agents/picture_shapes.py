"""The shape that a picture is asked for in: the nearest one that the model has."""

from collections.abc import Sequence
from fractions import Fraction
from math import log

from pydantic_ai.exceptions import UserError
from pydantic_ai.images import (
    ImageDimensions,
    ImageGenerationAspectRatio,
    ImageGenerationInput,
    ImageGenerationModel,
    ImageGenerationResult,
    ImageGenerationSettings,
)

from models.image import AspectRatio

_RATIOS: tuple[ImageGenerationAspectRatio, ...] = ("1:1", "4:5", "5:4", "3:4", "4:3", "2:3", "3:2", "9:16", "16:9")
_SIZES: tuple[ImageDimensions, ...] = ((1024, 1024), (1024, 1536), (1536, 1024))
"""What servers of unknown models take."""


def ratio_of(name: AspectRatio | ImageGenerationAspectRatio) -> Fraction:
    """Return width by height."""
    width, height = name.split(":")
    return Fraction(width) / Fraction(height)


async def in_nearest_shape(
    model: ImageGenerationModel,
    prompt: str,
    wanted: Fraction,
    *,
    images: Sequence[ImageGenerationInput] | None,
    settings: ImageGenerationSettings | None,
) -> tuple[ImageGenerationResult, Fraction]:
    """Return what a model draws in the nearest shape that it has, and that shape as width by height.

    A shape that it has not it refuses before a request is sent. Raises UserError where it has none of them.
    """
    refused = UserError("no shape was tried")
    for shape, ratio in _shapes(wanted):
        try:
            return await model.generate(prompt, images=images, settings={**(settings or {}), **shape}), ratio
        except UserError as error:
            refused = error
    raise refused


def _shapes(wanted: Fraction) -> list[tuple[ImageGenerationSettings, Fraction]]:
    """Return the shapes to try: ratios, then sizes in pixels, each the nearest first."""
    ratios = [(ImageGenerationSettings(aspect_ratio=name), ratio_of(name)) for name in _RATIOS]
    sizes = [(ImageGenerationSettings(dimensions=size), Fraction(*size)) for size in _SIZES]

    def distance(shape: tuple[ImageGenerationSettings, Fraction]) -> float:
        return abs(log(shape[1] / wanted))

    return [*sorted(ratios, key=distance), *sorted(sizes, key=distance)]
