from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from models.base import Output
from models.content import PostCopy, VariantCopy
from models.image import GeneratedImage
from models.messaging import ReplyCopy
from models.strategy import PillarSet, ThemeSlice
from models.video import VideoCopy

WRITTEN_BY_A_MODEL: list[type[Output]] = [PillarSet, ThemeSlice, PostCopy, VariantCopy, VideoCopy, ReplyCopy]

IMAGE = {
    "kind": "rendered_card",
    "url": None,
    "base64": "iVBORw0KGgo=",
    "mime_type": "image/png",
    "width": 1080,
    "height": 1350,
    "sha256": "0" * 64,
    "alt_text": "A card with the day's theme",
    "ai_generated": True,
}


# Any: a JSON schema nests without bound
def objects_of(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [part for part in [schema, *schema.get("$defs", {}).values()] if part.get("type") == "object"]


@pytest.mark.parametrize("output", WRITTEN_BY_A_MODEL)
def test_what_a_model_fills_in_has_only_required_fields_and_no_others(output: type[Output]) -> None:
    for part in objects_of(TypeAdapter(output).json_schema()):
        assert part["required"] == list(part["properties"])
        assert part["additionalProperties"] is False


@pytest.mark.parametrize("output", WRITTEN_BY_A_MODEL)
def test_what_a_model_fills_in_is_described_to_it(output: type[Output]) -> None:
    parts = objects_of(TypeAdapter(output).json_schema())

    assert [name for part in parts for name, field in part["properties"].items() if "description" not in field] == []


def test_a_picture_is_not_printed_with_its_bytes() -> None:
    assert "iVBORw0KGgo" not in repr(GeneratedImage.model_validate(IMAGE))


@pytest.mark.parametrize(
    ("written", "hashtag"),
    [
        ("#levain", "#levain"),
        ("levain", "#levain"),
        (" #Levain ", "#Levain"),
        ("pain au levain", "#PainAuLevain"),
        ("#pain-chaud", "#PainChaud"),
        ("#été", "#été"),
        ("#パン", "#パン"),
        ("#1erMai", "#1erMai"),
    ],
)
def test_a_hashtag_of_certain_meaning_is_accepted(written: str, hashtag: str) -> None:
    assert PostCopy(caption="Bread", hashtags=[written], script="A loaf").hashtags == [hashtag]


@pytest.mark.parametrize("hashtags", [["#"], ["!"], [""], [5], []])
def test_a_post_has_one_to_five_well_formed_hashtags(hashtags: list[Any]) -> None:
    with pytest.raises(ValidationError, match="hashtags"):
        PostCopy(caption="Bread", hashtags=hashtags, script="A loaf")
