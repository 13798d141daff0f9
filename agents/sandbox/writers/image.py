"""Draws the sandbox's pictures: the text on the card of a day."""

from agents.sandbox.card import Card, size_of
from agents.sandbox.setting import Setting
from agents.sandbox.wording import shorten
from deps.image import ImageTask

_MAX_THEME = 200


def write_card(setting: Setting, task: ImageTask) -> Card:
    """Return the card of a day; what the brief bans is left out."""
    day = task.day
    return Card(
        business=setting.brief.business,
        name=setting.name,
        theme="" if setting.unwanted(day.theme) else shorten(day.theme, _MAX_THEME),
        call_to_action="" if setting.unwanted(day.call_to_action or "") else day.call_to_action or "",
        size=size_of(task.aspect_ratio),
    )


WRITERS = {ImageTask: write_card}
