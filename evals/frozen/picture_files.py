"""Builds the files that an image model sends in a case: pictures, broken ones, and those that are traps."""

import random
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL import Image, PngImagePlugin

Size = tuple[int, int]

_UNASKED: dict[str, Size] = {"4:5": (1024, 1280), "1:1": (1024, 1024), "9:16": (864, 1536)}
"""The size where a request names none."""
_GREY: dict[str, Any] = {"L": 128, "RGB": (128,) * 3, "CMYK": (0, 0, 0, 127), "1": 1, "I;16": 0x8080, "LA": (128, 128)}
_UNDONE = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
}
"""What turns an upright picture into one that an orientation turns upright."""


def asked_size(size: object, ratio: str) -> Size:
    """Return the size that a request asks for, e.g. `1024x1280`."""
    width, _, height = str(size or "").partition("x")
    return (int(width), int(height)) if width.isdigit() and height.isdigit() else _UNASKED[ratio]


# Any: the build of a case
def picture_file(case_id: str, build: dict[str, Any], asked: Size) -> bytes:
    """Return the bytes of a picture as its case says, with the size asked for where it says `asked`."""
    name = case_id.removeprefix("r3.picture.")
    if name == "bomb.png":
        return _large_png(16_000)
    image = _drawn(name, build, _size(build["size"], asked))
    content = _saved(name, image, build)
    return _CHANGED.get(name, lambda content: content)(content)


def jpeg(size: Size) -> bytes:
    """Return a plain picture."""
    return picture_file("", {"size": "asked", "mode": "RGB", "format": "JPEG"}, size)


def _size(given: list[int] | str, asked: Size) -> Size:
    if isinstance(given, list):
        return given[0], given[1]
    if str(given).endswith("swapped"):
        return asked[1], asked[0]
    return (asked[0], asked[1] - 1) if str(given).endswith("less in height") else asked


def _drawn(name: str, build: dict[str, Any], size: Size) -> Image.Image:
    if name in ("exif.2", "exif.3", "exif.5", "exif.6"):
        return _turned(build["exif"]["Orientation"], size)
    if "noise" in build.get("fill", ""):
        return Image.frombytes("RGB", size, random.Random(1).randbytes(size[0] * size[1] * 3))
    if name in ("alpha.half", "alpha.webp"):
        image = Image.new("RGBA", size, (0, 0, 0, 0))
        half = (0, 0, size[0] // 2, size[1])
        inner = (40, 40, size[0] - 40, size[1] - 40)
        half_red = name == "alpha.half"
        image.paste((0xC0, 0x20, 0x20, 255) if half_red else (0x20, 0x80, 0x20, 255), half if half_red else inner)
        return image
    if build["mode"] == "P":
        image = Image.new("P", size, 1)
        image.putpalette([255, 255, 255, 128, 128, 128])
        image.paste(0, (0, 0, size[0] // 2 if name == "alpha.palette" else 0, size[1]))
        return image
    return Image.new(build["mode"], size, _GREY[build["mode"]])


def _turned(orientation: int, size: Size) -> Image.Image:
    upright = size if orientation < 5 else (size[1], size[0])
    image = Image.new("RGB", upright, (0, 0, 255))
    image.paste((255, 0, 0), (0, 0, upright[0] // 2, upright[1] // 2))
    return image.transpose(_UNDONE[orientation])


def _saved(name: str, image: Image.Image, build: dict[str, Any]) -> bytes:
    options: dict[str, Any] = {"quality": build["quality"]} if "quality" in build else {}
    if "exif" in build:
        options["exif"] = _exif(build["exif"])
    match name:
        case "alpha.palette":
            options["transparency"] = 0
        case "meta.comment":
            options["comment"] = build["save"]["comment"]
        case "meta.png_text":
            options["pnginfo"] = info = PngImagePlugin.PngInfo()
            for key, text in build["save"]["pnginfo"].items():
                info.add_text(key, text)
        case "bomb.frames":
            frames = [Image.new("RGB", image.size, (4 * n, 255 - 4 * n, 80)).convert("P") for n in range(60)]
            image, options = frames[0], {"save_all": True, "append_images": frames[1:]}
        case _:
            pass
    content = _file(image, build["format"], options)
    while name.endswith("no_padding") and len(content) % 3 == 0:
        options["comment"] = options.get("comment", b"") + b"x"
        content = _file(image, build["format"], options)
    return content


def _file(image: Image.Image, form: str, options: dict[str, Any]) -> bytes:
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def _exif(given: dict[str, Any] | str) -> Image.Exif | bytes:
    if isinstance(given, str):
        return b"Exif\x00\x00" + b"\xff" * 40
    exif = Image.Exif()
    tags = {"Orientation": 0x0112, "Make": 0x010F, "Artist": 0x013B}
    for name, tag in tags.items():
        if name in given:
            exif[tag] = given[name]
    if "GPSInfo" in given:
        exif[0x8825] = {1: "N", 2: (51.0, 30.0, 0.0)}
    return exif


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _packed(block: bytes, times: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join([*(packer.compress(block) for _ in range(times)), packer.flush()])


def _large_png(side: int) -> bytes:
    """Return a picture of one bit a pixel, packed row by row."""
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    rows = _chunk(b"IDAT", _packed(bytes(1 + side // 8), side))
    return b"\x89PNG\r\n\x1a\n" + header + rows + _chunk(b"IEND", b"")


def _with_header(content: bytes) -> bytes:
    return content[:8] + _chunk(b"IHDR", struct.pack(">II", 60_000, 60_000) + content[24:29]) + content[33:]


def _with_text(content: bytes) -> bytes:
    return content[:33] + _chunk(b"zTXt", b"Comment\x00\x00" + _packed(b" " * 1_000_000, 80)) + content[33:]


_CHANGED: dict[str, Callable[[bytes], bytes]] = {
    "broken.half": lambda content: content[: len(content) // 2],
    "broken.half_png": lambda content: content[: len(content) // 2],
    "broken.tail": lambda content: content + bytes(200),
    "bomb.gif": lambda content: content[:6] + b"\xff" * 4 + content[10:],
    "bomb.header": _with_header,
    "bomb.ztxt": _with_text,
}
