"""The error of a response that is no answer at all."""

from pydantic_ai.exceptions import ModelAPIError

from models.attempt import AttemptStatus


class ResponseRefused(ModelAPIError):
    """A response that no SDK gets to see. Its message holds no word of the provider's."""

    def __init__(self, reason: str, *, status: AttemptStatus, http_status: int, is_billed: bool = False) -> None:
        super().__init__("?", reason)
        self.status: AttemptStatus = status
        """What the request counts as."""
        self.http_status = http_status
        """The status that the provider sent."""
        self.is_billed = is_billed
        """Whether the provider may have generated something."""


def no_answer(reason: str) -> ResponseRefused:
    """Return the error of a success in which nothing was generated."""
    return ResponseRefused(reason, status="server_error", http_status=200)
