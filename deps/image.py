"""The task of the image feature."""

from typing import Literal

from deps.tasks import DayTask, Task
from models.image import AspectRatio


class ImageTask(Task):
    """Draw the picture of a day."""

    kind: Literal["image"] = "image"
    day: DayTask
    aspect_ratio: AspectRatio
