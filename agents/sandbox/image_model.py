"""The sandbox as an image model: it draws a brand card."""

from collections.abc import Sequence
from typing import NoReturn

import anyio
from pydantic_ai.exceptions import ContentFilterError, ModelAPIError, ModelHTTPError, UnexpectedModelBehavior
from pydantic_ai.images import (
    GeneratedImage,
    ImageGenerationInput,
    ImageGenerationModel,
    ImageGenerationResult,
    ImageGenerationSettings,
)
from pydantic_ai.messages import BinaryImage
from pydantic_ai.usage import RequestUsage

from agents.sandbox.card import Card, draw_card
from agents.sandbox.document import Asked, read_document
from agents.sandbox.model import details_of, tokens_in
from agents.sandbox.reserved import Failures, error_body, headers_of
from agents.sandbox.writers import write_card

_DOCUMENT_START = '{"task":'
_KIND = {"kind": "rendered_card"}
_STATUS = {
    "server_error": (500, "server_error"),
    "rate_limited": (429, "rate_limit_exceeded"),
    "rejected": (400, "invalid_request_error"),
    "unauthorized": (401, "invalid_api_key"),
    "quota": (429, "insufficient_quota"),
}
_UNREADABLE = {
    "empty": "the response did not contain any images",
    "malformed": "the response did not contain valid base64 image data",
    "garbage": "the response did not contain a recognized image format",
    "invalid_output": "the response did not contain base64 image data",
}


class SandboxImageModel(ImageGenerationModel):
    """A deterministic drawer of cards: the same question, the same bytes, without any network."""

    def __init__(self) -> None:
        super().__init__()
        self._failures = Failures()

    @property
    def model_name(self) -> str:
        """The model's name."""
        return "sandbox"

    @property
    def system(self) -> str:
        """The provider's name."""
        return "sandbox"

    async def generate(
        self,
        prompt: str,
        *,
        images: Sequence[ImageGenerationInput] | None = None,
        settings: ImageGenerationSettings | None = None,
    ) -> ImageGenerationResult:
        """Draw the card that the document in `prompt` asks for, or fail in the way that a reserved word asks for."""
        prompt, _, _ = self.prepare_generate(prompt, images=images, settings=settings)
        document = prompt[max(prompt.find(_DOCUMENT_START), 0) :]
        word = self._failures.asked_for(document)
        if word == "timeout":
            await anyio.sleep_forever()
        if word and word != "truncated":
            self._fail(word)
        asked, card = self._read(document)
        content = draw_card(card)
        return ImageGenerationResult(
            images=[
                GeneratedImage(
                    content=BinaryImage(
                        data=content[: len(content) // 2] if word == "truncated" else content,
                        media_type="image/png",
                    ),
                    output_format="png",
                    provider_details=dict(_KIND),
                )
            ],
            prompt=prompt,
            usage=RequestUsage(input_tokens=tokens_in(prompt)),
            model_name=self.model_name,
            provider_name=self.system,
            provider_details={**details_of(asked), **_KIND},
        )

    def _read(self, document: str) -> tuple[Asked, Card]:
        try:
            asked = read_document(document, attempt=0)
            return asked, write_card(asked)
        except ValueError as error:
            raise ModelHTTPError(400, self.model_name, {"message": str(error)}) from error

    def _fail(self, word: str) -> NoReturn:
        """Raise what PydanticAI's image models raise: HTTP errors without a category, and an unreadable success."""
        if word in _STATUS:
            status, code = _STATUS[word]
            raise ModelHTTPError(status, self.model_name, error_body(code), headers=headers_of(word))
        if word in _UNREADABLE:
            raise UnexpectedModelBehavior(_UNREADABLE[word])
        if word == "connection":
            raise ModelAPIError(self.model_name, "Connection error.")
        raise ContentFilterError("the picture was blocked for content moderation")
