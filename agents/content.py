"""The post of one day, and the same idea for other networks."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from pydantic_ai.models import Model

from agents.ask import ask
from agents.chain import Chain
from agents.parts import PART_RULES
from agents.question import DATA_RULES, WISH_RULES, Question
from agents.side_by_side import side_by_side
from deps.bundle import AgentDeps
from deps.call import Call
from deps.content import CopyTask, PostTask, VariantTask
from deps.tasks import DayTask
from models.content import MAX_CAPTION, Post, PostCopy, Variant, VariantCopy
from models.finishing import Placement, broken_rules, finish, published
from models.links import tagged
from models.rules.room import caption_room, max_hashtags
from models.texts import texts_of
from models.vocabulary import Violation

CopyTaskT = TypeVar("CopyTaskT", PostTask, VariantTask)

_COPY_RULES = """\
- The caption has at most `task.caption_characters` letters, there are at most `task.max_hashtags` hashtags, local and
  particular, with none inside the caption.
- Write no link and no label of advertising: both are put in for you.
- Sell only when `task.day.offer` is there, in its own words.
- End with `task.day.call_to_action` where there is one, and with no second one.
- Use each of `business.required_phrases` word for word in the caption.
"""

INSTRUCTIONS = f"""\
You write one social media post for a small business, on the theme in `task.day.theme`.

{DATA_RULES}
{WISH_RULES}\
- One idea: the theme of the day. Its first line makes a reader stop and makes sense alone, and begins unlike
  `business.past_posts` and `task.openings_nearby`.
- Suit `task.day.content_type` and `task.day.network`. `script` says what is seen and said, shot by shot for a Reel,
  Story or Video, slide by slide for a Carousel, and what the picture shows for a Post or an Image.
{_COPY_RULES}{PART_RULES}"""

VARIANT_INSTRUCTIONS = f"""\
You write the idea of a small business's post, whose caption is `task.idea`, anew for another network.

{DATA_RULES}
{WISH_RULES}\
- The same idea and the same facts as in `task.idea`, in the manner of `task.day.network`: its length, its readers, its
  way of speaking; no copy of the sentences. The first line makes a reader stop and makes sense alone.
{_COPY_RULES}{PART_RULES}"""

POST_QUESTION = Question[PostTask, PostCopy](
    name="content",
    output=PostCopy,
    instructions=INSTRUCTIONS,
    rules=lambda copy, deps: _rules(copy, deps),
    in_parts=True,
)
VARIANT_QUESTION = Question[VariantTask, VariantCopy](
    name="content_variant",
    output=VariantCopy,
    instructions=VARIANT_INSTRUCTIONS,
    rules=lambda copy, deps: _rules(copy, deps),
    in_parts=True,
)


async def write_post(
    deps: AgentDeps[PostTask], *, call: Call, chain: Chain[Model], variants: Sequence[DayTask] = ()
) -> Post:
    """Return the post of a day; `variants` are the same day as further networks take it, written side by side.

    Raises as `agents.ask.ask` does, also when one variant fails.
    """
    deps = _with_room(deps)
    copy = await ask(POST_QUESTION, deps, call=call, chain=chain)

    async def write_variant(deps: AgentDeps[VariantTask]) -> Variant:
        deps = _with_room(deps)
        copy = await ask(VARIANT_QUESTION, deps, call=call, chain=chain)
        return _published(copy, deps, found=VARIANT_QUESTION.broken(copy, deps))

    others = await side_by_side(
        [write_variant(other) for other in _variants(deps, variants, idea=copy.caption[:MAX_CAPTION])]
    )
    published_copy = _published(copy, deps, found=POST_QUESTION.broken(copy, deps))
    return Post(**dict(published_copy), script=copy.script, variants=others)


def post_requests_bytes(deps: AgentDeps[PostTask], variants: Sequence[DayTask]) -> list[int]:
    """Return bounds on the bytes of each question's first request: the post, and its variants."""
    # an idea as long as it may be, of letters that are escaped
    others = _variants(deps, variants, idea="é" * MAX_CAPTION)
    return [
        POST_QUESTION.request_bytes(deps),
        *(VARIANT_QUESTION.request_bytes(other) for other in others),
    ]


def _variants(deps: AgentDeps[PostTask], days: Sequence[DayTask], *, idea: str) -> list[AgentDeps[VariantTask]]:
    shared = {name: getattr(deps.task, name) for name in CopyTask.model_fields}
    tasks = [VariantTask.model_validate({**shared, "day": day, "idea": idea}) for day in days]
    return [AgentDeps(brief=deps.brief, task=task) for task in tasks]


def _with_room(deps: AgentDeps[CopyTaskT]) -> AgentDeps[CopyTaskT]:
    """Return `deps` with what the network takes said in its task."""
    placement = _placement(deps)
    network, added = placement.network, f"{placement.before(deps.brief.business)}\n{placement.after}"
    room = caption_room(network, placement.content_type, deps.brief.business.language, added=added)
    limits = {"caption_characters": room, "max_hashtags": max_hashtags(network)}
    return replace(deps, task=deps.task.model_copy(update=limits))


def _placement(deps: AgentDeps[CopyTaskT]) -> Placement:
    day, links = deps.task.day, deps.brief.business.links
    link = links[0] if links else None
    if link and deps.task.tag_links:
        link = tagged(link, network=day.network, campaign=deps.brief.campaign.name, day=day.day)
    asks = day.call_to_action is not None or day.offer is not None
    return Placement(network=day.network, content_type=day.content_type, link=link, asks=asks)


def _rules(copy: VariantCopy, deps: AgentDeps[CopyTaskT]) -> list[Violation]:
    """Return all rules that a post breaks as it is published."""
    placement = _placement(deps)
    finished = finish(copy, placement, deps.brief.business)
    return broken_rules(finished, placement, deps.brief, supplied=texts_of(deps.task.day).values())


def _published(copy: VariantCopy, deps: AgentDeps[CopyTaskT], *, found: list[Violation]) -> Variant:
    placement, business = _placement(deps), deps.brief.business
    past_posts = [*deps.task.openings_nearby, *business.past_posts]
    finished = finish(copy, placement, business)
    return published(finished, placement, deps.brief, past_posts=past_posts, found=found)
