"""The sandbox's pictures: legible brand cards, in every ratio and script."""

import asyncio
import struct
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image, ImageChops, UnidentifiedImageError
from pydantic_ai import ImageGenerator
from pydantic_ai.exceptions import ContentFilterError, ModelAPIError, ModelHTTPError, UnexpectedModelBehavior

from agents.sandbox.card import Card, draw_card, size_of
from agents.sandbox.image_model import SandboxImageModel
from agents.sandbox.lettering import HEADLINE, SMALL, fit, font_bytes, printable, prints
from agents.sandbox.palette import MIN_CONTRAST, contrast, ink_on, palette_of
from agents.sandbox.reserved import RESERVED_WORDS
from deps.content import PostTask
from deps.image import ImageTask
from models.brief import Brief, BusinessContext, CampaignContext
from models.image import AspectRatio
from tests.sandbox_parts import BAKERY, DENTIST, changed, day_task, document

THEME = "De tout près et sans un mot : charger le four avant l’aube"
LONG = "A theme that goes on and on until no card could ever hold it in letters that anybody reads " * 4
RATIOS: dict[AspectRatio, tuple[int, int]] = {
    "2:3": (1080, 1620),
    "3:2": (1200, 800),
    "4:5": (1080, 1350),
    "9:16": (1080, 1920),
    "1:1": (1080, 1080),
    "16:9": (1280, 720),
}
STATUS = {"server_error": 500, "rate_limited": 429, "rejected": 400, "unauthorized": 401, "quota": 429}
UNREADABLE = ["empty", "malformed", "garbage", "invalid_output"]


def prompt(brief: Brief = BAKERY, *, theme: str = THEME, ratio: AspectRatio = "4:5") -> str:
    day = day_task(theme, brief=brief, call_to_action="Passez nous voir")
    return document(brief, ImageTask(language=brief.business.language, day=day, aspect_ratio=ratio))


def card(
    theme: str = THEME,
    *,
    name: str = "Levain & Fils",
    call_to_action: str = "Passez nous voir",
    ratio: AspectRatio = "4:5",
    colors: list[str] | None = None,
) -> Card:
    business = BusinessContext(name=name, industry="x", tone="x", languages=["fr"], brand_colors=colors or [])
    return Card(business=business, name=name, theme=theme, call_to_action=call_to_action, size=size_of(ratio))


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image.convert("RGB")


def written_on(full: Card, bare: Card) -> tuple[int, int, int, int] | None:
    """Return the bounding box of the pixels that differ, which are the letters."""
    return ImageChops.difference(opened(draw_card(full)), opened(draw_card(bare))).getbbox()


def cmap(name: str) -> set[int]:
    """Return the code points of a font, read from its `cmap` table of format 4."""
    data = font_bytes(name)
    tables = {
        data[at : at + 4]: struct.unpack(">II", data[at + 8 : at + 16])
        for at in range(12, 12 + 16 * struct.unpack(">H", data[4:6])[0], 16)
    }
    start = tables[b"cmap"][0]
    points: set[int] = set()
    for number in range(struct.unpack(">H", data[start + 2 : start + 4])[0]):
        offset = start + struct.unpack(">I", data[start + 8 + 8 * number : start + 12 + 8 * number])[0]
        if struct.unpack(">H", data[offset : offset + 2])[0] != 4:
            continue
        count = struct.unpack(">H", data[offset + 6 : offset + 8])[0] // 2
        ends = struct.unpack(f">{count}H", data[offset + 14 : offset + 14 + 2 * count])
        starts = struct.unpack(f">{count}H", data[offset + 16 + 2 * count : offset + 16 + 4 * count])
        points |= {point for first, last in zip(starts, ends, strict=True) for point in range(first, last + 1)}
    return points - {0xFFFF}


@pytest.mark.parametrize("ratio", RATIOS)
async def test_draws_a_png_of_the_size_asked_for(ratio: AspectRatio):
    result = await SandboxImageModel().generate(prompt(ratio=ratio))

    image = Image.open(BytesIO(result.image.data))
    assert (image.format, image.size) == ("PNG", RATIOS[ratio])
    assert len(result.image.data) < 300_000


async def test_says_that_it_is_a_card_of_the_sandbox():
    result = await SandboxImageModel().generate(prompt())

    assert result.provider_details == {
        "sandbox": True,
        "language": "fr",
        "written_in": "fr",
        "phrase_file": True,
        "kind": "rendered_card",
    }
    assert (result.model_name, result.provider_name) == ("sandbox", "sandbox")
    assert result.usage.input_tokens == -(-len(prompt()) // 4)


async def test_reads_the_document_behind_instructions():
    with_instructions = f"Draw one picture.\n{prompt()}"

    generator = ImageGenerator("sandbox:set at run time")
    with generator.override(model=SandboxImageModel()):
        result = await generator.generate(with_instructions)

    assert result.image.data == (await SandboxImageModel().generate(prompt())).image.data


def test_the_same_card_has_the_same_bytes_and_another_brand_another_look():
    assert draw_card(card()) == draw_card(card())
    assert draw_card(card()) != draw_card(card(name="Au Bon Pain"))


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("theme", [THEME, LONG, "Incomprehensibilities" * 6, "Oui"])
def test_letters_stand_in_the_central_80_percent(theme: str, ratio: AspectRatio):
    width, height = RATIOS[ratio]
    full = card(theme, ratio=ratio)

    box = written_on(full, replace(full, name="", call_to_action=""))

    assert box is not None
    left, top, right, bottom = box
    assert left >= 0.095 * width
    assert right <= 0.905 * width
    assert top >= 0.095 * height
    assert bottom <= 0.905 * height


def test_ink_can_be_read_on_every_background():
    for level in range(0, 256, 15):
        for background in ((level, level, level), (level, 128, 60), (200, level, 90), (30, 120, level)):
            assert contrast(ink_on(background), background) >= MIN_CONTRAST


def test_contrast_follows_wcag():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colors", [[], ["#777777"], ["#c9a227", "#f5efe6"], ["#101010"], ["#fefefe", "#123456"]])
def test_a_palette_is_the_brands_own_or_decided_by_its_name(colors: list[str]):
    palette = palette_of(card(colors=colors).business)

    assert contrast(palette.ink, palette.background) >= MIN_CONTRAST
    assert not colors or palette.background == tuple(bytes.fromhex(colors[0][1:]))
    assert len({palette.background, *palette.shapes}) >= 3


def test_every_name_has_a_readable_palette():
    palettes = [palette_of(card(name=f"Brand {letter}").business) for letter in "abcdefghijklmnopqrstuvwxyz"]

    assert all(contrast(palette.ink, palette.background) >= MIN_CONTRAST for palette in palettes)
    assert len({palette.background for palette in palettes}) >= 5


@pytest.mark.parametrize("name", [HEADLINE, SMALL])
def test_a_font_prints_what_its_cmap_holds(name: str):
    known = cmap(name)

    for character in "aéœŁşğΩЖяїё’«…–€→あ的ا한ह😀★":
        assert prints(name, character) is (ord(character) in known)


@pytest.mark.parametrize("text", ["ラーメンの季節", "قهوة الصباح", "맛있는 빵", "दाल मखनी"])
def test_a_script_that_the_fonts_lack_leaves_no_boxes(text: str):
    assert printable(HEADLINE, text) == ""


def test_words_that_can_be_printed_stay():
    assert printable(HEADLINE, "Kumo Ramen 雲") == "Kumo Ramen"
    assert printable(HEADLINE, "Зимові шини: коли?") == "Зимові шини: коли?"
    assert printable(HEADLINE, "Ramen 季節の新しいラーメン") == ""


def test_a_card_falls_back_to_its_name_and_then_to_its_motif():
    named = draw_card(card("ラーメンの季節", name="Kumo Ramen"))
    bare = draw_card(card("ラーメンの季節", name="雲ラーメン"))

    assert opened(named).size == opened(bare).size == (1080, 1350)
    assert named != bare


def test_a_call_to_action_that_cannot_be_printed_is_left_out():
    assert draw_card(card(call_to_action="ご予約はこちら")) == draw_card(card(call_to_action=""))


def test_text_too_long_for_its_box_ends_with_an_ellipsis():
    lines = fit(HEADLINE, LONG, width=400, height=120, largest=60, smallest=30)

    assert lines.texts[-1].endswith("…")
    assert lines.height <= 120


def test_marks_that_stand_alone_stay_with_their_word():
    lines = fit(HEADLINE, "« Grigne » : un mot ?", width=220, height=400, largest=48, smallest=20)

    assert not any(line.startswith(("»", ":", "?")) or line.endswith("«") for line in lines.texts)


async def test_a_banned_theme_is_not_printed():
    result = await SandboxImageModel().generate(prompt(changed(BAKERY, banned_phrases=["four"])))

    assert opened(result.image.data).size == (1080, 1350)


async def test_only_a_picture_can_be_asked_for():
    task = PostTask(language="fr", day=day_task(THEME))

    with pytest.raises(ModelHTTPError, match="a text is asked"):
        await SandboxImageModel().generate(document(BAKERY, task))
    with pytest.raises(ModelHTTPError, match="is not its JSON document"):
        await SandboxImageModel().generate("a cat")


def with_note(word: str) -> str:
    return prompt(Brief(business=DENTIST.business, campaign=CampaignContext(notes=word)))


@pytest.mark.parametrize("word", STATUS)
async def test_http_errors_have_no_category(word: str):
    with pytest.raises(ModelHTTPError) as caught:
        await SandboxImageModel().generate(with_note(f"sandbox:{word}"))

    assert type(caught.value) is ModelHTTPError
    assert caught.value.status_code == STATUS[word]
    assert (caught.value.retry_after is not None) is (word == "rate_limited")


@pytest.mark.parametrize("word", UNREADABLE)
async def test_an_unreadable_success_is_unexpected(word: str):
    with pytest.raises(UnexpectedModelBehavior):
        await SandboxImageModel().generate(with_note(f"sandbox:{word}"))


async def test_a_lost_connection_is_a_plain_api_error():
    with pytest.raises(ModelAPIError) as caught:
        await SandboxImageModel().generate(with_note("sandbox:connection"))

    assert type(caught.value) is ModelAPIError


@pytest.mark.parametrize("word", ["content_filter", "refusal"])
async def test_a_blocked_picture_is_a_content_filter_error(word: str):
    with pytest.raises(ContentFilterError):
        await SandboxImageModel().generate(with_note(f"sandbox:{word}"))


async def test_a_truncated_picture_cannot_be_opened():
    result = await SandboxImageModel().generate(with_note("sandbox:truncated"))

    with pytest.raises((OSError, UnidentifiedImageError)):
        opened(result.image.data)


async def test_a_timeout_hangs_until_it_is_cancelled():
    waiting = asyncio.create_task(SandboxImageModel().generate(with_note("sandbox:timeout")))
    for _ in range(100):  # turns of the event loop, more than an answer takes
        await asyncio.sleep(0)
    assert not waiting.done()

    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_once_fails_the_first_request_and_draws_at_the_next():
    model = SandboxImageModel()
    with pytest.raises(ModelHTTPError):
        await model.generate(with_note("sandbox:server_error:once"))

    result = await model.generate(with_note("sandbox:server_error:once"))

    assert result.image.data


def test_every_reserved_word_is_tested_here():
    tried = {*STATUS, *UNREADABLE, "connection", "content_filter", "refusal", "truncated", "timeout"}

    assert {f"sandbox:{word}" for word in tried} == RESERVED_WORDS.keys()
