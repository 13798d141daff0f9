"""A video script: its parts with the seconds they take."""

from itertools import accumulate

from rich.table import Table
from rich.text import Text

from ai_service.cli.views.text import DIM, facts_table, lines
from ai_service.cli.views.wrapping import wrapped
from models.video import VideoScript

_WIDEST_TEXT = 76
_OTHER_COLUMNS = len("Seconds  Call to action  ")


def script(video: VideoScript, *, duration_s: int, width: int) -> Table:
    """Return the parts of a script, each with its share of the duration by the length of its text."""
    parts = {"Hook": video.hook, "Body": video.body, "Call to action": video.cta}
    spoken = sum(map(len, parts.values()))
    table = facts_table()
    table.add_column("Seconds", justify="right", no_wrap=True)
    table.add_column("Part", no_wrap=True)
    table.add_column("Spoken")
    text_width = min(width - _OTHER_COLUMNS, _WIDEST_TEXT)
    ends = [round(duration_s * said / spoken) for said in accumulate(map(len, parts.values()))]
    for start, end, (name, text) in zip([0, *ends], ends, parts.items(), strict=False):
        table.add_row(Text(f"{start}–{end}", style=DIM), name, lines(wrapped(text, text_width)))
        table.add_section()
    return table
