"""What the sandbox writes: an answer for each kind of task."""

from typing import assert_never

from pydantic import BaseModel, JsonValue, RootModel

from agents.sandbox.document import Asked
from agents.sandbox.setting import setting_of
from agents.sandbox.writer_pillars import write_pillars
from agents.sandbox.writer_post import write_post, write_variant
from agents.sandbox.writer_reply import write_reply
from agents.sandbox.writer_themes import write_themes
from agents.sandbox.writer_video import write_video_script
from deps.tasks import ImageTask, PartsTask, PillarTask, PostTask, ReplyTask, ThemeTask, VariantTask, VideoTask


def write(asked: Asked) -> BaseModel:
    """Return the answer to a question, an instance of its output type, or of the parts of it that are asked for again.

    Raises ValueError for a picture: those are drawn.
    """
    whole = _whole(asked)
    if isinstance(asked.task, PartsTask) and asked.task.rewrite:
        return RootModel[dict[str, JsonValue]](whole.model_dump(include={item.part for item in asked.task.rewrite}))
    return whole


def _whole(asked: Asked) -> BaseModel:
    setting = setting_of(asked)
    match asked.task:
        case PillarTask():
            return write_pillars(setting)
        case ThemeTask() as task:
            return write_themes(setting, task)
        case PostTask() as task:
            return write_post(setting, task)
        case VariantTask() as task:
            return write_variant(setting, task)
        case VideoTask() as task:
            return write_video_script(setting, task)
        case ReplyTask() as task:
            return write_reply(setting, task)
        case ImageTask():
            raise ValueError("a picture is asked of the sandbox's image model, not of its text model")
        case _:
            assert_never(asked.task)
