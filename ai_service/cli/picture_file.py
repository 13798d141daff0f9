"""Writes pictures to files."""

from base64 import b64decode
from pathlib import Path

from ai_service.errors import InvalidRequest, Problem
from models.image import GeneratedImage

_SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}


def make_folder(path: Path) -> None:
    """Create a folder if it is missing. Raises InvalidRequest if that fails."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidRequest([Problem("out", f"can't make {str(path)!r}: {error.strerror}", "name another")]) from error


def check_path(path: Path) -> None:
    """Raise InvalidRequest if no file can be written at this path, before anything is spent."""
    if path.is_dir():
        raise InvalidRequest([Problem("out", f"{str(path)!r} is a folder", "name a file in it")])
    if not path.parent.is_dir():
        raise InvalidRequest([Problem("out", f"there is no folder {str(path.parent)!r}", "create it first")])


def save_picture(image: GeneratedImage, path: Path) -> Path:
    """Write a picture and return its path.

    A path without suffix gets the one of the picture's format. Raises InvalidRequest where the file can't be written.
    """
    path = path if path.suffix else path.with_suffix(_SUFFIXES.get(image.mime_type, ".png"))
    try:
        path.write_bytes(b64decode(image.base64))
    except OSError as error:
        raise InvalidRequest(
            [Problem("out", f"can't write {str(path)!r}: {error.strerror}", "name another file")]
        ) from error
    return path
