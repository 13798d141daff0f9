"""The JSON schemas of what goes in and what comes out, for hosts in other languages."""

from pydantic import BaseModel, JsonValue

from ai_service.requests import ContentRequest, ImageRequest, ReplyRequest, StrategyRequest, VideoRequest
from models.brief import Brief
from models.content import Post
from models.image import GeneratedImage
from models.messaging import ReplySuggestion
from models.strategy import CampaignStrategy
from models.video import VideoScript

_INPUTS: tuple[type[BaseModel], ...] = (
    Brief,
    StrategyRequest,
    ContentRequest,
    VideoRequest,
    ReplyRequest,
    ImageRequest,
)
_OUTPUTS: tuple[type[BaseModel], ...] = (CampaignStrategy, Post, VideoScript, ReplySuggestion, GeneratedImage)


def schemas() -> dict[str, dict[str, JsonValue]]:
    """Return `inputs` (the brief and the arguments of each generating function) and `outputs`, by name."""
    return {
        "inputs": {model.__name__: model.model_json_schema(mode="validation") for model in _INPUTS},
        "outputs": {model.__name__: model.model_json_schema(mode="serialization") for model in _OUTPUTS},
    }
