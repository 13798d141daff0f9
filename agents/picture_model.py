"""OpenAI's Images API as compatible servers speak it: base64 in any spelling, or the address of the picture."""

import re
from typing import Any

from openai.types.images_response import ImagesResponse
from pydantic_ai.images import ImageGenerationResult
from pydantic_ai.images.openai import OpenAIImageGenerationModel
from pydantic_ai.messages import BinaryImage

ADDRESS = "address"
"""The detail of a picture that came as its address."""

_DATA_URI = re.compile(r"\s*data:[^,]{0,200},", re.I)
_STANDARD = str.maketrans("-_", "+/", " \t\r\n")
_NOT_SENT = "iVBORw0KGgo="
"""Stands for a picture that is still to be fetched: the framework takes no answer without bytes."""


class PictureModel(OpenAIImageGenerationModel):
    """OpenAI's image model, and the models of compatible servers."""

    def _map_response(self, prompt: str, response: ImagesResponse) -> ImageGenerationResult:
        # `Any`: a server may send anything in the place of a text
        addresses: list[Any] = []
        for image in response.data or []:
            url = image.url if not image.b64_json else None
            is_address = isinstance(url, str) and not _DATA_URI.match(url)
            addresses.append(url if is_address else None)
            image.b64_json = _NOT_SENT if is_address else standard_base64(image.b64_json or url)
        result = super()._map_response(prompt, response)
        for image, address in zip(result.images, addresses, strict=True):
            if address:
                image.content = BinaryImage(data=b"", media_type="image/png")
                image.provider_details = {ADDRESS: address}
        return result


def standard_base64(text: str | None) -> str | None:
    """Return base64 as the standard spells it: without line breaks, `-` and `_`, or the head of a data URI."""
    if not isinstance(text, str):
        return text
    bare = _DATA_URI.sub("", text, count=1).translate(_STANDARD).rstrip("=")
    return bare + "=" * (-len(bare) % 4)
