"""Evals of the image feature: pictures for days of five calendars."""

from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

from PIL import Image, UnidentifiedImageError
from pydantic_evals import Dataset
from pydantic_evals.evaluators import EvaluationReason, Evaluator, EvaluatorContext

from evals.cases import DayCase, DayWork, Market, brief_of, dataset_path
from evals.results import ALL, FeatureResult, evaluated
from evals.studio import Studio
from evals.text_checks import stems, ungrounded_on, verdict
from models.image import AspectRatio, GeneratedImage
from models.vocabulary import ContentType, Feature

_RATIO_TOLERANCE = 0.02
_MIN_WIDTH, _MAX_BYTES = 320, 8_000_000
"""Instagram's limits (`ig.image` of the rule pack)."""
_MAX_ALT = 125
_MIN_COLORS = 16
_BRAND_TOLERANCE, _MIN_BRAND_SHARE = 24, 0.02
_UPRIGHT = {ContentType.REEL, ContentType.STORY, ContentType.VIDEO}
_MIME_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


class ImageCase(DayCase):
    """A picture to generate."""

    aspect_ratio: AspectRatio | None = None
    """Width before height; None means the ratio of the day's format."""


Context = EvaluatorContext[ImageCase, DayWork[GeneratedImage], Market]
PictureEvaluator = Evaluator[ImageCase, DayWork[GeneratedImage], Market]


@dataclass
class Decodes(PictureEvaluator):
    """The bytes are a complete picture of the declared type and hash, and within every network's size limit."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Decode the whole picture."""
        image = ctx.output.output
        try:
            content = b64decode(image.base64, validate=True)
            with Image.open(BytesIO(content)) as picture:
                picture.load()
                mime_type = _MIME_TYPES.get(picture.format or "", str(picture.format))
        except (Base64Error, UnidentifiedImageError, OSError) as error:
            return verdict([f"can't be read: {error}"])
        return verdict(
            [
                *([f"is {mime_type}, declared {image.mime_type}"] if mime_type != image.mime_type else []),
                *(["has another hash"] if sha256(content).hexdigest() != image.sha256 else []),
                *([f"has {len(content):,} bytes"] if len(content) > _MAX_BYTES else []),
            ]
        )


@dataclass
class Size(PictureEvaluator):
    """Width and height are as declared, and large enough to publish."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Measure the picture."""
        image = ctx.output.output
        width, height = _size(image)
        return verdict(
            [
                *([f"is {width}x{height}"] if (width, height) != (image.width, image.height) else []),
                *([f"is {width} pixels wide"] if width < _MIN_WIDTH else []),
            ]
        )


@dataclass
class Ratio(PictureEvaluator):
    """The ratio is the requested one, or that of the day's format."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Measure the picture."""
        asked = ctx.inputs.aspect_ratio or ("9:16" if ctx.output.day.content_type in _UPRIGHT else "4:5")
        across, down = map(int, asked.split(":"))
        width, height = _size(ctx.output.output)
        off = abs(width / height / (across / down) - 1)
        return verdict([f"is {width}x{height}, not {asked}"] if off > _RATIO_TOLERANCE else [])


@dataclass
class NotBlank(PictureEvaluator):
    """The picture is not blank."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Count colours."""
        colors = len(set(_small(ctx.output.output)))
        return verdict([f"has {colors} colours"] if colors < _MIN_COLORS else [])


@dataclass
class BrandColor(PictureEvaluator):
    """A rendered card is in a colour of the brand."""

    def evaluate(self, ctx: Context) -> EvaluationReason | dict[str, bool]:
        """Measure the share of its pixels; no verdict for a model's picture, or if the brief names no colour."""
        colors = [_rgb(color) for color in brief_of(ctx.inputs.business).business.brand_colors]
        if not colors or ctx.output.output.kind != "rendered_card":
            return {}
        pixels = _small(ctx.output.output)
        share = sum(any(_near(pixel, color) for color in colors) for pixel in pixels) / len(pixels)
        return verdict([f"{share:.0%} of it is in a colour of the brand"] if share < _MIN_BRAND_SHARE else [])


@dataclass
class AltText(PictureEvaluator):
    """The alternative text is short, about the theme, and promises nothing beyond the brief."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Count characters and compare with theme and brief."""
        alt, day = ctx.output.output.alt_text, ctx.output.day
        return verdict(
            [
                *([f"has {len(alt)} characters"] if len(alt) > _MAX_ALT else []),
                *([f"{alt!r} has nothing of the theme"] if not stems(alt) & stems(day.theme) else []),
                *ungrounded_on(day, {"alt_text": alt}, brief_of(ctx.inputs.business), supplied=[day.theme]),
            ]
        )


EVALUATORS: tuple[PictureEvaluator, ...] = (Decodes(), Size(), Ratio(), NotBlank(), BrandColor(), AltText())
THRESHOLDS = {ALL: 0.95, "decodes": 1, "size": 1}


def load_dataset() -> Dataset[ImageCase, DayWork[GeneratedImage], Market]:
    """Return the cases with their evaluators."""
    dataset = Dataset[ImageCase, DayWork[GeneratedImage], Market].from_file(dataset_path(Feature.IMAGE))
    dataset.evaluators.extend(EVALUATORS)
    return dataset


async def evaluate(studio: Studio) -> FeatureResult:
    """Generate the pictures and evaluate them."""

    async def draw(case: ImageCase) -> DayWork[GeneratedImage]:
        return await studio.day_work(
            case,
            lambda ids: studio.ai.generate_image(
                ids.business_id, ids.campaign_id, case.day, aspect_ratio=case.aspect_ratio
            ),
        )

    return await evaluated(Feature.IMAGE, load_dataset(), draw)


def _size(image: GeneratedImage) -> tuple[int, int]:
    with Image.open(BytesIO(b64decode(image.base64))) as picture:
        return picture.size


def _small(image: GeneratedImage) -> list[tuple[int, int, int]]:
    """Return the pixels of a small copy, which are enough to compare colours."""
    with Image.open(BytesIO(b64decode(image.base64))) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail((64, 64), Image.Resampling.NEAREST)
    small = picture.tobytes()
    return [(small[n], small[n + 1], small[n + 2]) for n in range(0, len(small), 3)]


def _rgb(color: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return red, green, blue


def _near(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= _BRAND_TOLERANCE
