"""A video script: its parts with the seconds they take."""

from itertools import accumulate

from rich.table import Table
from rich.text import Text

from ai_service.cli.views.text import DIM, facts_table, plain
from models.video import VideoScript

_WIDEST_TEXT = 76


def script(video: VideoScript, *, duration_s: int) -> Table:
    """Return the parts of a script, each with its share of the duration by the length of its text."""
    parts = {"Hook": video.hook, "Body": video.body, "Call to action": video.cta}
    spoken = sum(map(len, parts.values()))
    table = facts_table()
    table.add_column("Seconds", justify="right", no_wrap=True)
    table.add_column("Part", no_wrap=True)
    table.add_column("Spoken", max_width=_WIDEST_TEXT)
    ends = [round(duration_s * said / spoken) for said in accumulate(map(len, parts.values()))]
    for start, end, (name, text) in zip([0, *ends], ends, parts.items(), strict=False):
        table.add_row(Text(f"{start}–{end}", style=DIM), name, plain(text))
        table.add_section()
    return table
