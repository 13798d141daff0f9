"""What a server of a model takes, where it isn't what the model's name promises."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

TokenLimit = Literal["max_completion_tokens", "max_tokens"]
AnswerFormat = Literal["json_schema", "json_object", "text"]


class ServerProfile(BaseModel):
    """What the server of one model takes.

    None: it is worked out from the model's name and address, and learned where that is wrong.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    token_limit: TokenLimit | None = None
    """The name of the token limit in chat completions."""
    answer_format: AnswerFormat | None = None
    """The form of the answer that is asked for: by its schema, as any JSON object, or not at all. The last two put the
    schema into the instructions."""
