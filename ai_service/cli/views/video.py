"""A video script: its parts with the seconds they take."""

from rich.table import Table
from rich.text import Text

from ai_service.cli.views.text import DIM, facts_table, plain
from models.video import VideoScript


def script(video: VideoScript, *, duration_s: int) -> Table:
    """Return the parts of a script, each with its share of the duration by the length of its text."""
    parts = {"Hook": video.hook, "Body": video.body, "Call to action": video.cta}
    spoken = sum(map(len, parts.values()))
    table = facts_table()
    for heading in ("Seconds", "Part", "Spoken"):
        table.add_column(heading)
    start = 0
    said = 0
    for name, text in parts.items():
        said += len(text)
        end = round(duration_s * said / spoken)
        table.add_row(Text(f"{start}–{end} s", style=DIM), name, plain(text))
        table.add_section()
        start = end
    return table
