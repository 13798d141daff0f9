"""What is read of a picture that a provider sent, and what is done to it."""

import zlib
from base64 import b64encode, encodebytes, urlsafe_b64encode
from io import BytesIO
from struct import pack

import pytest
from PIL import Image

from agents.picture_bytes import BadPicture, from_base64, prepared, size_of
from models.rules.picture_room import PictureRoom, picture_room
from models.vocabulary import ContentType, Network

ANY = PictureRoom()
UPRIGHT = 4 / 5


def picture(width: int, height: int, kind: str = "PNG", *, mode: str = "RGB", orientation: int = 0) -> bytes:
    image = Image.new(mode, (width, height), (200, 100, 50, 0)[: len(mode)] if mode != "L" else 90)
    exif = Image.Exif()
    if orientation:
        exif[0x0112], exif[0x010F] = orientation, "Maker"
    written = BytesIO()
    image.save(written, format=kind, **({"exif": exif} if orientation else {}))
    return written.getvalue()


def png_header(width: int, height: int) -> bytes:
    """Return a small PNG that says it is large."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return pack(">I", len(content)) + name + content + pack(">I", zlib.crc32(name + content))

    rows = zlib.compress(b"\0" * 1000, 9)
    header = pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "write",
    [
        lambda content: b64encode(content).decode(),
        lambda content: encodebytes(content).decode(),
        lambda content: encodebytes(content).decode().replace("\n", "\r\n"),
        lambda content: urlsafe_b64encode(content).decode(),
        lambda content: urlsafe_b64encode(content).decode().rstrip("="),
        lambda content: f"data:image/jpeg;base64,{b64encode(content).decode()}",
        lambda content: f"DATA:image/png;name=a.png;base64,{encodebytes(content).decode()}",
    ],
    ids=["plain", "lines", "crlf", "url safe", "no padding", "data uri", "data uri in lines"],
)
def test_base64_is_read_in_every_usual_form(write) -> None:
    content = bytes(range(256)) * 3 + b"\xfb\xff"

    assert from_base64(write(content)) == content


@pytest.mark.parametrize("text", ["not base64!", "https://a.example/b.png", "é", "abcde"])
def test_what_is_no_base64_is_refused(text: str) -> None:
    with pytest.raises(BadPicture):
        from_base64(text)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (png_header(26_000, 26_000), "pixels"),
        (png_header(11_000, 13_000), "pixels"),
        (png_header(5_000, 5_000), "5000 x 5000 pixels"),
        (picture(2, 2), "less than 320"),
        (picture(1024, 300), "less than 320"),
        (b"GIF89a" + b"\0" * 50, "not a readable"),
        (b"", "not a readable"),
        (picture(400, 500)[:200], "decoded"),
        (picture(400, 500, "JPEG")[:-900], "decoded"),
    ],
)
def test_what_is_no_picture_to_publish_is_refused(content: bytes, problem: str) -> None:
    with pytest.raises(BadPicture, match=problem):
        prepared(content, ratio=UPRIGHT, room=ANY)


def test_a_picture_that_fits_stays_as_it_is() -> None:
    content = picture(896, 1120, "JPEG")

    found = prepared(content, ratio=UPRIGHT, room=picture_room(Network.INSTAGRAM, ContentType.POST))

    assert (found.content, found.mime_type, found.width, found.height) == (content, "image/jpeg", 896, 1120)
    assert (found.changes, found.has_ratio) == ([], True)


def test_exif_is_applied_and_dropped() -> None:
    content = picture(1280, 1024, "JPEG", orientation=8)

    found = prepared(content, ratio=UPRIGHT, room=ANY)

    assert size_of(content) == (found.width, found.height) == (1024, 1280)
    assert not Image.open(BytesIO(found.content)).getexif()
    assert b"Maker" not in found.content
    assert found.changes == ["dropped its metadata", "turned it upright"]


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_transparency_is_put_on_white(kind: str) -> None:
    found = prepared(picture(896, 1120, kind, mode="RGBA"), ratio=UPRIGHT, room=ANY)

    assert found.changes == ["put it on white"]
    assert Image.open(BytesIO(found.content)).convert("RGB").getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("size", "ratio", "cropped"),
    [
        ((1024, 1024), 4 / 5, (819, 1024)),
        ((1024, 1536), 9 / 16, (864, 1536)),
        ((1536, 1024), 16 / 9, (1536, 864)),
        ((1024, 1536), 4 / 5, (1024, 1280)),
    ],
)
def test_the_middle_is_kept_where_at_most_a_fifth_of_a_side_goes(
    size: tuple[int, int], ratio: float, cropped: tuple[int, int]
) -> None:
    found = prepared(picture(*size), ratio=ratio, room=ANY)

    assert ((found.width, found.height), found.has_ratio) == (cropped, True)
    assert found.changes == [f"cropped from {size[0]} x {size[1]} to {cropped[0]} x {cropped[1]}"]


@pytest.mark.parametrize(("size", "ratio"), [((1024, 1024), 9 / 16), ((1536, 864), 4 / 5)])
def test_more_is_never_cut_off(size: tuple[int, int], ratio: float) -> None:
    found = prepared(picture(*size), ratio=ratio, room=ANY)

    assert ((found.width, found.height), found.changes, found.has_ratio) == (size, [], False)


@pytest.mark.parametrize("network", Network)
def test_each_network_gets_a_type_and_size_that_it_takes(network: Network) -> None:
    room = picture_room(network, ContentType.IMAGE)

    found = prepared(picture(1536, 1920), ratio=UPRIGHT, room=room)

    assert not room.mime_types or found.mime_type in room.mime_types
    assert found.width <= (room.most_width or 10_000)
    assert min(found.width, found.height) <= (room.most_short_side or 10_000)
    opened = Image.open(BytesIO(found.content))
    assert (opened.size, Image.MIME[opened.format or ""]) == ((found.width, found.height), found.mime_type)


def test_a_picture_of_too_many_bytes_becomes_a_jpeg() -> None:
    noise = Image.effect_noise((640, 800), 80).convert("RGB")
    written = BytesIO()
    noise.save(written, format="PNG")

    found = prepared(written.getvalue(), ratio=UPRIGHT, room=PictureRoom(most_bytes=400_000))

    assert (found.mime_type, len(found.content) <= 400_000) == ("image/jpeg", True)
