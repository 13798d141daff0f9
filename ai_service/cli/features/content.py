"""The command that writes a post, and its view: cards, side by side if they fit."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

import typer
from rich import box
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from ai_service.cli.options import BriefFile, Business, Campaign, Database, Day, Json, Model, SpendAtMost, User
from ai_service.cli.result_document import answer
from ai_service.cli.target import Target, opened
from ai_service.cli.terminal import Answer, out, run, working
from ai_service.cli.views.text import DIM, ROLE_STYLES, SYMBOLS, lines, long_date, network_name
from ai_service.cli.views.wrapping import wrapped
from ai_service.days import planned_day
from models.content import Post, Published
from models.strategy import CalendarDay
from models.vocabulary import ContentType, Network

_NARROWEST_CARD = 38
_WIDEST_CARD = 76
_FRAME = 4


def content(
    day: Day,
    content_type: Annotated[
        ContentType | None, typer.Option("--type", case_sensitive=False, help="Another format than planned.")
    ] = None,
    network: Annotated[
        list[Network] | None,
        typer.Option(case_sensitive=False, help="Network instead of the planned one; each further one gets a variant."),
    ] = None,
    tag_links: Annotated[bool, typer.Option("--tag-links", help="Put UTM parameters on links.")] = False,
    business: Business = None,
    campaign: Campaign = None,
    brief: BriefFile = None,
    user: User = None,
    spend_at_most: SpendAtMost = None,
    model: Model = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Write the post of a day."""
    target = Target(business, campaign, brief)
    target.check()

    async def work() -> Answer:
        async with opened(model=model, database=database) as ai:
            ids = await target.ids(ai, calendar_needed=True)
            with working(f"Writing the post of day {day}"):
                result = await ai.generate_content(
                    ids.business_id,
                    ids.campaign_id,
                    day,
                    content_type,
                    networks=network or [],
                    tag_links=tag_links,
                    user_id=user,
                    spend_at_most_usd=spend_at_most,
                )
            planned = planned_day(await ai.get_strategy(ids.business_id, ids.campaign_id), day)
        posts = with_variants(result.output, planned)
        return answer(result, ids, cards(posts, width=out().width))

    run(work, database=database, as_json=as_json)


command = content


class DayPost(NamedTuple):
    """A post on one network, with its day."""

    post: Published
    day: CalendarDay


def with_variants(post: Post, day: CalendarDay) -> list[DayPost]:
    """Return a post and its variants, one card each."""
    return [DayPost(published, day) for published in (post, *post.variants)]


def cards(posts: Sequence[DayPost], *, width: int) -> Table:
    """Return the posts side by side if each gets 38 cells, else one below the other."""
    per_row = len(posts) if (width + 1) // len(posts) > _NARROWEST_CARD else 1
    card_width = min((width + 1) // per_row - 1, _WIDEST_CARD)
    grid = Table.grid(padding=(0, 1, 0, 0))
    for start in range(0, len(posts), per_row):
        row = posts[start : start + per_row]
        bodies = [_body(post, card_width - _FRAME) for post in row]
        height = max(len(body.split("\n", allow_blank=True)) for body in bodies)
        grid.add_row(*(_card(post, body, card_width, height) for post, body in zip(row, bodies, strict=True)))
    return grid


def _card(post: DayPost, body: Text, width: int, height: int) -> Panel:
    title = Text(f"Day {post.day.day} · {long_date(post.day.date)}", style="bold default")
    return Panel(
        body, title=title, title_align="left", box=box.ROUNDED, border_style=DIM, width=width, height=height + 2
    )


def _body(post: DayPost, width: int) -> Text:
    """Return the content of a card: format and network, theme, caption, hashtags, script, notices."""
    network = network_name(post.post.network)
    where = Text.assemble(
        f"{SYMBOLS[post.post.content_type]} {post.post.content_type}{' for ' if network else ''}{network}  ",
        (f"{'% ' if post.day.is_promo else ''}{post.day.role}", ROLE_STYLES[post.day.role]),
    )
    parts = [
        where,
        lines(wrapped(post.day.theme, width), f"italic {DIM}"),
        Text(),
        lines(wrapped(post.post.caption, width)),
        Text(),
        lines(wrapped(" ".join(post.post.hashtags), width), "blue"),
    ]
    if isinstance(post.post, Post):
        parts += [Text(), Text(f"Script {'─' * (width - 7)}", style=DIM), lines(wrapped(post.post.script, width))]
    if notices := _notices(post.post):
        parts += [Text(), *(lines(wrapped(f"! {notice}", width), "yellow") for notice in notices)]
    return Text("\n").join(parts)


def _notices(post: Published) -> list[str]:
    """Return the flags, and the measures that missed their targets."""
    flags = [f"{flag.rule_id}: {flag.message}" for flag in post.flags]
    missed = [quality for quality in post.quality if not quality.passed]
    return [*flags, *(f"{quality.name} is {quality.value:g}, not {quality.target:g}" for quality in missed)]
