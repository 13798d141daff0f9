"""Answers of the Images API."""

from base64 import b64encode
from io import BytesIO

from PIL import Image

from tests.provider.reactions import ImageTokens, Picture, PictureText, PictureUrl
from tests.provider.received import JsonObject

_COLOR = "#aabbcc"


def images_body(reply: Picture | PictureText | PictureUrl, *, created: int, size: str) -> JsonObject:
    """Return an images response with one picture."""
    match reply:
        case Picture():
            text = b64encode(picture_bytes(reply, size=size)).decode()
            body: JsonObject = {"created": created, "data": [{"b64_json": text}]}
            return body if reply.tokens is None else {**body, "usage": _usage(reply.tokens)}
        case PictureText(text):
            return {"created": created, "data": [{"b64_json": text}], "usage": _usage(ImageTokens())}
        case PictureUrl(url):
            return {"created": created, "data": [{"url": url}], "usage": _usage(ImageTokens())}


def picture_bytes(picture: Picture, *, size: str = "1024x1024") -> bytes:
    """Return the file of `picture`; `size` is the one that was asked for."""
    file = BytesIO()
    width, height = map(int, size.split("x"))
    with Image.new("RGB", (picture.width or width, picture.height or height), _COLOR) as image:
        image.save(file, picture.format)
    return file.getvalue()


def _usage(tokens: ImageTokens) -> JsonObject:
    inputs, outputs = tokens.text_input + tokens.image_input, tokens.text_output + tokens.image_output
    return {
        "input_tokens": inputs,
        "input_tokens_details": {"text_tokens": tokens.text_input, "image_tokens": tokens.image_input},
        "output_tokens": outputs,
        "output_tokens_details": {"text_tokens": tokens.text_output, "image_tokens": tokens.image_output},
        "total_tokens": inputs + outputs,
    }
