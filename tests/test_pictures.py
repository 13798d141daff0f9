"""Pictures as providers send them: verified, cut, turned and transcoded, or asked again once."""

import asyncio
import json
import resource
from base64 import b64decode, b64encode, encodebytes, urlsafe_b64encode
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from agents import picture_address
from ai_service import AIGenerationError, AIResult, AIService, GeneratedImage, Network, Publishable, check
from models.image import AspectRatio
from models.rules.publishable import Media
from models.strategy import CalendarDay
from tests import serving
from tests.provider.reactions import HttpError, Picture, PictureText, PictureUrl, Sampled
from tests.provider_server import ProviderServer
from tests.serving import Shop

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop, ai = serving.shop, serving.ai

FEED = (896, 1120)
"""What gpt-image-2 draws for 4:5."""


def file_of(size: tuple[int, int], kind: str = "PNG", *, mode: str = "RGB", color: Any = None, **options: Any) -> bytes:
    """Return a picture's file. `Any`: a colour and options as Pillow takes them."""
    file = BytesIO()
    with Image.new(mode, size, color if color is not None else 0) as image:
        image.save(file, kind, **options)
    return file.getvalue()


def sent(content: bytes) -> PictureText:
    return PictureText(b64encode(content).decode())


def returned(image: GeneratedImage) -> Image.Image:
    """Return the picture that a host gets."""
    return Image.open(BytesIO(b64decode(image.base64)))


async def drawn(shop: Shop, ai: AIService, ratio: AspectRatio | None, day: int = 3) -> AIResult[GeneratedImage]:
    return await ai.generate_image(shop.business_id, shop.campaign_id, day, aspect_ratio=ratio)


async def day_on(shop: Shop, ai: AIService, network: Network) -> CalendarDay:
    strategy = await ai.get_strategy(shop.business_id, shop.campaign_id)
    return next(day for day in strategy.calendar if day.network is network and day.content_type in ("Post", "Image"))


@pytest.mark.parametrize(("ratio", "size"), [("9:16", (1024, 1024)), ("4:5", (1536, 864))], ids=["square", "landscape"])
async def test_another_shape_than_asked_for_is_asked_again_once_and_then_flagged(
    shop: Shop, ai: AIService, ratio: AspectRatio, size: tuple[int, int]
) -> None:
    shop.server.script(Picture(*size, format="JPEG"))

    result = await drawn(shop, ai, ratio)

    assert [(row.status, row.attempt) for row in result.attempts] == [("invalid_output", 1), ("ok", 2)]
    assert f"the picture is {size[0]} x {size[1]}, asked for was a ratio of" in str(result.attempts[0].error)
    assert (result.output.width, result.output.height) == size
    assert ("image.ratio", "soft") in [(flag.rule_id, flag.severity) for flag in result.output.flags]


async def test_the_second_picture_is_taken_where_it_has_the_shape(shop: Shop, ai: AIService) -> None:
    shop.server.script(Picture(1024, 1024), Sampled())

    result = await drawn(shop, ai, "9:16")

    assert (result.output.width, result.output.height) == (720, 1280)
    assert "image.ratio" not in [flag.rule_id for flag in result.output.flags]


async def test_a_picture_in_another_shape_is_returned_where_the_second_can_not_be_had(
    shop: Shop, ai: AIService
) -> None:
    shop.server.script(Picture(1024, 1024), HttpError(400))

    result = await drawn(shop, ai, "9:16")

    assert [row.status for row in result.attempts] == ["invalid_output", "rejected"]
    assert (result.output.width, result.output.height) == (1024, 1024)
    assert "image.ratio" in [flag.rule_id for flag in result.output.flags]


@pytest.mark.parametrize(
    ("model", "ratio", "asked", "size"),
    [
        ("gpt-image-2", "4:5", "896x1120", (896, 1120)),
        ("gpt-image-2", "16:9", "1280x720", (1280, 720)),
        ("gpt-image-1", "9:16", "1024x1536", (864, 1536)),
        ("gpt-image-1", "4:5", "1024x1536", (1024, 1280)),
        ("a-server's-own", "16:9", "1536x1024", (1536, 864)),
    ],
)
async def test_the_nearest_size_that_a_model_has_is_asked_for_and_cut_where_little_goes(
    shop: Shop, model: str, ratio: AspectRatio, asked: str, size: tuple[int, int]
) -> None:
    async with shop.open(image_model=f"openai:{model}") as ai:
        result = await drawn(shop, ai, ratio)

    (request,) = shop.server.requests
    assert request.at("size") == asked
    assert "keep the subject in the central 80 percent" in str(request.at("prompt"))
    assert returned(result.output).size == (result.output.width, result.output.height) == size
    cuts = [change for change in result.output.changes if change.startswith("cropped")]
    width, height = map(int, asked.split("x"))
    assert cuts == ([f"cropped from {width} x {height} to {size[0]} x {size[1]}"] if (width, height) != size else [])
    assert result.attempts[0].repairs == result.output.changes
    assert result.notes[-1:] == [f"the picture was {change}" for change in result.output.changes[-1:]]


@pytest.mark.parametrize("size", [(2, 2), (319, 400)])
async def test_what_is_under_320_pixels_a_side_is_asked_again(shop: Shop, ai: AIService, size: tuple[int, int]) -> None:
    shop.server.script(Picture(*size), Sampled())

    result = await drawn(shop, ai, "4:5")

    assert [row.status for row in result.attempts] == ["invalid_output", "ok"]
    assert f"{size[0]} x {size[1]} pixels are no picture" in str(result.attempts[0].error)
    assert (result.output.width, result.output.height) == FEED


@pytest.mark.parametrize("network", [Network.INSTAGRAM, Network.FACEBOOK])
async def test_what_is_returned_passes_the_rules_of_its_network(shop: Shop, ai: AIService, network: Network) -> None:
    shop.server.script(sent(file_of((1024, 1280))))
    day = await day_on(shop, ai, network)

    image = (await drawn(shop, ai, None, day.day)).output

    media = Media(kind="image", mime_type=image.mime_type, width=image.width, height=image.height)
    broken = check(Publishable(caption="Du pain", content_type=day.content_type, media=[media]), network)
    assert broken == [] == image.flags
    assert returned(image).format == ("JPEG" if network is Network.INSTAGRAM else "PNG")
    assert image.changes == (["made a JPEG"] if network is Network.INSTAGRAM else [])


async def test_orientation_is_applied_and_metadata_dropped(shop: Shop, ai: AIService) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 8, "Kamera AG"
    shop.server.script(sent(file_of((1280, 1024), "JPEG", exif=exif)))

    image = (await drawn(shop, ai, "4:5")).output

    assert len(shop.server.requests) == 1
    assert (image.width, image.height) == (1024, 1280)
    assert not returned(image).getexif()
    assert b"Kamera" not in b64decode(image.base64)
    assert image.changes[:2] == ["turned upright", "stripped of metadata"]


@pytest.mark.parametrize(("mode", "color"), [("RGBA", (9, 9, 9, 0)), ("LA", (9, 0)), ("P", None)])
async def test_transparency_is_flattened(shop: Shop, ai: AIService, mode: str, color: Any) -> None:
    # `Any`: options as Pillow takes them
    options: dict[str, Any] = {"transparency": 0} if mode == "P" else {}
    shop.server.script(sent(file_of((1024, 1280), mode=mode, color=color, **options)))

    image = (await drawn(shop, ai, "4:5")).output

    assert returned(image).convert("RGB").getpixel((512, 640)) == (255, 255, 255)
    assert "flattened onto white" in image.changes


CONTENT = file_of(FEED, "JPEG", color=(250, 120, 3))
SPELLINGS = {
    "data_uri": f"data:image/jpeg;base64,{b64encode(CONTENT).decode()}",
    "line_breaks": encodebytes(CONTENT).decode(),
    "url_safe": urlsafe_b64encode(CONTENT).decode().rstrip("="),
    "all_at_once": f"\n data:image/jpeg;charset=x;base64,{urlsafe_b64encode(CONTENT).decode()}\n",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_base64_is_read_in_each_spelling(shop: Shop, ai: AIService, spelling: str) -> None:
    shop.server.script(PictureText(SPELLINGS[spelling]))

    result = await drawn(shop, ai, "4:5")

    assert len(shop.server.requests) == 1
    assert b64decode(result.output.base64) == CONTENT
    assert result.output.url is None


async def test_a_picture_at_an_address_is_fetched_and_its_address_kept(shop: Shop, ai: AIService) -> None:
    there = shop.server.put("there.jpg", CONTENT, content_type="image/jpeg")
    url = shop.server.put("1.jpg", b"", location=there)
    shop.server.script(PictureUrl(url))

    result = await drawn(shop, ai, "4:5")

    assert len(shop.server.requests) == 1
    assert (result.output.url, b64decode(result.output.base64)) == (url, CONTENT)


@pytest.fixture
async def elsewhere() -> AsyncIterator[ProviderServer]:
    """A host in the same private network that is not the provider."""
    async with ProviderServer() as server:
        yield server


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        ("private", "its host is in a private network"),
        ("redirect", "its host is in a private network"),
        ("mapped", "its host is in a private network"),
        ("file", "it is no http(s) address"),
        ("missing", "it answers with HTTP 500"),
        ("page", "it does not hold a PNG, JPEG or WebP"),
        ("tiny", "2 x 2 pixels are no picture"),
        ("loop", "it redirects more than 3 times"),
    ],
)
async def test_an_address_that_is_of_no_use_ends_the_call_at_once(
    shop: Shop, ai: AIService, elsewhere: ProviderServer, at: str, reason: str
) -> None:
    private = elsewhere.put("1.jpg", CONTENT, content_type="image/jpeg")
    loop = shop.server.put("loop.jpg", b"")
    shop.server.put("loop.jpg", b"", location=loop)
    urls = {
        "private": private,
        "redirect": shop.server.put("redirect.jpg", b"", location=private),
        "mapped": private.replace("127.0.0.1", "[::ffff:127.0.0.1]"),
        "file": "file:///etc/hostname",
        "missing": shop.server.base_url.replace("/v1", "/files/none"),
        "page": shop.server.put("page", b"<html>", content_type="text/html"),
        "tiny": shop.server.put("tiny.png", file_of((2, 2))),
        "loop": loop,
    }
    shop.server.script(PictureUrl(urls[at]))

    with pytest.raises(AIGenerationError, match="invalid_output") as caught:
        await drawn(shop, ai, "4:5")

    assert len(shop.server.requests) == 1
    assert reason in str(caught.value)
    assert urls[at] not in str(caught.value)


def huge(width: int, height: int) -> bytes:
    return file_of((width, height), mode="1", compress_level=9)


@pytest.mark.parametrize("size", [(26_000, 26_000), (11_000, 13_000), (13_000, 13_000)])
async def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(
    shop: Shop, ai: AIService, size: tuple[int, int]
) -> None:
    shop.server.script(sent(huge(*size)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(AIGenerationError) as caught:
        await drawn(shop, ai, "4:5")

    assert caught.value.reason == "invalid_output"
    assert "at most 12,000,000 are decoded" in str(caught.value)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # kB


async def test_decoding_does_not_stop_the_loop(shop: Shop, ai: AIService) -> None:
    """While the largest picture is decoded and cut, a task of the same loop goes on."""
    shop.server.script(sent(file_of((3000, 4000), mode="RGBA", color=(1, 2, 3, 4), compress_level=1)))
    turns = 0

    async def turning() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(turning())
    result = await drawn(shop, ai, "4:5")
    task.cancel()

    assert turns > 100
    assert (result.output.width, result.output.height) == (3000, 3750)


async def test_a_fetched_body_is_bounded(shop: Shop, ai: AIService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_address, "MAX_BYTES", 1000)
    shop.server.script(PictureUrl(shop.server.put("1.jpg", CONTENT, content_type="image/jpeg")))

    with pytest.raises(AIGenerationError, match="it holds more than 1,000 bytes"):
        await drawn(shop, ai, "4:5")


def test_a_picture_without_new_fields_is_still_read() -> None:
    """Drafts that an earlier version saved."""
    saved = {"kind": "generated", "url": None, "base64": "iVBORw0KGgo=", "mime_type": "image/png", "width": 9}
    saved |= {"height": 9, "sha256": "0" * 64, "alt_text": "x", "ai_generated": True}

    assert GeneratedImage.model_validate_json(json.dumps(saved)).flags == []
