"""What each feature does with a checked request, inside one call: load, write, save."""

from agents import content, image, messaging, video
from agents.ask import first_request_bytes
from agents.strategy import strategy_requests_bytes, write_strategy
from ai_service.briefs import refuse_clashes
from ai_service.contexts import load_brief, load_business, load_campaign, load_day, warnings_of
from ai_service.days import for_network, ratio_of, video_task
from ai_service.drafts import openings_nearby, save
from ai_service.errors import InvalidRequest, Problem
from ai_service.requests import ContentRequest, ImageRequest, ReplyRequest, StrategyRequest, VideoRequest
from ai_service.result import AIResult
from ai_service.runtime import Runtime
from ai_service.spending import reserve_worst_case
from deps.bundle import AgentDeps
from deps.call import Call
from deps.suspicion import suspicious
from deps.tasks import ImageTask, PostTask, ReplyTask
from models.brief import Brief, CampaignContext
from models.content import Post
from models.image import GeneratedImage
from models.messaging import ReplyCopy, ReplySuggestion
from models.publishing import blocking
from models.skeleton import plan_days
from models.strategy import CampaignStrategy
from models.texts import texts_of
from models.video import VideoCopy, VideoScript
from models.vocabulary import Feature


async def make_strategy(runtime: Runtime, request: StrategyRequest, call: Call) -> AIResult[CampaignStrategy]:
    """Plan thirty days in code, have their themes written, save the calendar."""
    brief = await load_brief(runtime, request, call)
    try:
        plan = plan_days(brief, today=call.now().date())
    except ValueError as error:
        raise InvalidRequest([Problem("campaign", str(error), "change the brief")]) from error
    chain = await runtime.text_models(Feature.STRATEGY)
    await reserve_worst_case(runtime, call, chain, requests_bytes=strategy_requests_bytes(brief, plan))
    strategy = await write_strategy(brief, campaign_id=request.campaign_id, plan=plan, call=call, chain=chain)
    return await save(runtime, call, strategy, business=brief.business)


async def make_post(runtime: Runtime, request: ContentRequest, call: Call) -> AIResult[Post]:
    """Write the post of a planned day."""
    day = await load_day(runtime, request, call, request.content_type)
    refuse_clashes(day.brief.business)
    wanted = [for_network(day.task, network) for network in request.networks] or [day.task]
    task = PostTask(
        language=day.brief.business.language,
        day=wanted[0],
        tag_links=request.tag_links,
        openings_nearby=await openings_nearby(runtime, request.campaign_id, day=request.day),
    )
    deps = AgentDeps(brief=day.brief, task=task)
    chain = await runtime.text_models(Feature.CONTENT)
    sizes = content.post_requests_bytes(deps, wanted[1:])
    await reserve_worst_case(runtime, call, chain, requests_bytes=sizes)
    post = await content.write_post(deps, call=call, chain=chain, variants=wanted[1:])
    return await save(runtime, call, post, business=day.brief.business, day=wanted[0], notes=day.notes)


async def make_video_script(runtime: Runtime, request: VideoRequest, call: Call) -> AIResult[VideoScript]:
    """Write the video script of a planned day."""
    day = await load_day(runtime, request, call)
    task = video_task(day.task, language=day.brief.business.language, duration_s=request.duration_s)
    deps = AgentDeps(brief=day.brief, task=task)
    chain = await runtime.text_models(Feature.VIDEO)
    size = first_request_bytes(deps, instructions=video.INSTRUCTIONS, output=VideoCopy)
    await reserve_worst_case(runtime, call, chain, requests_bytes=[size])
    script = await video.write_video_script(deps, call=call, chain=chain)
    return await save(runtime, call, script, business=day.brief.business, day=day.task, notes=day.notes)


async def make_reply(runtime: Runtime, request: ReplyRequest, call: Call) -> AIResult[ReplySuggestion]:
    """Draft a reply to a customer.

    Also where the channel's window has closed: a person can send it as a template, or once the customer has written
    again. That is flagged and noted, and such a reply is never `auto_sendable`.
    """
    business = await load_business(runtime, request.business_id)
    campaign_id = request.campaign_id
    campaign = await load_campaign(runtime, request.business_id, campaign_id) if campaign_id else CampaignContext()
    brief = Brief(business=business, campaign=campaign)
    task = ReplyTask(
        language=business.language,
        customer_message=request.customer_message,
        channel=request.channel,
        thread=request.thread,
        last_customer_message_at=request.last_customer_message_at,
    )
    call.input_warnings = warnings_of(brief) + suspicious(texts_of(task))
    deps = AgentDeps(brief=brief, task=task)
    chain = await runtime.text_models(Feature.MESSAGING)
    size = first_request_bytes(deps, instructions=messaging.INSTRUCTIONS, output=ReplyCopy)
    await reserve_worst_case(runtime, call, chain, requests_bytes=[size])
    reply = await messaging.write_reply(deps, call=call, chain=chain)
    notes = [f"{request.channel} does not take it now: {flag.message}" for flag in blocking(reply.flags)]
    return await save(runtime, call, reply, business=business, notes=notes)


async def make_image(runtime: Runtime, request: ImageRequest, call: Call) -> AIResult[GeneratedImage]:
    """Draw the picture of a planned day."""
    day = await load_day(runtime, request, call)
    ratio = request.aspect_ratio or ratio_of(day.task.content_type)
    task = ImageTask(language=day.brief.business.language, day=day.task, aspect_ratio=ratio)
    deps = AgentDeps(brief=day.brief, task=task)
    chain = runtime.image_models()
    size = first_request_bytes(deps, instructions=image.INSTRUCTIONS, output=GeneratedImage)
    await reserve_worst_case(runtime, call, chain, requests_bytes=[size])
    picture = await image.draw_image(deps, call=call, chain=chain)
    return await save(runtime, call, picture, business=day.brief.business, day=day.task, notes=day.notes)
