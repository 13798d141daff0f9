"""The commands that generate: a calendar, a post, a video script, a reply, a picture."""

from pathlib import Path
from typing import Annotated

import typer

from ai_service.cli.answers import answer
from ai_service.cli.opening import Target, opened
from ai_service.cli.options import BriefFile, Business, Campaign, Database, Day, Json, Model, User
from ai_service.cli.output import Answer, out, run, working
from ai_service.cli.pictures import check_path, save_picture
from ai_service.cli.views import content as content_view
from ai_service.cli.views import image as image_view
from ai_service.cli.views import messaging as messaging_view
from ai_service.cli.views import strategy as strategy_view
from ai_service.cli.views import video as video_view
from ai_service.days import planned_day
from ai_service.settings import SANDBOX
from models.image import AspectRatio
from models.messaging import Channel
from models.vocabulary import ContentType, Network


def strategy(
    business: Business = None,
    campaign: Campaign = None,
    brief: BriefFile = None,
    user: User = None,
    model: Model = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Write a calendar of 30 days."""
    target = Target(business, campaign, brief)
    target.check()

    async def work() -> Answer:
        async with opened(model=model, database=database) as ai:
            ids = await target.ids(ai, calendar_needed=False)
            with working("Writing the calendar"):
                result = await ai.generate_strategy(ids.business_id, ids.campaign_id, user_id=user)
        return answer(result, ids, strategy_view.calendar(result.output, width=out().width))

    run(work, database=database, as_json=as_json)


def content(
    day: Day,
    content_type: Annotated[
        ContentType | None, typer.Option("--type", case_sensitive=False, help="Another format than planned.")
    ] = None,
    network: Annotated[
        list[Network] | None, typer.Option(help="Where it goes instead of as planned; a variant for each further.")
    ] = None,
    tag_links: Annotated[bool, typer.Option("--tag-links", help="Put UTM parameters on links.")] = False,
    business: Business = None,
    campaign: Campaign = None,
    brief: BriefFile = None,
    user: User = None,
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
                )
            planned = planned_day(await ai.get_strategy(ids.campaign_id), day)
        posts = content_view.with_variants(result.output, planned)
        return answer(result, ids, content_view.cards(posts, width=out().width))

    run(work, database=database, as_json=as_json)


def video(
    day: Day,
    duration_s: Annotated[int, typer.Option("--seconds", metavar="N", help="Length, 6 to 180.")] = 30,
    business: Business = None,
    campaign: Campaign = None,
    brief: BriefFile = None,
    user: User = None,
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
                result = await ai.generate_video_script(ids.business_id, ids.campaign_id, day, duration_s, user_id=user)
        return answer(result, ids, video_view.script(result.output, width=out().width))

    run(work, database=database, as_json=as_json)


def reply(
    message: Annotated[str, typer.Argument(help="What the customer wrote.")],
    channel: Annotated[Channel | None, typer.Option(help="Where the customer wrote.")] = None,
    customer: Annotated[str | None, typer.Option(metavar="ID", help="Who wrote, for the books.")] = None,
    business: Business = None,
    campaign: Campaign = None,
    brief: BriefFile = None,
    user: User = None,
    model: Model = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Suggest a reply to a customer."""
    target = Target(business, campaign, brief)
    target.check(campaign_needed=False)

    async def work() -> Answer:
        async with opened(model=model, database=database) as ai:
            ids = await target.ids(ai, calendar_needed=False)
            with working("Writing the reply"):
                result = await ai.suggest_reply(
                    ids.business_id,
                    message,
                    campaign_id=ids.campaign_id or None,
                    channel=channel,
                    customer_id=customer,
                    user_id=user,
                )
        return answer(result, ids, messaging_view.chat(message, result.output, width=out().width))

    run(work, database=database, as_json=as_json)


def image(
    day: Day,
    aspect_ratio: Annotated[
        AspectRatio | None, typer.Option("--ratio", help="Width before height. Default: what suits the day's format.")
    ] = None,
    to_file: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="File to write. Default: day-N.png, unless --json.")
    ] = None,
    business: Business = None,
    campaign: Campaign = None,
    brief: BriefFile = None,
    user: User = None,
    model: Annotated[
        str | None, typer.Option(metavar="PROVIDER:MODEL", help="Image model, e.g. openai:gpt-image-2 or sandbox.")
    ] = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Draw the picture of a day."""
    target = Target(business, campaign, brief)
    target.check()

    async def work() -> Answer:
        path = to_file or (None if as_json else Path(f"day-{day}"))
        if path:
            check_path(path)
        async with opened(model=SANDBOX if model == SANDBOX else None, image_model=model, database=database) as ai:
            ids = await target.ids(ai, calendar_needed=True)
            with working(f"Drawing the picture of day {day}"):
                result = await ai.generate_image(
                    ids.business_id, ids.campaign_id, day, aspect_ratio=aspect_ratio, user_id=user
                )
        saved = save_picture(result.output, path) if path else None
        return answer(result, ids, image_view.picture(result.output, path=saved), path=saved)

    run(work, database=database, as_json=as_json)
