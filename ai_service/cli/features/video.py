"""The command that writes a video script, and its view: spoken parts with their seconds, and shots."""

from itertools import accumulate
from typing import Annotated

import typer
from rich.console import Group
from rich.table import Table
from rich.text import Text

from ai_service.cli.options import BriefFile, Business, Campaign, Database, Day, Json, Model, SpendAtMost, User
from ai_service.cli.result_document import answer
from ai_service.cli.target import Target, opened
from ai_service.cli.terminal import Answer, out, run, working
from ai_service.cli.views.text import DIM, facts_table, lines
from ai_service.cli.views.wrapping import wrapped
from models.video import VideoScript

_WIDEST_TEXT = 76
_OTHER_COLUMNS = len("Seconds  Call to action  ")


def video(
    day: Day,
    duration_s: Annotated[int, typer.Option("--seconds", metavar="N", help="Length, 6 to 180.")] = 30,
    business: Business = None,
    campaign: Campaign = None,
    brief: BriefFile = None,
    user: User = None,
    spend_at_most: SpendAtMost = None,
    model: Model = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Write the script of a short video for a day."""
    target = Target(business, campaign, brief)
    target.check()

    async def work() -> Answer:
        async with opened(model=model, database=database) as ai:
            ids = await target.ids(ai, calendar_needed=True)
            with working(f"Writing the video script of day {day}"):
                result = await ai.generate_video_script(
                    ids.business_id, ids.campaign_id, day, duration_s, user_id=user, spend_at_most_usd=spend_at_most
                )
        return answer(result, ids, script(result.output, width=out().width))

    run(work, database=database, as_json=as_json)


command = video


def script(video: VideoScript, *, width: int) -> Group:
    """Return the spoken parts with their seconds, the shots, the advertising label, and the notices."""
    text_width = min(width - _OTHER_COLUMNS, _WIDEST_TEXT)
    table = _spoken(video, text_width)
    shown = [f"Text on screen, from the first second: {video.on_screen}"] if video.on_screen else []
    seen = [*shown, *(f"{number}. {shot}" for number, shot in enumerate(video.shots, 1))]
    table.add_row(Text(), "Shots", lines(line for text in seen for line in wrapped(text, text_width)))
    notices = [f"! {notice}" for notice in _notices(video)]
    return Group(table, *(lines(wrapped(notice, width), "yellow") for notice in notices))


def _spoken(video: VideoScript, text_width: int) -> Table:
    table = facts_table()
    table.add_column("Seconds", justify="right", no_wrap=True)
    table.add_column("Part", no_wrap=True)
    table.add_column("Spoken")
    parts = {"Hook": video.hook, "Body": video.body, "Call to action": video.cta}
    ends = [round(end) for end in accumulate((video.seconds.hook, video.seconds.body, video.seconds.cta))]
    for start, end, (name, text) in zip([0, *ends], ends, parts.items(), strict=False):
        table.add_row(Text(f"{start}–{end}", style=DIM), name, lines(wrapped(text, text_width)))
        table.add_section()
    return table


def _notices(video: VideoScript) -> list[str]:
    """Return the flags, and the measures that missed their targets."""
    flags = [f"{flag.rule_id}: {flag.message}" for flag in video.flags]
    missed = [quality for quality in video.quality if not quality.passed]
    return [*flags, *(f"{quality.name} is {quality.value:g}, not {quality.target:g}" for quality in missed)]
