"""What the sandbox writes: an answer for each kind of task."""

from typing import assert_never

from pydantic import BaseModel

from agents.sandbox.document import Asked
from agents.sandbox.setting import setting_of
from agents.sandbox.writer_pillars import write_pillars
from agents.sandbox.writer_post import write_post
from agents.sandbox.writer_reply import write_reply
from agents.sandbox.writer_themes import write_themes
from agents.sandbox.writer_video import write_video_script
from deps.tasks import ImageTask, PillarTask, PostTask, ReplyTask, ThemeTask, VideoTask


def write(asked: Asked) -> BaseModel:
    """Return the answer to a question, an instance of its output type.

    Raises ValueError for a picture: those are drawn.
    """
    setting = setting_of(asked)
    match asked.task:
        case PillarTask():
            return write_pillars(setting)
        case ThemeTask() as task:
            return write_themes(setting, task)
        case PostTask() as task:
            return write_post(setting, task)
        case VideoTask() as task:
            return write_video_script(setting, task)
        case ReplyTask() as task:
            return write_reply(setting, task)
        case ImageTask():
            raise ValueError("a picture is asked of the sandbox's image model, not of its text model")
        case _:
            assert_never(asked.task)
