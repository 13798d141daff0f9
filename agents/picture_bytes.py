"""From the bytes that a provider sent to a picture that its network takes. Pure; slow, so called off the event loop.

A picture's pixels are bounded before they are decoded: a small file can hold a very large one.
"""

import struct
import zlib
from base64 import b64encode
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from io import BytesIO
from math import ceil, sqrt
from typing import NamedTuple

from PIL import ExifTags, Image, ImageOps

from agents.outcomes import UNREADABLE
from models.rules.picture_limits import PictureLimits

MAX_PIXELS = 12_000_000
"""Half as many again as image models draw; while it is flattened, one of this size takes 100 MB."""
LEAST_SIDE = 320
"""Pixels; what is smaller is no picture."""
MAX_CROP = Fraction(1, 5)
"""Of a side, on both ends together: the subject is asked for in the middle 80 percent."""

_MIME_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
_TROUBLE = (*UNREADABLE, OSError, SyntaxError, EOFError, ArithmeticError, MemoryError, struct.error, zlib.error)
"""What decoders raise on bytes that are broken or hostile."""
_METADATA = ("exif", "xmp", "XML:com.adobe.xmp", "comment", "photoshop")
_QUALITIES = (90, 80, 70, 60)
_SCALES = (1.0, 0.75, 0.5, 0.35)


class NoPicture(Exception):
    """The bytes are no picture that can be published. The message says why."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a picture is made for."""

    ratio: Fraction
    """Width by height."""
    limits: PictureLimits


@dataclass(frozen=True, kw_only=True)
class Finished:
    """A picture as it is published."""

    base64: str
    sha256: str
    """Of its bytes, hex."""
    mime_type: str
    width: int
    height: int
    size_bytes: int
    changes: tuple[str, ...]
    """What code did to it, in plain words."""
    sent: Fraction
    """Width by height of what came, upright."""
    is_as_wanted: bool
    """Whether it has the ratio that it was made for."""


def finished(content: bytes, wanted: Wanted) -> Finished:
    """Return a picture as it is published: upright, opaque, without metadata, in its ratio where little goes for it.

    Raises NoPicture.
    """
    opened = _decoded(content)
    kind = opened.format or ""
    image, changes = _cleaned(opened)
    cut = _cut(image, wanted.ratio)
    final = _scaled(cut or image, wanted.limits)
    if cut is not None and cut.size != image.size:
        changes.append(f"cropped from {_size(image)} to {_size(cut)}")
    if final.size != (cut or image).size:
        changes.append(f"scaled to {_size(final)}")
    made = _as_taken(final, kind, wanted.limits, unchanged=None if changes else content)
    if made.mime_type != _MIME_TYPES[kind]:
        changes.append("made a JPEG")
    if (made.width, made.height) != final.size:
        changes.append(f"scaled to {made.width} x {made.height}")
    return Finished(
        base64=b64encode(made.content).decode(),
        sha256=sha256(made.content).hexdigest(),
        mime_type=made.mime_type,
        width=made.width,
        height=made.height,
        size_bytes=len(made.content),
        changes=tuple(changes),
        sent=Fraction(*image.size),
        is_as_wanted=cut is not None,
    )


class _Made(NamedTuple):
    content: bytes
    mime_type: str
    width: int
    height: int


def _decoded(content: bytes) -> Image.Image:
    """Return the picture in some bytes, upright; its size is judged before its pixels are decoded."""
    try:
        opened = Image.open(BytesIO(content), formats=tuple(_MIME_TYPES))
        if opened.width * opened.height > MAX_PIXELS:
            raise NoPicture(f"the picture has {_size(opened)} pixels, at most {MAX_PIXELS:,} are decoded")
        if min(opened.size) < LEAST_SIDE:
            raise NoPicture(f"{_size(opened)} pixels are no picture, at least {LEAST_SIDE} a side are one")
        opened.load()
        opened.getexif()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NoPicture(f"the picture has too many pixels, at most {MAX_PIXELS:,} are decoded") from error
    except _TROUBLE as error:
        raise NoPicture("the answer is not a readable PNG, JPEG or WebP") from error
    return opened


def _cleaned(opened: Image.Image) -> tuple[Image.Image, list[str]]:
    """Return a picture upright, without metadata and without transparency, and what was done."""
    changes: list[str] = []
    if opened.getexif().get(ExifTags.Base.Orientation, 1) in range(2, 9):
        changes.append("turned upright")
    if any(name in opened.info for name in _METADATA) or opened.getexif():
        changes.append("stripped of metadata")
    image, profile = ImageOps.exif_transpose(opened), opened.info.get("icc_profile")
    if image.has_transparency_data:
        image, is_opaque = _flat(image)
        changes += [] if is_opaque else ["flattened onto white"]
    elif image.mode == "CMYK":
        image, profile = image.convert("RGB"), None
        changes.append("converted to RGB")
    image = image if image.mode in ("RGB", "L") else image.convert("RGB")
    image.info = {"icc_profile": profile} if profile else {}
    return image, changes


def _flat(image: Image.Image) -> tuple[Image.Image, bool]:
    """Return an image on white, and whether it was opaque all the same."""
    with_alpha = image if image.mode == "RGBA" else image.convert("RGBA")
    white = Image.new("RGB", image.size, "white")
    alpha = with_alpha.getchannel("A")
    white.paste(with_alpha, mask=alpha)
    return white, alpha.getextrema() == (255, 255)


def _cut(image: Image.Image, ratio: Fraction) -> Image.Image | None:
    """Return the middle of an image in a ratio; None where too much of a side would go."""
    width, height = image.size
    # never narrower than asked: a network may take no narrower one
    across = min(width, ceil(height * ratio))
    down = height if across < width else min(height, int(width / ratio))
    if across < width * (1 - MAX_CROP) or down < height * (1 - MAX_CROP):
        return None
    left, top = (width - across) // 2, (height - down) // 2
    return image if (across, down) == image.size else image.crop((left, top, left + across, top + down))


def _scaled(image: Image.Image, limits: PictureLimits) -> Image.Image:
    """Return an image within the bounds of its pixels."""
    width, height = image.size
    return _resized(
        image,
        min(
            1.0,
            (limits.width_px or width) / width,
            (limits.short_side_px or width) / min(width, height),
            sqrt((limits.pixels or width * height) / (width * height)),
        ),
    )


def _as_taken(image: Image.Image, kind: str, limits: PictureLimits, *, unchanged: bytes | None) -> _Made:
    """Return an image in a format and a size in bytes that are taken; `unchanged` is what came, where it may stay."""
    most = limits.size_bytes or float("inf")
    mime_type = _MIME_TYPES[kind]
    if limits.mime_types is None or mime_type in limits.mime_types:
        content = _encoded(image, kind, _QUALITIES[0]) if unchanged is None else unchanged
        if len(content) <= most:
            return _Made(content, mime_type, *image.size)
    smaller = image
    for scale in _SCALES:
        smaller = _resized(image, scale)
        for quality in _QUALITIES:
            content = _encoded(smaller, "JPEG", quality)
            if len(content) <= most:
                return _Made(content, _MIME_TYPES["JPEG"], *smaller.size)
    raise NoPicture(f"no JPEG of the picture has at most {most:,.0f} bytes")


def _resized(image: Image.Image, scale: float) -> Image.Image:
    return image if scale >= 1 else ImageOps.scale(image, scale)


def _encoded(image: Image.Image, kind: str, quality: int) -> bytes:
    file = BytesIO()
    options = {} if kind == "PNG" else {"quality": quality}
    image.save(file, kind, icc_profile=image.info.get("icc_profile"), **options)
    return file.getvalue()


def _size(image: Image.Image) -> str:
    return f"{image.width} x {image.height}"
