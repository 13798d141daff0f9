"""Reading a picture that a provider sent, and turning it into one that a network takes.

Everything here runs in a thread: decoding stops the event loop. A picture's size is read from its header first, so one
that is too large is refused before it takes memory.
"""

import math
import re
from base64 import b64decode
from binascii import Error as BadBase64
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from models.rules.picture_room import PictureRoom

MIME_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
MOST_PIXELS = 4096 * 4096
LEAST_SIDE = 320
"""Pixels; anything smaller is no picture."""
MOST_CROPPED = 0.2
"""The share of a side that may be cut off: the prompt asks for the subject in the middle 80 percent."""
_DATA_URI = re.compile(r"data:[\w.+/-]*(?:;[\w=.-]*)*,", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")
_URL_SAFE = str.maketrans("-_", "+/")
_QUALITIES = (92, 80, 60)


class BadPicture(ValueError):
    """What was sent is no picture that can be used; the message says why."""


@dataclass(kw_only=True)
class Picture:
    """A picture as it can be published."""

    content: bytes
    mime_type: str
    width: int
    height: int
    changes: list[str] = field(default_factory=list[str])
    """What was done to the picture that was sent."""
    has_ratio: bool
    """Whether it has the ratio that it is for."""


def from_base64(text: str) -> bytes:
    """Return the bytes of base64: with line breaks, URL-safe, without padding or as a data URI. Raises BadPicture."""
    prefix = _DATA_URI.match(text)
    bare = _BLANKS.sub("", text[prefix.end() :] if prefix else text).translate(_URL_SAFE).rstrip("=")
    try:
        return b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (BadBase64, ValueError) as error:
        raise BadPicture("it is not base64") from error


def size_of(content: bytes) -> tuple[int, int]:
    """Return width and height as the picture is shown, from its header. Raises BadPicture."""
    opened = _opened(content)
    swapped = opened.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    return (opened.height, opened.width) if swapped else (opened.width, opened.height)


def prepared(content: bytes, *, ratio: float, room: PictureRoom) -> Picture:
    """Return a picture as it can be published.

    Upright, without metadata or transparency, in its ratio where little is cut off, as small and of the type that the
    network takes. `ratio` is width over height. Raises BadPicture.
    """
    opened = _opened(content)
    mime_type = MIME_TYPES[opened.format or ""]
    changes: list[str] = []
    try:
        picture = _upright(opened, changes)
        picture = _opaque(picture, changes)
    except (OSError, SyntaxError, ValueError) as error:
        raise BadPicture("it can't be decoded") from error
    picture = _cropped(picture, ratio, changes)
    picture = _within(picture, room, changes)
    if room.mime_types and mime_type not in room.mime_types:
        mime_type = "image/jpeg"
        changes.append("converted to JPEG")
    if changes:
        content, mime_type = _encoded(picture, mime_type, room, changes)
    elif room.most_bytes and len(content) > room.most_bytes:
        content, mime_type = _encoded(picture, "image/jpeg", room, changes)
    has_ratio = abs(picture.width / picture.height / ratio - 1) < 0.02
    return Picture(
        content=content,
        mime_type=mime_type,
        width=picture.width,
        height=picture.height,
        changes=changes,
        has_ratio=has_ratio,
    )


def _opened(content: bytes) -> Image.Image:
    """Return a picture of which only the header was read. Raises BadPicture."""
    try:
        opened = Image.open(BytesIO(content), formats=tuple(MIME_TYPES))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPicture(f"it has more than {MOST_PIXELS} pixels") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise BadPicture("it is not a readable PNG, JPEG or WebP") from error
    if opened.width * opened.height > MOST_PIXELS:
        raise BadPicture(f"it has {opened.width} x {opened.height} pixels, more than {MOST_PIXELS} in all")
    if min(opened.size) < LEAST_SIDE:
        raise BadPicture(f"it has {opened.width} x {opened.height} pixels, less than {LEAST_SIDE} a side")
    return opened


def _upright(opened: Image.Image, changes: list[str]) -> Image.Image:
    """Return a picture turned as its EXIF says, without its metadata."""
    has_metadata = bool(opened.getexif()) or bool(opened.info.keys() & {"exif", "xmp", "comment", "XML:com.adobe.xmp"})
    picture = ImageOps.exif_transpose(opened)
    picture.load()
    if has_metadata:
        changes.append("dropped its metadata")
    if picture.size != opened.size:
        changes.append("turned it upright")
    return picture


def _opaque(picture: Image.Image, changes: list[str]) -> Image.Image:
    """Return a picture on white where parts of it can be seen through."""
    if not picture.has_transparency_data:
        return picture if picture.mode in ("RGB", "L") else picture.convert("RGB")
    picture = picture.convert("RGBA")
    lowest, _ = picture.getchannel("A").getextrema()
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(picture, mask=picture.getchannel("A"))
    if lowest < 255:
        changes.append("put it on white")
    return flat


def _cropped(picture: Image.Image, ratio: float, changes: list[str]) -> Image.Image:
    """Return the middle of a picture in a ratio, or all of it where too much would go."""
    width = min(picture.width, round(picture.height * ratio))
    height = min(picture.height, round(picture.width / ratio))
    kept = min(width / picture.width, height / picture.height)
    if (width, height) == picture.size or kept < 1 - MOST_CROPPED - 0.001:
        return picture
    left, top = (picture.width - width) // 2, (picture.height - height) // 2
    changes.append(f"cropped from {picture.width} x {picture.height} to {width} x {height}")
    return picture.crop((left, top, left + width, top + height))


def _within(picture: Image.Image, room: PictureRoom, changes: list[str]) -> Image.Image:
    """Return a picture no larger than a network takes."""
    scale = min(
        1.0,
        room.most_width / picture.width if room.most_width else 1.0,
        room.most_short_side / min(picture.size) if room.most_short_side else 1.0,
    )
    if scale == 1:
        return picture
    size = round(picture.width * scale), round(picture.height * scale)
    changes.append(f"resized to {size[0]} x {size[1]}")
    return picture.resize(size, Image.Resampling.LANCZOS)


def _encoded(picture: Image.Image, mime_type: str, room: PictureRoom, changes: list[str]) -> tuple[bytes, str]:
    """Return the bytes of a picture: as JPEG, and with fewer details, where a network takes no more."""
    most = room.most_bytes or math.inf
    if mime_type != "image/jpeg" and len(content := _written(picture, mime_type, _QUALITIES[0])) <= most:
        return content, mime_type
    if mime_type != "image/jpeg":
        changes.append("converted to JPEG")
    for quality in _QUALITIES:
        content = _written(picture, "image/jpeg", quality)
        if len(content) <= most:
            break
    return content, "image/jpeg"


def _written(picture: Image.Image, mime_type: str, quality: int) -> bytes:
    written = BytesIO()
    picture.save(
        written, format=mime_type.partition("/")[2], **({} if mime_type == "image/png" else {"quality": quality})
    )
    return written.getvalue()
