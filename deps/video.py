"""The task of the video feature."""

from typing import Literal

from deps.tasks import DayTask, PartsTask


class VideoTask(PartsTask):
    """Write the video script of a day."""

    kind: Literal["video_script"] = "video_script"
    day: DayTask
    duration_s: int
    """Seconds the whole script takes to speak."""
    length: int
    """What fits into it, counted in `length_unit`."""
    length_unit: Literal["words", "characters"]
    """Characters, where a language has no spaces or a syllable in each character."""
    hook_length: int
    """The most that a hook of three seconds has, in the same unit."""
